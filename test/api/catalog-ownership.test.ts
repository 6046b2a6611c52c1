import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import {
  catalogRows,
  countOf,
  csv,
  describeImages,
  emptyCatalog,
  images,
  importFile,
  lifecycles,
} from './catalog-kit';

let api: TestApi;
let operator: TestAccount;
let operatorToken: string;
let mine: TestAccount;
let myToken: string;

beforeAll(async () => {
  api = await startApi();
  operator = await api.account({ operator: true });
  operatorToken = await operator.tokenWith('INFRASTRUCTURE');
});
afterAll(() => api.close());
beforeEach(async () => {
  await emptyCatalog(api.dataSource);
  mine = await api.account();
  myToken = await mine.tokenWith('INFRASTRUCTURE');
});

const IMPORT = `mutation($input: ImportCatalogInput!) { importCatalog(input: $input) {
  report { created updated unchanged withdrawn refusedCount refused { row reason } cloudsCreated sources }
  userErrors { __typename code message path } } }`;

async function importAs(token: string, input: object): Promise<Data> {
  const answer = await api.request(token, IMPORT, { input });
  expect(answer.errors).toBeUndefined();
  return answer.data.importCatalog;
}

const listing = (list: readonly object[], more: object = {}) => ({
  format: 'AWS_DESCRIBE_IMAGES',
  region: 'eu-west-1',
  content: describeImages(list),
  ...more,
});

/** The image of this uid as an account sees it. */
async function seenBy(account: TestAccount, resourceUid: string): Promise<Data> {
  const data = await account.query(
    `query($resourceUid: String) { cloudImage(cloudType: "amazon", region: "eu-west-1", resourceUid: $resourceUid) {
      name visibility availability lifecycle cloud { name public } } }`,
    { resourceUid },
  );
  return data.cloudImage;
}

describe('R-2.3: who writes what', () => {
  test('an infrastructure token of the operator feeds the public catalog, which every account sees', async () => {
    const { report, userErrors } = await importAs(
      operatorToken,
      listing([{ ImageId: 'ami-1', Name: 'public one' }]),
    );
    expect(userErrors).toEqual([]);
    expect(report).toEqual({
      created: 1,
      updated: 0,
      unchanged: 0,
      withdrawn: 0,
      refusedCount: 0,
      refused: [],
      cloudsCreated: ['AWS eu-west-1'],
      sources: ['describe-images:123456789012:eu-west-1'],
    });
    expect(await seenBy(mine, 'ami-1')).toEqual({
      name: 'public one',
      visibility: 'PUBLIC',
      availability: 'AVAILABLE',
      lifecycle: 'AVAILABLE',
      cloud: { name: 'AWS eu-west-1', public: true },
    });
  });

  test("another account's infrastructure token can't touch a public row: the same listing becomes its private rows", async () => {
    await importAs(operatorToken, listing([{ ImageId: 'ami-1', Name: 'public one' }, { ImageId: 'ami-2' }]));
    const before = await images(api.dataSource, 'image.owner_account_id IS NULL');
    const rowsBefore = await catalogRows(api.dataSource);
    const { report } = await importAs(
      myToken,
      listing([{ ImageId: 'ami-1', Name: 'mine' }], { complete: true }),
    );
    expect(report).toMatchObject({ created: 1, updated: 0, withdrawn: 0, cloudsCreated: [] });
    expect(await images(api.dataSource, 'image.owner_account_id IS NULL')).toEqual(before);
    expect(JSON.stringify(await catalogRows(api.dataSource))).toContain(
      JSON.stringify((rowsBefore as object[][])[0]?.[0]),
    );
    expect(await seenBy(mine, 'ami-1')).toMatchObject({
      name: 'mine',
      visibility: 'PRIVATE',
      cloud: { public: true },
    });
    expect(await seenBy(operator, 'ami-1')).toMatchObject({ name: 'public one', visibility: 'PUBLIC' });
  });

  test("one account's private image neither blocks nor reveals itself to another's with the same uid", async () => {
    const other = await api.account();
    const otherToken = await other.tokenWith('INFRASTRUCTURE');
    const third = await api.account();
    const first = await importAs(myToken, listing([{ ImageId: 'ami-1', Name: 'mine' }], { complete: true }));
    const second = await importAs(
      otherToken,
      listing([{ ImageId: 'ami-1', Name: 'theirs' }], { complete: true }),
    );
    expect(second.report).toEqual(first.report);
    expect(await seenBy(mine, 'ami-1')).toMatchObject({ name: 'mine', visibility: 'PRIVATE' });
    expect(await seenBy(other, 'ami-1')).toMatchObject({ name: 'theirs', visibility: 'PRIVATE' });
    expect(await seenBy(third, 'ami-1')).toBeNull();
    const { report } = await importAs(otherToken, listing([{ ImageId: 'ami-2' }], { complete: true }));
    expect(report).toMatchObject({ created: 1, withdrawn: 1 });
    expect(await seenBy(mine, 'ami-1')).toMatchObject({ lifecycle: 'AVAILABLE' });
    expect(await seenBy(other, 'ami-1')).toMatchObject({ lifecycle: 'DELETED', availability: 'INVALID' });
  });

  test('private rows land in the own private cloud if there is one, else in the public one, else in a new private one', async () => {
    const content = (uid: string) =>
      csv([{ cloud_type: 'openstack', region: 'lab', resource_uid: uid, name: 'n' }]);
    const { report } = await importAs(myToken, { format: 'CSV', content: content('own') });
    expect(report.cloudsCreated).toEqual(['OpenStack lab']);
    const other = await api.account();
    expect((await other.query('{ clouds { edges { node { name } } } }')).clouds.edges).toEqual([]);
    await importAs(operatorToken, { format: 'CSV', content: content('public') });
    await importAs(myToken, { format: 'CSV', content: content('own-too') });
    await importAs(await other.tokenWith('INFRASTRUCTURE'), { format: 'CSV', content: content('theirs') });
    const clouds: unknown = await api.dataSource.query(
      `SELECT image.resource_uid AS uid, cloud.account_id AS cloud_owner FROM cloud_images AS image
       JOIN clouds AS cloud ON cloud.id = image.cloud_id ORDER BY 1`,
    );
    expect(clouds).toEqual([
      { uid: 'own', cloud_owner: mine.key },
      { uid: 'own-too', cloud_owner: mine.key },
      { uid: 'public', cloud_owner: null },
      { uid: 'theirs', cloud_owner: null },
    ]);
  });

  test('an image that is not public is refused for the public catalog, with the cure, and lands for its account', async () => {
    const content = listing([{ ImageId: 'ami-1', Public: false }, { ImageId: 'ami-2' }]);
    const { report } = await importAs(operatorToken, content);
    expect(report).toMatchObject({ created: 1, refusedCount: 1, refused: [{ row: 'Images[0]' }] });
    expect(report.refused[0].reason).toContain('infrastructure token of the account that owns it');
    expect((await importAs(myToken, content)).report).toMatchObject({ created: 2, refusedCount: 0 });
  });

  test('without the role INFRASTRUCTURE nothing is imported', async () => {
    const before = await countOf(api.dataSource, 'audit_entries');
    for (const [token, code] of [
      [mine.token, 'FORBIDDEN'],
      [operator.token, 'FORBIDDEN'],
      [null, 'UNAUTHENTICATED'],
    ] as const) {
      const answer = await api.request(token, IMPORT, { input: listing([{ ImageId: 'ami-1' }]) });
      expect(answer.errors?.[0]?.extensions.code).toBe(code);
    }
    expect([
      await countOf(api.dataSource, 'cloud_images'),
      await countOf(api.dataSource, 'audit_entries'),
    ]).toEqual([0, before]);
  });
});

describe('R-3.3: importCatalog', () => {
  test('a refused listing is a userError that names the field; a dry run changes nothing', async () => {
    const wrong = await importAs(operatorToken, { format: 'COREOS_STREAM', content: '{"Images": []}' });
    expect(wrong.report).toBeNull();
    expect(wrong.userErrors).toEqual([
      {
        __typename: 'ValidationError',
        code: 'INVALID',
        path: ['input', 'content'],
        message: expect.stringContaining('--format AWS_DESCRIBE_IMAGES') as string,
      },
    ]);
    const noRegion = await importAs(operatorToken, {
      format: 'AWS_DESCRIBE_IMAGES',
      content: '{"Images": []}',
    });
    expect(noRegion.userErrors).toMatchObject([{ path: ['input', 'region'] }]);
    expect(
      (await importAs(operatorToken, listing([{ ImageId: 'ami-1' }], { dryRun: true }))).report.created,
    ).toBe(1);
    expect([await countOf(api.dataSource, 'cloud_images'), await countOf(api.dataSource, 'clouds')]).toEqual([
      0, 0,
    ]);
  });

  test('R-2.4: the audit entry is of the account that imported', async () => {
    await importAs(myToken, listing([{ ImageId: 'ami-1' }]));
    await importAs(myToken, listing([{ ImageId: 'ami-1' }]));
    const { auditEntries } = await mine.query('{ auditEntries { edges { node { action actor changes } } } }');
    expect(auditEntries.edges).toEqual([
      {
        node: {
          action: 'catalog.import',
          actor: 'test',
          changes: expect.objectContaining({
            created: 1,
            sources: ['describe-images:123456789012:eu-west-1'],
          }) as object,
        },
      },
    ]);
  });

  test('R-3.4: a DeprecationTime that has passed reads as DEPRECATED', async () => {
    await importAs(
      operatorToken,
      listing([
        { ImageId: 'ami-past', DeprecationTime: '2020-01-01T00:00:00.000Z' },
        { ImageId: 'ami-future', DeprecationTime: '9000-01-01T00:00:00.000Z' },
      ]),
    );
    expect(await seenBy(mine, 'ami-past')).toMatchObject({
      lifecycle: 'DEPRECATED',
      availability: 'AVAILABLE',
    });
    expect(await seenBy(mine, 'ami-future')).toMatchObject({ lifecycle: 'AVAILABLE' });
  });

  test('a MultiCloud Image on the images of 2025-09-04 still resolves READY after newer files, with IMAGE_DEPRECATED and the replacement', async () => {
    await importFile(api.dataSource, 'fcos/stable-2025-09-04.json', 'COREOS_STREAM', { complete: true });
    await importFile(
      api.dataSource,
      'aws/instance-type-offerings-us-east-1.json',
      'AWS_INSTANCE_TYPE_OFFERINGS',
      { complete: true },
    );
    const data = await mine.query(`{
      cloud(cloudType: "amazon", region: "us-east-1") { id }
      cloudImage(cloudType: "amazon", region: "us-east-1", resourceUid: "ami-0f040794ae0c6531d") { id }
      federated: _entities(representations: [{ __typename: "InstanceType", cloudType: "amazon", region: "us-east-1", resourceUid: "m5.large" }]) {
        ... on InstanceType { id } } }`);
    const cloudId: string = data.cloud.id;
    const setting = {
      cloudId,
      imageId: data.cloudImage.id,
      instanceTypeId: data.federated[0].id,
    };
    const made = await mine.query(
      `mutation($input: CreateMultiCloudImageInput!) { createMultiCloudImage(input: $input) { multiCloudImage { id } userErrors { message } } }`,
      { input: { name: 'base', settings: [setting] } },
    );
    const template = await mine.query(
      `mutation($input: CreateServerTemplateInput!) { createServerTemplate(input: $input) { serverTemplate { id } userErrors { message } } }`,
      { input: { name: 'web', multiCloudImageIds: [made.createMultiCloudImage.multiCloudImage.id] } },
    );
    await importFile(api.dataSource, 'fcos/stable.json', 'COREOS_STREAM', { complete: true });
    const { resolveLaunch } = await mine.query(
      `query($input: ResolveLaunchInput!) { resolveLaunch(input: $input) { status
         image { resourceUid value { lifecycle replacement { resourceUid } } } advisories { code severity message } } }`,
      { input: { cloudId, serverTemplateId: template.createServerTemplate.serverTemplate.id } },
    );
    expect(resolveLaunch).toMatchObject({
      status: 'READY',
      image: {
        resourceUid: 'ami-0f040794ae0c6531d',
        value: { lifecycle: 'DEPRECATED', replacement: { resourceUid: 'ami-01695f9dc8000aeb8' } },
      },
    });
    const advisory = resolveLaunch.advisories.find(({ code }: Data) => code === 'IMAGE_DEPRECATED');
    expect(advisory).toMatchObject({ severity: 'WARNING' });
    expect(advisory.message).toContain('fedora-coreos-44.20260707.3.1-x86_64');
    expect(await lifecycles(api.dataSource, `image.resource_uid = 'ami-0f040794ae0c6531d'`)).toEqual({
      'ami-0f040794ae0c6531d': 'DEPRECATED -> ami-01695f9dc8000aeb8',
    });
  });
});
