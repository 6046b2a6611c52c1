import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { done } from '../kit/components';
import { diff, mergePreview } from '../kit/differences';
import { statementsDuring } from '../kit/statements';
import { clone, commit } from '../kit/version-control';

/**
 * Diff and merge preview read in one transaction that can't write, with a number of statements that doesn't grow with
 * the settings.
 */

const FEW = 5;
const MANY = 500;

let api: TestApi;

beforeAll(async () => {
  // Nothing that runs in a transaction may ask for a second connection.
  api = await startApi({}, 1);
});
afterAll(() => api.close());

/** Two MCIs of one origin: theirs has another image for each cloud, ours other user data for every second one. */
async function twoSides(count: number): Promise<{ account: TestAccount; ours: Data; theirs: Data }> {
  const account = await api.account();
  const head = await done(account, 'createMultiCloudImage', { name: 'origin' });
  await insertSettings(account, head, count);
  const theirs = await clone(account, 'MultiCloudImage', await commit(account, 'MultiCloudImage', head));
  const key = (component: Data): string => component.id.slice(4);
  await api.dataSource.query(
    `UPDATE multi_cloud_image_settings AS setting SET image_id = image.id
     FROM cloud_images AS image
     WHERE setting.multi_cloud_image_id = $1 AND image.cloud_id = setting.cloud_id AND image.id <> setting.image_id`,
    [key(theirs)],
  );
  await api.dataSource.query(
    `UPDATE multi_cloud_image_settings AS setting SET user_data = 'ours'
     FROM clouds AS cloud
     WHERE setting.multi_cloud_image_id = $1 AND cloud.id = setting.cloud_id AND cloud.name ~ '[13579]$'`,
    [key(head)],
  );
  return { account, ours: head, theirs };
}

/** Settings for so many private clouds, each with two images. */
async function insertSettings(account: TestAccount, head: Data, count: number): Promise<void> {
  await api.dataSource.query(
    `WITH new_clouds AS (
       INSERT INTO clouds (id, account_id, cloud_type, region, name, display_name, created_at)
       SELECT gen_random_uuid(), $1, 'vsphere', number::text, 'cloud ' || number, 'cloud ' || number, now()
       FROM generate_series(1, $2::integer) AS number RETURNING id
     ), new_images AS (
       INSERT INTO cloud_images (id, owner_account_id, cloud_id, resource_uid, name, image_type, lifecycle, created_at, updated_at)
       SELECT gen_random_uuid(), $1, id, number::text, 'image ' || number, 'MACHINE', 'AVAILABLE', now(), now()
       FROM new_clouds, generate_series(1, 2) AS number RETURNING id, cloud_id, resource_uid
     ), new_types AS (
       INSERT INTO instance_types (id, owner_account_id, cloud_id, resource_uid, name, cpu_architectures, created_at, updated_at)
       SELECT gen_random_uuid(), $1, id, 'large', 'large', '{x86_64}', now(), now()
       FROM new_clouds RETURNING id, cloud_id
     )
     INSERT INTO multi_cloud_image_settings (id, multi_cloud_image_id, cloud_id, image_id, instance_type_id)
     SELECT gen_random_uuid(), $3, image.cloud_id, image.id, new_types.id
     FROM new_images AS image JOIN new_types ON new_types.cloud_id = image.cloud_id WHERE image.resource_uid = '1'`,
    [account.key, count, head.id.slice(4)],
  );
}

/** The statements of a request, and its answer. */
async function watch(ask: () => Promise<Data>): Promise<{ statements: string[]; data: Data }> {
  // The first request may open connections and read their settings.
  await ask();
  let data: Data;
  const statements = await statementsDuring(async () => {
    data = await ask();
  });
  return { statements, data };
}

const READ_ONLY = [
  'START TRANSACTION',
  'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ',
  'SET TRANSACTION READ ONLY',
];

/** Where the one transaction begins: behind the look-up of the token. */
function transactionOf(statements: readonly string[]): readonly string[] {
  expect(statements.filter((statement) => /^(BEGIN|START)/i.test(statement))).toEqual(['START TRANSACTION']);
  expect(statements.slice(1, 4)).toEqual(READ_ONLY);
  expect(statements.filter((statement) => /^\s*(INSERT|UPDATE|DELETE)/i.test(statement))).toEqual([]);
  const end = statements.indexOf('COMMIT');
  return statements.slice(4, end);
}

test('R-6.6 a diff of two MCIs with 5 or with 500 settings', async () => {
  const counts: number[][] = [];
  for (const settings of [FEW, MANY]) {
    const { account, ours, theirs } = await twoSides(settings);
    const { statements, data } = await watch(() => diff(account, ours, theirs));
    expect(data.changes).toHaveLength(1 + settings);
    expect(data.changes[1]).toMatchObject({
      before: { image: { name: 'image 1' }, instanceType: { name: 'large' } },
      after: { image: { name: 'image 2' } },
      label: expect.stringMatching(/^Setting for "cloud \d+"$/),
    });
    counts.push([transactionOf(statements).length, statements.length]);
  }
  // The versions, their settings and matchers; the names of clouds, images and types. Around them the token, the
  // beginning and the end of the transaction.
  expect(counts).toEqual([
    [6, 11],
    [6, 11],
  ]);
});

test('R-6.7 the preview of merging them', async () => {
  const counts: number[][] = [];
  for (const settings of [FEW, MANY]) {
    const { account, ours, theirs } = await twoSides(settings);
    const { statements, data } = await watch(() => mergePreview(account, ours, theirs));
    const conflicts = Math.ceil(settings / 2);
    expect(data).toMatchObject({
      changes: { length: settings - conflicts },
      conflicts: { length: conflicts },
      violations: [],
      base: { revision: 1 },
    });
    counts.push([transactionOf(statements).length, statements.length]);
  }
  // The versions; settings and matchers of theirs, whether that is kept, the ancestry, the base; settings and matchers
  // of ours and the base; clouds, images and types of what is taken over; their names.
  expect(counts).toEqual([
    [14, 19],
    [14, 19],
  ]);
});
