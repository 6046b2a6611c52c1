import { randomUUID } from 'node:crypto';
import { Membership } from '../../src/entities/access/user';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog } from '../kit/catalog';
import { done, run } from '../kit/components';
import { statementsDuring } from '../kit/statements';

let api: TestApi;
let catalog: TestCatalog;
let account: TestAccount;

beforeAll(async () => {
  api = await startApi();
  catalog = new TestCatalog(api.dataSource);
});
beforeEach(async () => {
  account = await api.account();
});
afterAll(() => api.close());

const onlyError = (payload: Data) => {
  expect(payload.userErrors).toHaveLength(1);
  return payload.userErrors[0];
};

describe('what other accounts may learn (R-2.2)', () => {
  test('R-3.2 an image of a private cloud can’t be shared: nobody else sees that cloud', async () => {
    const other = await api.account();
    const { image } = await catalog.place({
      cloud: { accountId: account.key },
      image: { ownerAccountId: account.key },
    });
    const { shareCloudImage } = await account.query(
      `mutation ($input: ShareCloudImageInput!) { shareCloudImage(input: $input) { userErrors { code message path } } }`,
      { input: { imageId: image.id, addAccountIds: [other.id] } },
    );
    expect(onlyError(shareCloudImage)).toMatchObject({ code: 'NOT_EDITABLE', path: ['input', 'imageId'] });
    expect(
      (await other.query('{ cloudImages(filter: { visibility: PRIVATE }) { totalCount } }')).cloudImages
        .totalCount,
    ).toBe(0);
  });

  test('R-10.1 an account’s tags show only in that account, and one without a role there isn’t listed', async () => {
    const other = await api.account();
    const third = await api.account();
    const membership = { userId: account.userKey, name: 'Guest', createdAt: new Date() };
    await api.dataSource.manager.insert(Membership, {
      ...membership,
      accountId: other.key,
      roles: ['OBSERVER'],
    });
    await api.dataSource.manager.insert(Membership, { ...membership, accountId: third.key, roles: [] });
    for (const owner of [account, other])
      await done(owner, 'addTags', { id: owner.id, tags: ['secret:plan=merger'] });
    const { viewer } = await account.query('{ viewer { accounts { account { id tags } } } }');
    expect(new Map(viewer.accounts.map((each: Data) => [each.account.id, each.account.tags]))).toEqual(
      new Map([
        [account.id, ['secret:plan=merger']],
        [other.id, []],
      ]),
    );
  });

  test('R-3.2 an image that isn’t visible any more is UNAVAILABLE, also when it is gone: only its uid is told', async () => {
    const owner = await api.account();
    const place = await catalog.place({ image: { ownerAccountId: owner.key } });
    await catalog.share(place.image, account.key);
    const mci = await done(account, 'createMultiCloudImage', { name: 'shared', settings: [place.setting] });
    await api.dataSource.query('DELETE FROM cloud_image_shares WHERE cloud_image_id = $1', [place.image.key]);
    await catalog.updateImage(place.image, { lifecycle: 'DELETED' });
    const { multiCloudImage } = await account.query(
      'query ($id: ID!) { multiCloudImage(id: $id) { settings { imageAvailability imageResourceUid image { id } advisories { code } } } }',
      { id: mci.id },
    );
    expect(multiCloudImage.settings).toEqual([
      {
        imageAvailability: 'UNAVAILABLE',
        imageResourceUid: place.image.resourceUid,
        image: null,
        advisories: [{ code: 'IMAGE_UNAVAILABLE' }],
      },
    ]);
  });
});

test('R-3.4 a replacement that is gone itself is not recommended', async () => {
  const place = await catalog.place({ image: { lifecycle: 'DEPRECATED' } });
  const replacement = await catalog.image(place.cloud, { name: 'the newer one' });
  await catalog.updateImage(place.image, { replacementId: replacement.key });
  const mci = await done(account, 'createMultiCloudImage', { name: 'dated', settings: [place.setting] });
  const messages = async () => {
    const answer = await account.query(
      'query ($id: ID!) { multiCloudImage(id: $id) { advisories { code message } } }',
      {
        id: mci.id,
      },
    );
    return answer.multiCloudImage.advisories;
  };
  expect(await messages()).toEqual([
    { code: 'IMAGE_DEPRECATED', message: expect.stringContaining('the newer one') },
  ]);
  await catalog.updateImage(replacement, { lifecycle: 'DELETED' });
  expect(await messages()).toEqual([
    { code: 'IMAGE_DEPRECATED', message: expect.not.stringContaining('the newer one') },
  ]);
});

test.each(['kernelImageId', 'ramdiskImageId'])(
  'R-4.1 the architecture of the %s must be one that the type runs, too',
  async (field) => {
    const place = await catalog.place();
    const imageType = field === 'kernelImageId' ? 'KERNEL' : 'RAMDISK';
    const foreign = await catalog.image(place.cloud, { imageType, cpuArchitecture: 'arm64' });
    const settings = [{ ...place.setting, [field]: foreign.id }];
    const refused = onlyError(await run(account, 'createMultiCloudImage', { name: 'mixed', settings }));
    expect(refused).toMatchObject({
      code: 'INCOMPATIBLE_ARCHITECTURE',
      path: ['input', 'settings', '0', 'instanceTypeId'],
    });
    expect((await account.query('{ multiCloudImages { totalCount } }')).multiCloudImages.totalCount).toBe(0);
  },
);

test('R-10.1 a tag is bounded in bytes, as its index is', async () => {
  const random = (length: number) =>
    Array.from({ length }, () => String.fromCodePoint(0x4e00 + Math.floor(Math.random() * 20_000))).join('');
  const fits = await done(account, 'createMultiCloudImage', { name: 'tagged', tags: [random(341)] });
  expect(fits.tags).toHaveLength(1);
  const refused = onlyError(
    await run(account, 'createMultiCloudImage', { name: 'tagged', tags: [random(342)] }),
  );
  expect(refused).toMatchObject({
    code: 'INVALID',
    message: 'A tag has 1 to 1024 bytes of UTF-8; this one has 1026.',
  });
});

describe('references of a gateway', () => {
  const ask = (representations: unknown[]) =>
    api.request(
      account.token,
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename ... on CloudImage { resourceUid } } }',
      { representations },
    );

  test('what is no reference is the client’s mistake, by its place in the list', async () => {
    const { image } = await catalog.place();
    for (const wrong of [
      5,
      { id: 'x' },
      { __typename: 'Nope' },
      { __typename: 'Query' },
      { __typename: {} },
    ]) {
      const answer = await ask([{ __typename: 'CloudImage', id: image.id }, wrong]);
      expect(answer.errors).toMatchObject([
        {
          message: expect.stringContaining('`representations.1` must be an object'),
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ]);
    }
  });

  test('keys of the wrong kind find nothing, and harm no other reference', async () => {
    const { image } = await catalog.place();
    const answer = await ask([
      { __typename: 'CloudImage', id: image.id },
      { __typename: 'CloudImage', cloudType: ['a'], region: 'r', resourceUid: 'u' },
      { __typename: 'MultiCloudImage', lineageId: { toString: 1 }, revision: 1 },
      { __typename: 'MultiCloudImage', lineageId: randomUUID(), revision: 2 ** 40 },
      { __typename: 'Cloud' },
    ]);
    expect(answer.errors).toBeUndefined();
    expect(answer.data._entities).toEqual([
      { __typename: 'CloudImage', resourceUid: image.resourceUid },
      null,
      null,
      null,
      null,
    ]);
  });

  test('at most 1,000 in one request', async () => {
    const answer = await ask(Array.from({ length: 1001 }, () => ({ __typename: 'Cloud', id: 'x' })));
    expect(answer.errors?.map(({ message, extensions }) => [message, extensions])).toEqual([
      [
        '`representations` holds 1001 references; at most 1000 are allowed.',
        { code: 'BAD_USER_INPUT', limit: 1000, actual: 1001 },
      ],
    ]);
  });
});

test('too many errors in the variables are the client’s mistake, too', async () => {
  const answer = await api.request(account.token, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
    ids: Array.from({ length: 60 }, () => null),
  });
  expect(answer.status).toBe(400);
  expect(new Set(answer.errors?.map((error) => error.extensions.code))).toEqual(new Set(['BAD_USER_INPUT']));
});

test('nodes of one type are read by one statement, however many', async () => {
  for (let index = 0; index < 12; index += 1)
    await done(account, 'createMultiCloudImage', { name: `mci ${index}` });
  const { auditEntries } = await account.query('{ auditEntries(first: 12) { edges { node { id } } } }');
  const ids = auditEntries.edges.map((edge: Data) => edge.node.id);
  const counts = [];
  // Changes are left to the resolvers (ADR 16).
  const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on AuditEntry { changes } } }';
  for (const count of [2, 12]) {
    const statements = await statementsDuring(() => account.query(query, { ids: ids.slice(0, count) }));
    counts.push(statements.length);
  }
  expect(counts[0]).toBe(counts[1]);
});
