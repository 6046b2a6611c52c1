import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { EventFeed } from '../../src/persistence/events/event-feed';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { asked, groupOf, organize, publish } from '../kit/marketplace';
import { TestServers } from '../kit/servers';
import { statementsDuring } from '../kit/statements';
import { subscribe } from '../kit/subscriber';
import { clone, commit, edit, merge, readVersion, restore } from '../kit/version-control';
import { create, describeAs } from '../kit/versions';

let api: TestApi;
let place: Place;
let account: TestAccount;
beforeAll(async () => {
  // No webhooks: whoever else numbers events is one of the feeds.
  api = await startApi({ MCI_GRAPH_WEBHOOKS: 'false' });
  place = await new TestCatalog(api.dataSource).place();
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
});

/** What the account's events say, in the order in which they were written. */
async function written(who = account): Promise<string[]> {
  const rows: { text: string }[] = await api.dataSource.query(
    `SELECT concat_ws(' ', kind, component_type, from_state, change) AS text FROM events WHERE account_id = $1 ORDER BY id`,
    [who.key],
  );
  return rows.map(({ text }) => text);
}

/** What is written meanwhile. */
async function during(act: () => Promise<unknown>): Promise<string[]> {
  const before = (await written()).length;
  await act();
  return (await written()).slice(before);
}

describe('events of components', () => {
  it('are the entries of their history; edits of a HEAD are none, nor is what was refused', async () => {
    let head = await create(account, 'MultiCloudImage', place, 'base');
    expect(await written()).toEqual(['COMPONENT MultiCloudImage CREATED']);
    expect(await during(() => describeAs(account, 'MultiCloudImage', head, 'words'))).toEqual([]);
    head = await readVersion(account, 'MultiCloudImage', head.id);
    let revision: Data;
    expect(
      await during(async () => (revision = await commit(account, 'MultiCloudImage', head as never))),
    ).toEqual(['COMPONENT MultiCloudImage COMMITTED']);
    let copy: Data;
    expect(await during(async () => (copy = await clone(account, 'MultiCloudImage', revision)))).toEqual([
      'COMPONENT MultiCloudImage CLONED',
    ]);
    await describeAs(account, 'MultiCloudImage', copy, 'other words');
    const now = () => readVersion(account, 'MultiCloudImage', head.id);
    const merged = await during(async () => merge(account, 'MultiCloudImage', (await now()) as never, copy));
    expect(merged).toEqual(['COMPONENT MultiCloudImage MERGED']);
    const restored = await during(async () =>
      restore(account, 'MultiCloudImage', (await now()) as never, revision),
    );
    expect(restored).toEqual(['COMPONENT MultiCloudImage RESTORED']);
    const refused = await during(() =>
      expect(
        edit(account, 'MultiCloudImage', { id: head.id, version: 1 }, { name: 'stale' }),
      ).rejects.toThrow(),
    );
    expect(refused).toEqual([]);
  });

  it('are not written by a transaction that is rolled back', async () => {
    const connection = api.dataSource.createQueryRunner();
    await connection.startTransaction();
    await connection.query(
      `INSERT INTO history_entries (account_id, lineage_id, number, component_type, event, component_id, parent_ids, at)
       VALUES ($1, $2, 1, 'RightScript', 'CREATED', $2, '{}', now())`,
      [account.key, randomUUID()],
    );
    const [{ count }] = await connection.query(
      'SELECT count(*)::int AS count FROM events WHERE account_id = $1',
      [account.key],
    );
    expect(count).toBe(1);
    await connection.rollbackTransaction();
    await connection.release();
    expect(await written()).toEqual([]);
  });
});

describe('events of publications', () => {
  it('R-9.1, R-9.3: one for each publication and transaction, that says the most', async () => {
    await organize(account);
    const group = await groupOf(account, []);
    const another = await groupOf(account, [], 'Others');
    const mci = await create(account, 'MultiCloudImage', place, 'base');
    const { serverTemplate: template } = (
      await account.query(
        `mutation { createServerTemplate(input: { name: "web" }) { serverTemplate { id version } } }`,
      )
    ).createServerTemplate;
    const { serverTemplate: pinning } = (
      await account.query(
        `mutation($input: AddServerTemplateMultiCloudImageInput!) { addServerTemplateMultiCloudImage(input: $input) { serverTemplate { id version } } }`,
        {
          input: {
            serverTemplateId: template.id,
            expectedVersion: template.version,
            multiCloudImageId: mci.id,
          },
        },
      )
    ).addServerTemplateMultiCloudImage;
    const revision = await commit(account, 'ServerTemplate', pinning, 'A release', true);
    let publication: Data;
    expect(
      (
        await during(
          async () => (publication = await publish(account, 'ServerTemplate', revision, { groups: [group] })),
        )
      ).sort(),
    ).toEqual(['PUBLICATION MultiCloudImage PUBLISHED', 'PUBLICATION ServerTemplate PUBLISHED']);
    const update = (fields: object) =>
      during(() => asked(account, 'updatePublication', { publicationId: publication.id, ...fields }));
    expect(await update({ shortDescription: 'other words' })).toEqual(['PUBLICATION ServerTemplate CHANGED']);
    expect((await update({ addAccountGroupIds: [another], shortDescription: 'for more' })).sort()).toEqual([
      'PUBLICATION MultiCloudImage OFFERED',
      'PUBLICATION ServerTemplate OFFERED',
    ]);
    const act = (name: string) => during(() => asked(account, name, { publicationId: publication.id }));
    expect(await act('deprecatePublication')).toEqual(['PUBLICATION ServerTemplate CHANGED']);
    expect(await act('reactivatePublication')).toEqual(['PUBLICATION ServerTemplate OFFERED']);
    expect((await update({ makePublic: true })).sort()).toEqual([
      'PUBLICATION MultiCloudImage OFFERED',
      'PUBLICATION ServerTemplate OFFERED',
    ]);
  });
});

describe('events of instances', () => {
  it('R-8.3: launches and changes of the state, of many at once; other changes are none', async () => {
    const COUNT = 1500;
    const template = await create(account, 'ServerTemplate', place, 'web');
    const servers = new TestServers(api.dataSource, account);
    const definition = { cloudId: place.cloud.key, serverTemplateId: template.id.slice(4) };
    const array = await servers.serverArray(await servers.deployment(), definition);
    const launch = {
      ...definition,
      serverArrayId: array.key,
      imageId: place.image.key,
      instanceTypeId: place.type.key,
    };
    const launched = await during(() => servers.instances(Array.from({ length: COUNT }, () => launch)));
    expect(launched).toEqual(Array.from({ length: COUNT }, () => 'INSTANCE PENDING'));
    const set = (what: string) =>
      during(() => api.dataSource.query(`UPDATE instances SET ${what} WHERE account_id = $1`, [account.key]));
    expect(await set("state = 'BOOTING'")).toEqual(
      Array.from({ length: COUNT }, () => 'INSTANCE PENDING BOOTING'),
    );
    expect(await set("state = 'BOOTING', state_reason = 'the same'")).toEqual([]);
  });
});

describe('the order of events', () => {
  it('is one for all readers, without gaps or repetitions, however many write at a time', async () => {
    const WRITERS = 6;
    const EACH = 20;
    const { options } = api.dataSource;
    const url = options.type === 'postgres' ? options.url : undefined;
    const faults: unknown[] = [];
    const log = { error: (details: object) => void faults.push(details) };
    const feeds = [0, 1].map(() => new EventFeed({ dataSource: api.dataSource, keptDays: 7, log }));
    for (const feed of feeds) await feed.start();
    const followed = feeds.map((feed) => feed.follow({ kind: 'COMPONENT', accountId: account.key }));
    await Promise.all(
      Array.from({ length: WRITERS }, async (_, writer) => {
        const connection = new Client({ connectionString: url });
        await connection.connect();
        for (let number = 0; number < EACH; number++) {
          await connection.query('BEGIN');
          await connection.query(
            `INSERT INTO events (transaction, at, kind, change, account_id, subject_id, component_type, lineage_id)
             SELECT pg_current_xact_id()::text::bigint, now(), 'COMPONENT', 'COMMITTED', $1, gen_random_uuid(), 'RightScript', $2
               FROM generate_series(1, $3)`,
            [account.key, `00000000-0000-4000-8000-${String(writer).padStart(12, '0')}`, 1 + (number % 3)],
          );
          // Others write and number while this one is not committed: the later ones may overtake it.
          await connection.query('SELECT count(*) FROM events');
          await connection.query('COMMIT');
        }
        await connection.end();
      }),
    );
    const [{ count }] = await api.dataSource.query(
      'SELECT count(*)::int AS count FROM events WHERE account_id = $1',
      [account.key],
    );
    const read = await Promise.all(
      followed.map(async (events) => {
        const positions: number[] = [];
        while (positions.length < count) {
          const { value } = await events.next();
          positions.push(value.position);
        }
        return positions;
      }),
    );
    for (const feed of feeds) await feed.stop();
    const [one, other] = read;
    expect(other).toEqual(one);
    expect(new Set(one).size).toBe(count);
    expect(one).toEqual([...(one ?? [])].sort((left, right) => left - right));
    expect(faults).toEqual([]);
    await expect(followed[0]?.next()).resolves.toMatchObject({ done: true });
  });

  it('waits for nobody who keeps the lock: then events come later, and nothing else waits', async () => {
    const { options } = api.dataSource;
    const holder = new Client({ connectionString: options.type === 'postgres' ? options.url : undefined });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM event_feed FOR UPDATE');
    const log = { error: (details: object) => Promise.reject(new Error(JSON.stringify(details))) };
    const [feed, ending] = [0, 1].map(() => new EventFeed({ dataSource: api.dataSource, keptDays: 7, log }));
    if (feed === undefined || ending === undefined) throw new Error('Two feeds were made');
    await feed.start();
    await ending.start();
    const followed = feed.follow({ accountId: account.key });
    await create(account, 'RightScript', place, 'written meanwhile');
    await ending.stop();
    const positions = 'SELECT position FROM events WHERE account_id = $1';
    expect(await api.dataSource.query(positions, [account.key])).toEqual([{ position: null }]);
    await holder.query('ROLLBACK');
    await holder.end();
    expect(await followed.next()).toMatchObject({ value: { change: 'CREATED' } });
    await feed.stop();
  });
});

test('telling an event reads the token and what happened, each once, whatever else happens', async () => {
  const told = await subscribe(
    api.url,
    account.token,
    'subscription { componentChanged { id component { name } } }',
  );
  const COUNT = 10;
  const script = '00000000-0000-4000-8000-00000000000a';
  const made = await create(account, 'RightScript', place, 'told of');
  await told.next();
  const statements = await statementsDuring(async () => {
    for (const [owner, subject] of [
      [account.key, made.id.slice(4)],
      [(await api.account()).key, script],
    ])
      await api.dataSource.query(
        `INSERT INTO events (transaction, at, kind, change, account_id, subject_id, component_type, lineage_id)
         SELECT pg_current_xact_id()::text::bigint, now(), 'COMPONENT', 'COMMITTED', $1, $2, 'RightScript', $2
           FROM generate_series(1, $3)`,
        [owner, subject, COUNT],
      );
    for (let count = 0; count < COUNT; count++)
      expect((await told.next()).componentChanged.component.name).toBe('told of');
  });
  const reading = (table: string) =>
    statements.filter((text) => /^\s*SELECT/.test(text) && text.includes(table)).length;
  expect([reading('access_tokens'), reading('right_scripts')]).toEqual([COUNT, COUNT]);
  told.stop();
});
