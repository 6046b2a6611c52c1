import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { auditOf, done } from '../kit/components';
import { statementsDuring } from '../kit/statements';
import { clone, commit, merge, readVersion, restore, tag, tryTo } from '../kit/version-control';
import { create } from '../kit/versions';

/**
 * Commit, clone, restore, merge and resurrecting run in one transaction each, with a number of statements that doesn't
 * grow with the content.
 */

const FEW = 5;
const MANY = 500;

let api: TestApi;
let place: Place;

beforeAll(async () => {
  // Nothing that runs in a transaction may ask for a second connection.
  api = await startApi({}, 1);
  place = await new TestCatalog(api.dataSource).place();
});
afterAll(() => api.close());

/** An MCI with settings for so many private clouds. */
async function imageWith(account: TestAccount, settings: number): Promise<Data> {
  const head = await done(account, 'createMultiCloudImage', { name: 'origin' });
  await api.dataSource.query(
    `WITH new_clouds AS (
       INSERT INTO clouds (id, account_id, cloud_type, region, name, display_name, created_at)
       SELECT gen_random_uuid(), $1, 'vsphere', number::text, 'cloud ' || number, 'cloud ' || number, now()
       FROM generate_series(1, $2::integer) AS number RETURNING id
     ), new_images AS (
       INSERT INTO cloud_images (id, owner_account_id, cloud_id, resource_uid, name, image_type, lifecycle, created_at, updated_at)
       SELECT gen_random_uuid(), $1, id, 'image', 'image', 'MACHINE', 'AVAILABLE', now(), now()
       FROM new_clouds RETURNING id, cloud_id
     ), new_types AS (
       INSERT INTO instance_types (id, owner_account_id, cloud_id, resource_uid, name, cpu_architectures, created_at, updated_at)
       SELECT gen_random_uuid(), $1, id, 'large', 'large', '{x86_64}', now(), now()
       FROM new_clouds RETURNING id, cloud_id
     )
     INSERT INTO multi_cloud_image_settings (id, multi_cloud_image_id, cloud_id, image_id, instance_type_id)
     SELECT gen_random_uuid(), $3, image.cloud_id, image.id, new_types.id
     FROM new_images AS image JOIN new_types ON new_types.cloud_id = image.cloud_id`,
    [account.key, settings, head.id.slice(4)],
  );
  return head;
}

/** Another text for every machine of a HEAD, under its next version. */
async function rewrite(account: TestAccount, head: Data, userData: string): Promise<Data> {
  await api.dataSource.query(
    'UPDATE multi_cloud_image_settings SET user_data = $2 WHERE multi_cloud_image_id = $1',
    [head.id.slice(4), userData],
  );
  const { version } = await readVersion(account, 'MultiCloudImage', head.id);
  return tag(account, 'MultiCloudImage', { id: head.id, version }, `text:is=${userData}`);
}

/** How many statements the one transaction of a mutation has. */
async function count(act: () => Promise<unknown>): Promise<number> {
  const statements = await statementsDuring(act);
  expect(statements.filter((statement) => /^(BEGIN|START)/i.test(statement))).toEqual(['START TRANSACTION']);
  return statements.indexOf('COMMIT') - statements.indexOf('START TRANSACTION');
}

test('R-6.2 to R-6.8: commit, clone, restore and merge of MCIs with 5 or with 500 settings', async () => {
  const kind = 'MultiCloudImage';
  const counts: Record<string, number>[] = [];
  for (const settings of [FEW, MANY]) {
    const account = await api.account();
    const head = await imageWith(account, settings);
    const committed = await count(() => commit(account, kind, head));
    const [one] = (
      await account.query(
        `query($id: ID!) { multiCloudImage(id: $id) { revisions(first: 1) { edges { node { id } } } } }`,
        { id: head.id },
      )
    ).multiCloudImage.revisions.edges;
    let theirs: Data;
    const cloned = await count(async () => {
      theirs = await clone(account, kind, one.node);
    });
    const ours = await tag(account, kind, head, 'ours');
    const changed = await rewrite(account, theirs, 'theirs');
    const clonedHead = await count(() => clone(account, kind, changed));
    const merged = await count(() => merge(account, kind, ours, changed));
    const entry = (await auditOf(account)).findLast(({ action }) => action === 'multiCloudImage.merge');
    expect(entry?.changes.changes).toHaveLength(settings + 1);
    const { version } = await readVersion(account, kind, head.id);
    const restored = await count(() => restore(account, kind, { id: head.id, version }, one.node));
    counts.push({ committed, cloned, clonedHead, merged, restored });
  }
  expect(counts[1]).toEqual(counts[0]);
});

test('R-5.5: resurrecting a template with 2 or with 60 deleted MCIs and scripts', async () => {
  const counts: number[] = [];
  for (const pins of [1, 30]) {
    const account = await api.account();
    const ids: string[] = [];
    for (let index = 0; index < pins; index += 1)
      ids.push((await create(account, 'MultiCloudImage', place, 'shared name')).id);
    let template = await done(account, 'createServerTemplate', { name: 'all', multiCloudImageIds: ids });
    const scripts: string[] = [];
    for (let index = 0; index < pins; index += 1) {
      const script = await create(account, 'RightScript', place, 'shared name');
      scripts.push(script.id);
      template = await done(account, 'attachScript', {
        serverTemplateId: template.id,
        expectedVersion: template.version,
        rightScriptId: script.id,
        phase: 'BOOT',
      });
    }
    await done(account, 'deleteServerTemplate', { id: template.id });
    for (const id of ids) await done(account, 'deleteMultiCloudImage', { id });
    for (const id of scripts) await done(account, 'deleteRightScript', { id });
    let answer: Data;
    counts.push(
      await count(async () => {
        answer = await tryTo(account, 'clone', 'ServerTemplate', { id: template.id });
      }),
    );
    expect(answer.userErrors).toEqual([]);
    for (const kind of ['MultiCloudImage', 'RightScript']) {
      const names = answer.resurrected
        .filter(({ __typename }: Data) => __typename === kind)
        .map(({ name }: Data) => name);
      expect(names.toSorted()).toEqual(
        Array.from({ length: pins }, (_none, index) => `shared name v${index + 2}`).toSorted(),
      );
    }
  }
  expect(counts[1]).toBe(counts[0]);
});
