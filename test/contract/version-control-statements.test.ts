import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { auditOf, done } from '../kit/components';
import { statementsDuring } from '../kit/statements';
import { clone, commit, merge, readVersion, restore, tag, tryTo } from '../kit/version-control';
import { create, describeAs } from '../kit/versions';

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

/** An MCI with settings for so many private clouds; each group has its own. */
async function imageWith(account: TestAccount, settings: number, group = 0): Promise<Data> {
  const head = await done(account, 'createMultiCloudImage', { name: 'origin' });
  await api.dataSource.query(
    `WITH new_clouds AS (
       INSERT INTO clouds (id, account_id, cloud_type, region, name, display_name, created_at)
       SELECT gen_random_uuid(), $1, 'vsphere', $4 || ' ' || number, 'cloud ' || number, 'cloud ' || number, now()
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
    [account.key, settings, head.id.slice(4), String(group)],
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

/** A template at HEAD that pins so many HEADs of MCIs, each with so many settings, and of scripts. */
async function templateWith(account: TestAccount, pins: number, settings: number): Promise<Data> {
  const ids: string[] = [];
  for (let index = 0; index < pins; index += 1) ids.push((await imageWith(account, settings, index)).id);
  let head = await done(account, 'createServerTemplate', { name: 'all', multiCloudImageIds: ids });
  for (let index = 0; index < pins; index += 1) {
    const { id } = await create(account, 'RightScript', place);
    head = await done(account, 'attachScript', {
      serverTemplateId: head.id,
      expectedVersion: head.version,
      rightScriptId: id,
      phase: 'BOOT',
    });
  }
  return head;
}

/** Commits the HEAD of everything that a template pins, each under another description, and lets the template pin that. */
async function renewPins(account: TestAccount, template: Data): Promise<Data> {
  const { serverTemplate } = await account.query(
    `query($id: ID!) { serverTemplate(id: $id) { version
      multiCloudImages { multiCloudImage { head { id version } } } scripts { rightScript { head { id version } } } } }`,
    { id: template.id },
  );
  const heads = {
    MultiCloudImage: serverTemplate.multiCloudImages.map((pin: Data) => pin.multiCloudImage.head),
    RightScript: serverTemplate.scripts.map((script: Data) => script.rightScript.head),
  };
  for (const kind of ['MultiCloudImage', 'RightScript'] as const)
    for (const head of heads[kind])
      await commit(account, kind, await describeAs(account, kind, head, 'renewed'));
  return done(account, 'updateServerTemplatePins', {
    serverTemplateId: template.id,
    expectedVersion: serverTemplate.version,
  });
}

test('R-6.2 to R-6.8: commit with its HEADs, clone and merge of templates with 1 or 6 MCIs of 3 or 30 settings', async () => {
  const kind = 'ServerTemplate';
  const counts: Record<string, number>[] = [];
  for (const { pins, settings } of [
    { pins: 1, settings: 3 },
    { pins: 6, settings: 30 },
  ]) {
    const account = await api.account();
    const head = await templateWith(account, pins, settings);
    let revision: Data;
    const committed = await count(async () => {
      revision = await commit(account, kind, head, 'all', true);
    });
    let theirs: Data;
    const cloned = await count(async () => {
      theirs = await clone(account, kind, revision);
    });
    const renewed = await renewPins(account, theirs);
    const { version } = await readVersion(account, kind, head.id);
    const ours = await tag(account, kind, { id: head.id, version }, 'ours');
    const merged = await count(() => merge(account, kind, ours, renewed));
    const entry = (await auditOf(account)).findLast(({ action }) => action === 'serverTemplate.merge');
    expect(entry?.changes).toMatchObject({ committedRevision: 2 });
    expect(entry?.changes.changes).toHaveLength(2 * pins);
    counts.push({ committed, cloned, merged });
  }
  expect(counts[1]).toEqual(counts[0]);
});
