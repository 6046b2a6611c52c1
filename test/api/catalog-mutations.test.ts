import { randomUUID } from 'node:crypto';
import { toGlobalId } from '../../src/domain/global-id';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { auditOf } from '../kit/components';
import { describeImages, emptyCatalog, importContent, lifecycles, machineOf } from './catalog-kit';

let api: TestApi;
let operator: TestAccount;
let operatorMachine: string;
let account: TestAccount;
let machine: string;

beforeAll(async () => {
  api = await startApi();
  operator = await api.account({ operator: true });
  operatorMachine = await operator.tokenWith('INFRASTRUCTURE');
});
afterAll(() => api.close());
beforeEach(async () => {
  await emptyCatalog(api.dataSource);
  account = await api.account();
  machine = await account.tokenWith('INFRASTRUCTURE');
});

const SELECTIONS: Record<string, string> = {
  createCloud: 'cloud { name displayName cloudType region description public }',
  setImageLifecycle: 'cloudImage { id lifecycle availability replacement { id } }',
  shareCloudImage: 'cloudImage { id }',
};

const ask = (token: string, name: string, input: object) => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  return api.request(
    token,
    `mutation($input: ${type}!) { ${name}(input: $input) { ${SELECTIONS[name]} userErrors { code message path } } }`,
    { input },
  );
};

async function done(token: string, name: string, input: object): Promise<Data> {
  const answer = await ask(token, name, input);
  expect([answer.errors, answer.data?.[name].userErrors]).toEqual([undefined, []]);
  return answer.data[name];
}

/** The code and path of the one refusal. */
async function refused(token: string, name: string, input: object): Promise<string> {
  const answer = await ask(token, name, input);
  expect(answer.errors).toBeUndefined();
  expect(answer.data[name].userErrors).toHaveLength(1);
  const [{ code, path }] = answer.data[name].userErrors;
  return `${code} ${path.join('.')}`;
}

const forbidden = async (token: string, name: string, input: object): Promise<string | undefined> =>
  (await ask(token, name, input)).errors?.[0]?.extensions.code;

/** Imports images of these uids and gives their global ids; private ones for an account. */
async function importImages(
  uids: readonly string[],
  owner: TestAccount | null,
  region = 'eu-west-1',
): Promise<string[]> {
  const content = describeImages(uids.map((ImageId) => ({ ImageId })));
  const principal = owner === null ? undefined : machineOf(owner.key);
  await importContent(api.dataSource, content, 'AWS_DESCRIBE_IMAGES', { region }, principal);
  const rows: { id: string }[] = await api.dataSource.query(
    `SELECT image.id FROM unnest($1::text[]) WITH ORDINALITY AS uid(uid, position)
     JOIN cloud_images AS image ON image.resource_uid = uid.uid AND image.owner_account_id IS NOT DISTINCT FROM $2::uuid
     ORDER BY uid.position`,
    [uids, owner?.key ?? null],
  );
  return rows.map(({ id }) => toGlobalId('CloudImage', id));
}

const sees = async (viewer: TestAccount, id: string | undefined): Promise<boolean> =>
  (await viewer.query('query($id: ID!) { cloudImage(id: $id) { id } }', { id })).cloudImage !== null;

describe('createCloud', () => {
  const lab = { cloudType: 'openstack', region: 'lab', name: 'Lab' };

  test('R-2.1: an admin creates a private cloud, which only its account sees', async () => {
    const { cloud } = await done(account.token, 'createCloud', { ...lab, description: 'In the cellar.' });
    expect(cloud).toEqual({ ...lab, displayName: 'Lab', description: 'In the cellar.', public: false });
    const seen = async (viewer: TestAccount) =>
      (await viewer.query('{ clouds { edges { node { name } } } }')).clouds.edges.length;
    expect([await seen(account), await seen(operator)]).toEqual([1, 0]);
    expect(await auditOf(account)).toEqual([
      {
        action: 'cloud.create',
        changes: { ...lab, displayName: 'Lab', description: 'In the cellar.', public: false },
      },
    ]);
  });

  test("R-2.3: only the operator's infrastructure token creates public clouds", async () => {
    const input = { ...lab, public: true };
    expect(await forbidden(account.token, 'createCloud', input)).toBe('FORBIDDEN');
    expect(await forbidden(operator.token, 'createCloud', input)).toBe('FORBIDDEN');
    expect(await forbidden(operatorMachine, 'createCloud', lab)).toBe('FORBIDDEN');
    expect(await refused(machine, 'createCloud', input)).toBe('INVALID input.public');
    expect((await done(operatorMachine, 'createCloud', input)).cloud.public).toBe(true);
    expect((await account.query('{ clouds { edges { node { name } } } }')).clouds.edges).toHaveLength(1);
  });

  test('one cloud per type and region; another account has its own', async () => {
    await done(account.token, 'createCloud', lab);
    expect(await refused(account.token, 'createCloud', { ...lab, name: 'Again' })).toBe(
      'INVALID input.region',
    );
    await done((await api.account()).token, 'createCloud', lab);
    await done(operatorMachine, 'createCloud', { ...lab, public: true });
    expect(await refused(account.token, 'createCloud', { ...lab, name: ' ' })).toBe('INVALID input.name');
    expect(await refused(account.token, 'createCloud', { ...lab, cloudType: '' })).toBe(
      'INVALID input.cloudType',
    );
  });

  test('R-3.3: a private cloud beside a public one of the same type and region is refused, naming the public one', async () => {
    await done(operatorMachine, 'createCloud', { ...lab, name: 'Everybody', public: true });
    const answer = await api.request(
      account.token,
      'mutation($input: CreateCloudInput!) { createCloud(input: $input) { userErrors { code path message } } }',
      { input: { ...lab, cloudType: lab.cloudType.toUpperCase() } },
    );
    expect(answer.data.createCloud.userErrors).toEqual([
      {
        code: 'INVALID',
        path: ['input', 'region'],
        message: expect.stringContaining('"Everybody"') as string,
      },
    ]);
  });

  test('R-3.3: upper and lower case make no other cloud type', async () => {
    const { cloud } = await done(account.token, 'createCloud', { ...lab, cloudType: 'OpenStack' });
    expect(cloud.cloudType).toBe('openstack');
    expect(await refused(account.token, 'createCloud', { ...lab, cloudType: 'OPENSTACK' })).toBe(
      'INVALID input.region',
    );
  });
});

describe('setImageLifecycle', () => {
  test('R-3.1: an actor sets the lifecycle of a private image; imports leave it until it is AVAILABLE again', async () => {
    const [imageId, replacementId] = await importImages(['ami-1', 'ami-2'], account);
    const set = (lifecycle: string, more = {}) =>
      done(account.token, 'setImageLifecycle', { imageId, lifecycle, ...more });
    expect((await set('OBSOLETE')).cloudImage).toEqual({
      id: imageId,
      lifecycle: 'OBSOLETE',
      availability: 'UNAVAILABLE',
      replacement: null,
    });
    await importImages(['ami-1'], account);
    expect((await lifecycles(api.dataSource))['ami-1']).toBe('OBSOLETE');
    expect((await set('DEPRECATED', { replacementId })).cloudImage).toEqual({
      id: imageId,
      lifecycle: 'DEPRECATED',
      availability: 'AVAILABLE',
      replacement: { id: replacementId },
    });
    expect((await set('DEPRECATED')).cloudImage.replacement).toEqual({ id: replacementId });
    expect((await set('AVAILABLE')).cloudImage).toMatchObject({ lifecycle: 'AVAILABLE', replacement: null });
    const held: unknown = await api.dataSource.query(
      'SELECT DISTINCT lifecycle_held AS held FROM cloud_images',
    );
    expect(held).toEqual([{ held: false }]);
    // the second DEPRECATED changed nothing.
    expect(
      (await auditOf(account)).filter(({ action }) => action === 'cloudImage.setLifecycle'),
    ).toHaveLength(3);
  });

  test("R-2.3: public images are the operator's machines', private ones their account's", async () => {
    const [publicImage] = await importImages(['ami-1'], null);
    const [privateImage] = await importImages(['ami-2'], account);
    const input = (imageId: string | undefined) => ({ imageId, lifecycle: 'OBSOLETE' });
    for (const token of [account.token, machine, operator.token])
      expect(await refused(token, 'setImageLifecycle', input(publicImage))).toBe(
        'NOT_EDITABLE input.imageId',
      );
    expect(await refused(machine, 'setImageLifecycle', input(privateImage))).toBe(
      'NOT_EDITABLE input.imageId',
    );
    expect(await refused(operatorMachine, 'setImageLifecycle', input(privateImage))).toBe(
      'NOT_FOUND input.imageId',
    );
    const observer = await account.tokenWith('OBSERVER');
    expect(await forbidden(observer, 'setImageLifecycle', input(privateImage))).toBe('FORBIDDEN');
    expect(await lifecycles(api.dataSource)).toEqual({ 'ami-1': 'AVAILABLE', 'ami-2': 'AVAILABLE' });
    await done(operatorMachine, 'setImageLifecycle', input(publicImage));
    expect((await lifecycles(api.dataSource))['ami-1']).toBe('OBSOLETE');
  });

  test('a replacement is another visible image of the same cloud, and only of a DEPRECATED one', async () => {
    const [imageId, other] = await importImages(['ami-1', 'ami-2'], account);
    const [elsewhere] = await importImages(['ami-3'], account, 'us-east-1');
    const [theirs] = await importImages(['ami-4'], await api.account());
    const set = (lifecycle: string, replacementId: string | undefined) =>
      refused(account.token, 'setImageLifecycle', { imageId, lifecycle, replacementId });
    expect(await set('OBSOLETE', other)).toBe('INVALID input.replacementId');
    expect(await set('DEPRECATED', imageId)).toBe('INVALID input.replacementId');
    expect(await set('DEPRECATED', elsewhere)).toBe('INVALID input.replacementId');
    expect(await set('DEPRECATED', theirs)).toBe('NOT_FOUND input.replacementId');
    expect(await set('DEPRECATED', 'nonsense')).toBe('INVALID input.replacementId');
    const [publicImage] = await importImages(['ami-5'], null);
    const [operators] = await importImages(['ami-6'], operator);
    const input = { imageId: publicImage, lifecycle: 'DEPRECATED', replacementId: operators };
    expect(await refused(operatorMachine, 'setImageLifecycle', input)).toBe('INVALID input.replacementId');
    expect(new Set(Object.values(await lifecycles(api.dataSource)))).toEqual(new Set(['AVAILABLE']));
  });
});

describe('shareCloudImage', () => {
  test('R-3.2: an actor shares a private image with accounts, and ends that', async () => {
    // The cloud is a public one.
    await importImages(['ami-0'], null);
    const [imageId] = await importImages(['ami-1'], account);
    const other = await api.account();
    const third = await api.account();
    await done(account.token, 'shareCloudImage', { imageId, addAccountIds: [other.id, other.id] });
    expect([await sees(other, imageId), await sees(third, imageId)]).toEqual([true, false]);
    await done(account.token, 'shareCloudImage', { imageId, addAccountIds: [other.id] });
    await done(account.token, 'shareCloudImage', {
      imageId,
      addAccountIds: [third.id],
      removeAccountIds: [other.id],
    });
    expect([await sees(other, imageId), await sees(third, imageId)]).toEqual([false, true]);
    const shares = (await auditOf(account)).filter(({ action }) => action === 'cloudImage.share');
    expect(shares.map(({ changes }) => changes)).toEqual([
      { added: [other.key], removed: [] },
      { added: [third.key], removed: [other.key] },
    ]);
  });

  test('only the own private images, only with accounts that exist', async () => {
    const [publicImage] = await importImages(['ami-2'], null);
    const [imageId] = await importImages(['ami-1'], account);
    const other = await api.account();
    const share = (token: string, input: object) => refused(token, 'shareCloudImage', input);
    expect(await share(other.token, { imageId, addAccountIds: [operator.id] })).toBe(
      'NOT_FOUND input.imageId',
    );
    await done(account.token, 'shareCloudImage', { imageId, addAccountIds: [other.id] });
    expect(await share(other.token, { imageId, addAccountIds: [operator.id] })).toBe(
      'NOT_EDITABLE input.imageId',
    );
    expect(await share(account.token, { imageId: publicImage, addAccountIds: [other.id] })).toBe(
      'NOT_EDITABLE input.imageId',
    );
    const unknown = toGlobalId('Account', randomUUID());
    expect(await share(account.token, { imageId, addAccountIds: [operator.id, unknown] })).toBe(
      'NOT_FOUND input.addAccountIds',
    );
    expect(await share(account.token, { imageId, addAccountIds: [account.id] })).toBe(
      'INVALID input.addAccountIds',
    );
    expect(
      await share(account.token, { imageId, addAccountIds: [other.id], removeAccountIds: [other.id] }),
    ).toBe('INVALID input.removeAccountIds');
    const many = Array.from({ length: 101 }, () => toGlobalId('Account', randomUUID()));
    expect(await share(account.token, { imageId, addAccountIds: many })).toBe(
      'LIMIT_EXCEEDED input.addAccountIds',
    );
    expect(await forbidden(machine, 'shareCloudImage', { imageId })).toBe('FORBIDDEN');
    expect([await sees(operator, imageId), await sees(other, imageId)]).toEqual([false, true]);
  });
});
