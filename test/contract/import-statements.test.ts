import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { done } from '../kit/components';
import { asked, groupOf, organize, publish, subscribe } from '../kit/marketplace';
import { statementsDuring } from '../kit/statements';
import { commit } from '../kit/version-control';

/** Importing, subscribing and republishing run in one transaction each, with a bounded number of statements. */

const SETTINGS = 30;

let api: TestApi;

beforeAll(async () => {
  // Nothing that runs in a transaction may ask for a second connection.
  api = await startApi({}, 1);
  await api.dataSource.query(
    `WITH new_clouds AS (
       INSERT INTO clouds (id, account_id, cloud_type, region, name, display_name, created_at)
       SELECT gen_random_uuid(), NULL, 'amazon', 'region ' || number, 'cloud ' || number, 'cloud ' || number, now()
       FROM generate_series(1, $1::integer) AS number RETURNING id
     ), new_images AS (
       INSERT INTO cloud_images (id, cloud_id, resource_uid, name, image_type, lifecycle, created_at, updated_at)
       SELECT gen_random_uuid(), id, 'image', 'image', 'MACHINE', 'AVAILABLE', now(), now() FROM new_clouds
     )
     INSERT INTO instance_types (id, cloud_id, resource_uid, name, cpu_architectures, created_at, updated_at)
     SELECT gen_random_uuid(), id, 'large', 'large', '{x86_64}', now(), now() FROM new_clouds`,
    [SETTINGS],
  );
});
afterAll(() => api.close());

/** A template with so many MCIs, each with a setting for every cloud. */
async function templateWith(account: TestAccount, mcis: number): Promise<Data> {
  const ids: string[] = [];
  for (let index = 0; index < mcis; index += 1) {
    const { id } = await done(account, 'createMultiCloudImage', { name: `image ${index}` });
    await api.dataSource.query(
      `INSERT INTO multi_cloud_image_settings (id, multi_cloud_image_id, cloud_id, image_id, instance_type_id)
       SELECT gen_random_uuid(), $1, image.cloud_id, image.id, type.id
       FROM cloud_images AS image JOIN instance_types AS type ON type.cloud_id = image.cloud_id`,
      [id.slice(4)],
    );
    ids.push(id);
  }
  return done(account, 'createServerTemplate', { name: 'many', multiCloudImageIds: ids });
}

/** How many statements the one transaction of a mutation has. */
async function count(act: () => Promise<unknown>): Promise<number> {
  const statements = await statementsDuring(act);
  expect(statements.filter((statement) => /^(BEGIN|START)/i.test(statement))).toEqual(['START TRANSACTION']);
  return statements.indexOf('COMMIT') - statements.indexOf('START TRANSACTION');
}

async function publisher(): Promise<TestAccount> {
  const account = await api.account();
  await organize(account);
  return account;
}

test('R-9.4: importing a template with 5 or with 50 MCIs of 30 settings, for the first time, again, and back', async () => {
  const counts: Record<string, number>[] = [];
  for (const mcis of [5, 50]) {
    const [seller, importer] = [await publisher(), await api.account()];
    const head = await templateWith(seller, mcis);
    const publication = await publish(
      seller,
      'ServerTemplate',
      await commit(seller, 'ServerTemplate', head, 'all', true),
    );
    let payload: Data;
    const bring = () =>
      count(async () => {
        payload = await asked(importer, 'importPublication', { publicationId: publication.id });
      });
    const first = await bring();
    expect(payload.imported).toHaveLength(mcis + 1);
    const { imported } = payload;
    const [row] = await api.dataSource.query(
      `SELECT count(*)::integer AS settings FROM multi_cloud_image_settings AS setting
       JOIN multi_cloud_images AS mci ON mci.id = setting.multi_cloud_image_id WHERE mci.account_id = $1`,
      [importer.key],
    );
    expect(row.settings).toBe(mcis * SETTINGS);
    const again = await bring();
    expect(payload.reused).toHaveLength(mcis + 1);
    const removed = await count(() => asked(importer, 'removeImport', { id: payload.component.id }));
    for (const { id, __typename } of imported)
      if (__typename === 'MultiCloudImage') await asked(importer, 'removeImport', { id });
    const back = await bring();
    expect(payload.imported).toEqual(imported);
    counts.push({ first, again, removed, back });
  }
  expect(counts[1]).toEqual(counts[0]);
});

test('R-9.4: following and republishing a template with 3 or 30 HEADs, followed by 1 or 4 accounts', async () => {
  const counts: Record<string, number>[] = [];
  for (const { mcis, members } of [
    { mcis: 3, members: 1 },
    { mcis: 30, members: 4 },
  ]) {
    const seller = await publisher();
    const followers: TestAccount[] = [];
    for (let index = 0; index < members; index += 1) followers.push(await api.account());
    const head = await templateWith(seller, mcis);
    const publication = await publish(seller, 'ServerTemplate', head, {
      groups: [await groupOf(seller, followers)],
    });
    const subscribed: number[] = [];
    for (const follower of followers) subscribed.push(await count(() => subscribe(follower, publication)));
    expect(new Set(subscribed).size).toBe(1);
    await api.dataSource.query(
      `UPDATE multi_cloud_image_settings AS setting SET user_data = 'changed' FROM multi_cloud_images AS mci
       WHERE mci.id = setting.multi_cloud_image_id AND mci.account_id = $1 AND NOT mci.sealed`,
      [seller.key],
    );
    const added = await done(seller, 'createMultiCloudImage', { name: 'added' });
    await done(seller, 'addServerTemplateMultiCloudImage', {
      serverTemplateId: head.id,
      expectedVersion: head.version,
      multiCloudImageId: added.id,
    });
    const republished = await count(() => asked(seller, 'republish', { publicationId: publication.id }));
    for (const follower of followers) {
      const [row] = await api.dataSource.query(
        `SELECT count(DISTINCT mci.id)::integer AS mcis, count(*) FILTER (WHERE setting.user_data = 'changed')::integer AS changed
         FROM multi_cloud_images AS mci LEFT JOIN multi_cloud_image_settings AS setting ON setting.multi_cloud_image_id = mci.id
         WHERE mci.account_id = $1`,
        [follower.key],
      );
      expect(row).toEqual({ mcis: mcis + 1, changed: mcis * SETTINGS });
    }
    counts.push({ subscribed: subscribed[0] ?? 0, republished });
  }
  expect(counts[1]).toEqual(counts[0]);
});
