import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { done } from '../kit/components';
import { asked, groupOf, organize } from '../kit/marketplace';
import { statementsDuring } from '../kit/statements';
import { commit } from '../kit/version-control';

/** Publishing runs in one transaction, with a number of statements that doesn't grow with what goes along. */

const SETTINGS = 30;

let api: TestApi;
let places: Place[];

beforeAll(async () => {
  // Nothing that runs in a transaction may ask for a second connection.
  api = await startApi({}, 1);
  const catalog = new TestCatalog(api.dataSource);
  places = await Promise.all(Array.from({ length: SETTINGS }, () => catalog.place()));
});
afterAll(() => api.close());

/** HEAD of a template that pins so many HEADs of MCIs, with 30 settings each, and of scripts. */
async function templateWith(account: TestAccount, pins: number): Promise<Data> {
  const ids: string[] = [];
  for (let index = 0; index < pins; index += 1) {
    const settings = places.map(({ setting }) => setting);
    ids.push((await done(account, 'createMultiCloudImage', { name: `mci ${index}`, settings })).id);
  }
  let head = await done(account, 'createServerTemplate', { name: 'all', multiCloudImageIds: ids });
  for (let index = 0; index < pins; index += 1) {
    const script = await done(account, 'createRightScript', { name: `script ${index}`, source: 'true' });
    head = await done(account, 'attachScript', {
      serverTemplateId: head.id,
      expectedVersion: head.version,
      rightScriptId: script.id,
      phase: 'BOOT',
    });
  }
  return head;
}

/** How many statements the one transaction of a mutation has. */
async function count(act: () => Promise<unknown>): Promise<number> {
  const statements = await statementsDuring(act);
  expect(statements.filter((statement) => /^(BEGIN|START)/i.test(statement))).toEqual(['START TRANSACTION']);
  return statements.indexOf('COMMIT') - statements.indexOf('START TRANSACTION');
}

test('R-9.2: a template with 5 or with 50 MCIs of 30 settings, and as many scripts', async () => {
  const counts: Record<string, number>[] = [];
  for (const pins of [5, 50]) {
    const account = await api.account();
    await organize(account);
    const [first, second] = [await groupOf(account, []), await groupOf(account, [])];
    const head = await templateWith(account, pins);
    const input = { shortDescription: 'short', visibility: 'PRIVATE' };
    const ofHead = await count(async () => {
      const { implicit } = await asked(account, 'publishServerTemplate', {
        ...input,
        id: head.id,
        accountGroupIds: [first],
      });
      expect(implicit).toHaveLength(2 * pins);
    });
    const revision = await commit(account, 'ServerTemplate', head, 'message', true);
    let payload: Data;
    const publishing = { ...input, id: revision.id, accountGroupIds: [first] };
    const looked = await count(() =>
      asked(account, 'publishServerTemplate', { ...publishing, dryRun: true }),
    );
    const published = await count(async () => {
      payload = await asked(account, 'publishServerTemplate', publishing);
      expect(payload.implicit).toHaveLength(2 * pins);
    });
    const publicationId = payload.publication.id;
    const offered = await count(() =>
      asked(account, 'updatePublication', { publicationId, addAccountGroupIds: [second] }),
    );
    const opened = await count(() =>
      asked(account, 'updatePublication', { publicationId, makePublic: true }),
    );
    counts.push({ ofHead, looked, published, offered, opened });
    const [{ everyone }] = await api.dataSource.query(
      `SELECT count(*)::integer AS everyone FROM publications WHERE account_id = $1 AND visibility = 'PUBLIC'`,
      [account.key],
    );
    expect(everyone).toBe(2 * pins + 1);
  }
  expect(counts[1]).toEqual(counts[0]);
});
