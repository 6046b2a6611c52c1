import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog } from '../kit/catalog';
import { done } from '../kit/components';
import { crashDuring } from '../kit/crash';
import { asked, groupOf, organize, publish } from '../kit/marketplace';
import { storedRows } from '../kit/stored-rows';
import { commit } from '../kit/version-control';
import { create } from '../kit/versions';

let api: TestApi;
let publisher: TestAccount;
/** A HEAD of a template that pins HEADs and revisions, one of these published to nobody else yet. */
let template: Data;
let group: string;

beforeAll(async () => {
  api = await startApi();
  const place = await new TestCatalog(api.dataSource).place();
  publisher = await api.account();
  await organize(publisher);
  group = await groupOf(publisher, []);
  const head = await create(publisher, 'MultiCloudImage', place, 'head');
  const widened = await commit(
    publisher,
    'MultiCloudImage',
    await create(publisher, 'MultiCloudImage', place, 'widened'),
  );
  const script = await commit(publisher, 'RightScript', await create(publisher, 'RightScript', place));
  await publish(publisher, 'MultiCloudImage', widened, { groups: [await groupOf(publisher, [])] });
  const pinned = await done(publisher, 'createServerTemplate', {
    name: 'web',
    multiCloudImageIds: [head.id, widened.id],
  });
  template = await done(publisher, 'attachScript', {
    serverTemplateId: pinned.id,
    expectedVersion: pinned.version,
    rightScriptId: script.id,
    phase: 'BOOT',
  });
});
afterAll(() => api.close());

const TABLES = [
  'published_lineages',
  'publications',
  'publication_versions',
  'publication_account_groups',
  'publication_eulas',
];

/** Every row of every component, and of everything that was published. */
async function state(): Promise<unknown> {
  const rows: Record<string, unknown> = { components: await storedRows(api.dataSource) };
  for (const table of TABLES) {
    const [{ found }] = await api.dataSource.query(
      `SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)), '[]') AS found FROM ${table} AS t`,
    );
    rows[table] = found;
  }
  return rows;
}

const ask = (name: string, type: string, input: object) =>
  api.request(
    publisher.token,
    `mutation($input: ${type}!) { ${name}(input: $input) { publication { id } userErrors { code } } }`,
    { input },
  );

/** Kills the connection of each statement of a mutation in turn: nothing is half done. At last only the answer is lost. */
async function crashThroughout(act: () => Promise<unknown>): Promise<void> {
  const before = await state();
  for (let at = 1; ; at += 1) {
    const { killed } = await crashDuring({ at, when: 'UNSENT' }, act);
    if (killed === null) throw new Error('It was committed by no statement');
    expect({ at, killed, state: await state() }).toEqual({ at, killed, state: before });
    if (killed !== 'COMMIT') continue;
    expect((await crashDuring({ at, when: 'UNANSWERED' }, act)).killed).toBe('COMMIT');
    return;
  }
}

const audience = () => ({ visibility: 'PRIVATE', accountGroupIds: [group], shortDescription: 'short' });

test('R-9.2: publishing a template with all that it pins is whole or not at all', async () => {
  const input = { id: template.id, ...audience() };
  const act = () => ask('publishServerTemplate', 'PublishComponentInput', input);
  await crashThroughout(act);
  // The answer got lost, the publication didn't.
  const { data } = await act();
  expect(data.publishServerTemplate.userErrors).toEqual([{ code: 'ALREADY_PUBLISHED' }]);
  const [{ count }] = await api.dataSource.query(
    `SELECT count(*)::integer FROM publications JOIN publication_account_groups ON publication_id = id
     WHERE account_group_id = $1`,
    [group.slice(4)],
  );
  // The template's own, the script's, and the one that was widened.
  expect(count).toBe(3);
});

test('R-9.2: offering it to more is, too', async () => {
  const another = await groupOf(publisher, []);
  const [{ id }] = await api.dataSource.query(
    `SELECT 'pub_' || id AS id FROM publications WHERE component_type = 'ServerTemplate'`,
  );
  const input = { publicationId: id, addAccountGroupIds: [another], categories: ['new'] };
  const act = () => ask('updatePublication', 'UpdatePublicationInput', input);
  await crashThroughout(act);
  const before = await state();
  await asked(publisher, 'updatePublication', input);
  expect(await state()).toEqual(before);
});
