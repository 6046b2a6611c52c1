import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { read } from '../kit/components';
import { ask, asked, groupOf, organize, publish, subscribe } from '../kit/marketplace';
import { create, describeAs } from '../kit/versions';

/** Followers who leave while a republishing waits for them, each over its own connection. */

let api: TestApi;
let place: Place;
let publisher: TestAccount;

beforeAll(async () => {
  api = await startApi();
  place = await new TestCatalog(api.dataSource).place();
  publisher = await api.account();
  await organize(publisher);
});
afterAll(() => api.close());

/** Starts acts, each once the one before waits, behind a lock; lets them go when what happens meanwhile has happened. */
async function queued(
  sql: string,
  parameters: readonly unknown[],
  acts: readonly (() => Promise<Data>)[],
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Data[]> {
  const runner = api.dataSource.createQueryRunner();
  await runner.connect();
  try {
    await runner.startTransaction();
    await runner.query(sql, [...parameters]);
    const answers: Promise<Data>[] = [];
    for (const act of acts) {
      const answer = act();
      answers.push(answer);
      await waiting(answers.length, answer);
    }
    await meanwhile();
    await runner.commitTransaction();
    return await Promise.all(answers);
  } finally {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    await runner.release();
  }
}

/** Until so many wait for locks; who must wait must not end before that. */
async function waiting(expected: number, act: Promise<Data>): Promise<void> {
  let answer: Data = null;
  void act.then((data) => (answer = data));
  for (let count = 0; count < expected;) {
    expect(answer).toBeNull();
    [{ count }] = await api.dataSource.query(
      `SELECT count(*)::integer AS count FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
  }
}

const COLLECTION = `SELECT pg_advisory_xact_lock(hashtextextended('imports:' || (hashtextextended($1::uuid::text, 0) & 511), 0))`;

async function followed(...members: TestAccount[]): Promise<Data> {
  const group = await groupOf(publisher, members);
  const head = await create(publisher, 'RightScript', place);
  const publication = await publish(publisher, 'RightScript', head, { groups: [group] });
  const copies: Data[] = [];
  for (const member of members) copies.push((await subscribe(member, publication)).component);
  await describeAs(publisher, 'RightScript', head, 'for followers');
  return {
    group,
    copies,
    publication,
    republish: () => ask(publisher, 'republish', { publicationId: publication.id }),
  };
}

test('R-9.4: what is removed while a republishing waits stays removed, and as it was', async () => {
  const [goes, stays] = [await api.account(), await api.account()];
  const { copies, republish } = await followed(goes, stays);
  const answers = await queued(
    'SELECT FROM right_scripts WHERE account_id = $1 FOR NO KEY UPDATE',
    [goes.key],
    [() => ask(goes, 'removeImport', { id: copies[0].id }), republish],
  );
  expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
  const removed = await read(goes, 'rightScript', copies[0].id);
  expect(removed.deletedAt).not.toBeNull();
  expect(removed.description).toBeNull();
  expect((await read(stays, 'rightScript', copies[1].id)).description).toBe('for followers');
  const [{ left }] = await api.dataSource.query(
    'SELECT bool_and(removed_at IS NOT NULL) AS left FROM imported_versions WHERE account_id = $1',
    [goes.key],
  );
  expect(left).toBe(true);
});

test('R-9.4, R-9.5: whose access is revoked while a republishing waits gets nothing of it', async () => {
  const [goes, stays] = [await api.account(), await api.account()];
  const { group, copies, republish } = await followed(goes, stays);
  const [answer] = await queued(COLLECTION, [goes.key], [republish], () =>
    asked(publisher, 'revokeAccountGroupAccess', { id: group, accountId: goes.id }),
  );
  expect(answer.userErrors).toEqual([]);
  expect((await read(goes, 'rightScript', copies[0].id)).description).toBeNull();
  expect((await read(stays, 'rightScript', copies[1].id)).description).toBe('for followers');
});

test('R-9.5: a revocation waits for a republishing that gives to the account already', async () => {
  const member = await api.account();
  const { group, copies, republish } = await followed(member);
  const answers = await queued(
    'SELECT FROM right_scripts WHERE account_id = $1 FOR NO KEY UPDATE',
    [member.key],
    [republish, () => ask(publisher, 'revokeAccountGroupAccess', { id: group, accountId: member.id })],
  );
  expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
  expect((await read(member, 'rightScript', copies[0].id)).description).toBe('for followers');
});
