import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { HTTP, type CloudEvent } from 'cloudevents';
import { Webhook as Verifier } from 'standardwebhooks';
import { keyOf } from '../../src/domain/global-id';
import {
  claimDeliveries,
  settleDelivery,
  type ClaimedDelivery,
} from '../../src/persistence/events/webhook-delivery-store';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog } from '../kit/catalog';
import { auditOf, done } from '../kit/components';
import { bring, groupOf, join, organize, publish } from '../kit/marketplace';
import { TestServers } from '../kit/servers';
import { commit } from '../kit/version-control';
import { status, WebhookReceiver, type Received } from '../kit/webhook-receiver';
import {
  ALL_EVENTS,
  askWebhook,
  deliveriesOf,
  doWebhook,
  hookTo,
  SENDING,
  sendingProcess,
  until,
  untilQuiet,
  type Hook,
} from '../kit/webhooks';

let api: TestApi;
let receiver: WebhookReceiver;
let account: TestAccount;
let waker: TestAccount;
const lines: string[] = [];

beforeAll(async () => {
  const logTo = { write: (line: string) => void lines.push(line) };
  api = await startApi({ ...SENDING, MCI_GRAPH_LOG_LEVEL: 'trace' }, undefined, logTo);
  receiver = await WebhookReceiver.start();
  waker = await api.account();
});
beforeEach(async () => {
  account = await api.account();
});
afterAll(async () => {
  await api.close();
  await receiver.close();
});

const ask = askWebhook;
const act = doWebhook;
const hook = (of: TestAccount, more: object = {}): Promise<Hook> => hookTo(receiver, of, more);

const sql = (statement: string, ...values: unknown[]): Promise<Data> =>
  api.dataSource.query(statement, values);

const quiet = (): Promise<void> => untilQuiet(api.dataSource);

/** Makes the next attempts of a webhook due, and something happen, which wakes who sends. */
async function hurry({ id }: Hook): Promise<void> {
  await sql(
    `UPDATE webhook_deliveries SET next_attempt_at = now() - interval '1 second'
      WHERE webhook_id = $1 AND claim_id IS NULL AND state = 'PENDING'`,
    keyOf('Webhook', id),
  );
  await script(waker);
}

/** As other people's software reads it, after it has checked the signature. */
function read(secret: string, { headers, body }: Received): CloudEvent<Data> {
  expect(new Verifier(secret).verify(body, headers)).toEqual(JSON.parse(body));
  const event = HTTP.toEvent<Data>({ headers, body });
  if (Array.isArray(event)) throw new Error('One event was expected, not a batch');
  expect((event as CloudEvent).validate()).toBe(true);
  return event as CloudEvent<Data>;
}

/** Asked for by the receiver: nothing is tried again by itself while a test looks. */
const IN_AN_HOUR = { 'retry-after': '3600' };

const typesOn = (path: string): string[] =>
  receiver.on(path).map(({ body }) => JSON.parse(body).type.replace('dev.mci-graph.', ''));

const script = (of: TestAccount, name = 'one'): Promise<Data> =>
  done(of, 'createRightScript', { name, source: 'true' });

describe('what is sent', () => {
  test('components: a CloudEvent for each entry of the history, signed', async () => {
    const { secret, path } = await hook(account, { events: ['COMPONENT'] });
    const head = await script(account, 'greet');
    const revision = await commit(account, 'RightScript', head);
    const events = (await receiver.until(path, 2)).map((each) => read(secret, each));
    const [{ source } = { source: '' }] = await sql('SELECT source FROM webhook_dispatch');
    const facts = { specversion: '1.0', source: `urn:uuid:${source}`, datacontenttype: 'application/json' };
    const component = { __typename: 'RightScript', lineageId: head.lineageId, name: 'greet' };
    const sorted = events
      .map((event) => event.toJSON())
      .sort((a, b) => (String(a['type']) < String(b['type']) ? -1 : 1));
    expect(sorted).toEqual([
      {
        ...facts,
        id: expect.stringMatching(/^evt_/),
        type: 'dev.mci-graph.component.committed',
        subject: revision.id,
        time: revision.committedAt,
        data: { change: 'COMMITTED', component: { ...component, id: revision.id, revision: 1 } },
      },
      {
        ...facts,
        id: expect.stringMatching(/^evt_/),
        type: 'dev.mci-graph.component.created',
        subject: head.id,
        time: expect.any(String),
        data: { change: 'CREATED', component: { ...component, id: head.id, revision: 0 } },
      },
    ]);
    expect(receiver.on(path)).toMatchObject(
      [1, 2].map(() => ({
        method: 'POST',
        headers: {
          'content-type': 'application/cloudevents+json; charset=utf-8',
          'user-agent': 'mci-graph',
          'webhook-id': expect.stringMatching(/^dlv_/),
        },
      })),
    );
  });

  test('instances: launched, and from one state to another', async () => {
    const { secret, path } = await hook(account, { events: ['INSTANCE'] });
    const place = await new TestCatalog(api.dataSource).place();
    const mci = await done(account, 'createMultiCloudImage', { name: 'm', settings: [place.setting] });
    const template = await done(account, 'createServerTemplate', { name: 't', multiCloudImageIds: [mci.id] });
    const made = await new TestServers(api.dataSource, account).oneOfEach(
      place,
      keyOf('ServerTemplate', template.id),
    );
    const [launched] = await receiver.until(path, 1);
    await sql(`UPDATE instances SET state = 'STRANDED' WHERE id = $1`, made.Instance.key);
    const [, moved] = await receiver.until(path, 2);
    if (!launched || !moved) throw new Error('Nothing was received');
    const [{ state, name }] = await sql(
      `SELECT change AS state, instance.name FROM events JOIN instances AS instance ON instance.id = subject_id
        WHERE subject_id = $1 AND from_state IS NULL`,
      made.Instance.key,
    );
    const [{ server_id: serverId, server_array_id: serverArrayId }] = await sql(
      'SELECT server_id, server_array_id FROM instances WHERE id = $1',
      made.Instance.key,
    );
    const instance = {
      id: made.Instance.id,
      name,
      serverId: serverId && `srv_${serverId}`,
      serverArrayId: serverArrayId && `arr_${serverArrayId}`,
    };
    expect(read(secret, launched)).toMatchObject({
      type: 'dev.mci-graph.instance.state_changed',
      subject: made.Instance.id,
      data: { from: null, to: state, instance },
    });
    expect(read(secret, moved).data).toEqual({ from: state, to: 'STRANDED', instance });
  });

  test('publications and import updates: to those who may see them, when it happens', async () => {
    const [publisher, member, stranger] = [await api.account(), await api.account(), await api.account()];
    await organize(publisher);
    const group = await groupOf(publisher, [member]);
    const head = await script(publisher, 'shared');
    const first = await publish(publisher, 'RightScript', await commit(publisher, 'RightScript', head), {
      groups: [group],
    });
    const { component } = await bring(member, first);
    await quiet();
    const events = ['PUBLICATION', 'IMPORT_UPDATE'];
    const hooks = [];
    for (const each of [publisher, member, stranger]) hooks.push(await hook(each, { events }));
    const [own, guest, other] = hooks;
    if (!own || !guest || !other) throw new Error('No webhooks were made');
    const edited = await done(publisher, 'updateRightScript', {
      id: head.id,
      expectedVersion: head.version,
      description: 'better',
    });
    const next = await commit(publisher, 'RightScript', edited);
    const second = await publish(publisher, 'RightScript', next, { groups: [group] });
    await quiet();
    // The words of a lineage are those of all its publications: the first one changes with the second.
    const published = ['publication.changed', 'publication.published'];
    expect(typesOn(own.path).sort()).toEqual(published);
    expect(typesOn(guest.path).sort()).toEqual(['import.update_available', ...published]);
    expect(typesOn(other.path)).toEqual([]);
    const told = receiver.on(guest.path).map((each) => read(guest.secret, each));
    const publication = {
      __typename: 'Publication',
      id: second.id,
      componentType: 'RightScript',
      lineageId: head.lineageId,
      revision: 2,
      name: 'shared',
    };
    const update = told.find(({ type }) => type.endsWith('import.update_available'));
    expect(update).toMatchObject({
      subject: component.id,
      data: {
        component: {
          __typename: 'RightScript',
          id: component.id,
          lineageId: head.lineageId,
          revision: 1,
          name: 'shared',
        },
        update: publication,
      },
    });
    expect(told.find(({ subject }) => subject === second.id)).toMatchObject({
      type: 'dev.mci-graph.publication.published',
      data: { change: 'PUBLISHED', publication },
    });
    expect(told.find(({ subject }) => subject === first.id)).toMatchObject({ data: { change: 'CHANGED' } });
    expect(new Set(told.map(({ id }) => id)).size).toBe(3);

    // From when the other account belongs to the group, it is told, too.
    await join(publisher, group, stranger);
    const third = await script(publisher, 'third');
    await publish(publisher, 'RightScript', await commit(publisher, 'RightScript', third), {
      groups: [group],
    });
    await quiet();
    expect(typesOn(other.path)).toEqual(['publication.published']);
  });

  test('R-2.2: nothing of other accounts', async () => {
    const other = await api.account();
    const { path } = await hook(other);
    await hook(account);
    await commit(account, 'RightScript', await script(account));
    await quiet();
    expect(receiver.on(path)).toEqual([]);
    expect(await sql('SELECT FROM webhook_deliveries WHERE account_id = $1', other.key)).toEqual([]);
  });

  test('only what it is for, from its creation on, and nothing while it is inactive', async () => {
    const before = await script(account, 'before');
    await quiet();
    const { id, path } = await hook(account, {
      events: ['COMPONENT', 'IMPORT_UPDATE'],
      lineageIds: [before.lineageId],
    });
    await script(account, 'another');
    await commit(account, 'RightScript', before);
    await quiet();
    expect(typesOn(path)).toEqual(['component.committed']);

    const { webhook } = await act(account, 'updateWebhook', { id, expectedVersion: 1, active: false });
    expect(webhook).toMatchObject({ active: false, version: 2 });
    await script(account, 'meanwhile');
    await quiet();
    await act(account, 'updateWebhook', { id, expectedVersion: 2, active: true, lineageIds: [] });
    await script(account, 'afterwards');
    await quiet();
    expect(typesOn(path)).toEqual(['component.committed', 'component.created']);
    expect(JSON.parse(receiver.on(path)[1]?.body ?? '').data.component.name).toBe('afterwards');
  });
});

describe('attempts', () => {
  test('a failure is tried again later, with the same id and bytes, until it is delivered', async () => {
    const told = await hook(account, { events: ['COMPONENT'] });
    const { id, secret, path } = told;
    receiver.answer(path, status(500, IN_AN_HOUR, 'out of order'));
    await script(account);
    await quiet();
    const [failed] = await deliveriesOf(account, { id }, 'PENDING');
    expect(failed).toMatchObject({
      state: 'PENDING',
      attempts: 1,
      lastStatus: 500,
      lastError: 'The receiver answered 500. out of order',
      endedAt: null,
    });
    const delay = ({ nextAttemptAt, lastAttemptAt }: Data) =>
      Date.parse(nextAttemptAt) - Date.parse(lastAttemptAt);
    expect(delay(failed)).toBeGreaterThanOrEqual(3_600_000);

    // Unless it is asked for, too: the later, the more attempts there were.
    await sql('UPDATE webhook_deliveries SET attempts = 6 WHERE webhook_id = $1', keyOf('Webhook', id));
    receiver.answer(path, status(429));
    await hurry(told);
    await quiet();
    const [later] = await deliveriesOf(account, { id });
    expect(later).toMatchObject({ attempts: 7, lastStatus: 429 });
    expect(delay(later)).toBeGreaterThanOrEqual(8000 * 3 ** 6);

    receiver.answer(path, status(204));
    await hurry(told);
    await quiet();
    expect(await deliveriesOf(account, { id })).toEqual([
      {
        ...later,
        state: 'DELIVERED',
        attempts: 8,
        nextAttemptAt: null,
        lastAttemptAt: expect.any(String),
        lastStatus: 204,
        lastError: null,
        endedAt: expect.any(String),
      },
    ]);
    const received = receiver.on(path);
    expect(received).toHaveLength(3);
    const metrics = await (await fetch(`${api.url}/metrics`)).text();
    for (const outcome of ['delivered', 'pending'])
      expect(metrics).toMatch(new RegExp(`webhook_attempts_total\\{outcome="${outcome}"\\} [1-9]`));
    for (const each of received) read(secret, each);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([failed.id]));
  });

  test('after twelve attempts it is given up, can be seen, and replayed with the same id', async () => {
    const told = await hook(account, { events: ['COMPONENT'] });
    const { id, path } = told;
    receiver.answer(path, status(503, IN_AN_HOUR));
    await script(account);
    await receiver.until(path, 1);
    await quiet();
    await sql('UPDATE webhook_deliveries SET attempts = 11 WHERE webhook_id = $1', keyOf('Webhook', id));
    await hurry(told);
    await quiet();
    const [dead] = await deliveriesOf(account, { id }, 'DEAD');
    expect(dead).toMatchObject({ state: 'DEAD', attempts: 12, lastStatus: 503, nextAttemptAt: null });
    expect(await deliveriesOf(account, { id }, 'PENDING')).toEqual([]);

    receiver.answer(path, status(200));
    const replay = { webhookId: id, deliveryIds: [dead.id, dead.id] };
    expect(await act(account, 'replayWebhookDeliveries', replay)).toMatchObject({ replayedCount: 1 });
    await quiet();
    expect(await deliveriesOf(account, { id }, 'DELIVERED')).toMatchObject([{ id: dead.id, attempts: 1 }]);
    // What was delivered can be sent once more, and all that are dead at once.
    expect(await act(account, 'replayWebhookDeliveries', replay)).toMatchObject({ replayedCount: 1 });
    await quiet();
    const received = receiver.on(path);
    expect(new Set(received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([dead.id]));
    expect(received).toHaveLength(4);
    await sql(
      `UPDATE webhook_deliveries SET state = 'DEAD', ended_at = now(), next_attempt_at = NULL WHERE webhook_id = $1`,
      keyOf('Webhook', id),
    );
    const allDead = { webhookId: id, allDead: true };
    expect(await act(account, 'replayWebhookDeliveries', allDead)).toMatchObject({ replayedCount: 1 });
    await quiet();
    expect(receiver.on(path)).toHaveLength(5);
    expect(await act(account, 'replayWebhookDeliveries', allDead)).toMatchObject({ replayedCount: 0 });
  });

  test('410 ends the webhook: nothing more is sent until it is made active', async () => {
    const { id, path } = await hook(account, { events: ['COMPONENT'] });
    receiver.answer(path, status(410));
    await script(account);
    await quiet();
    await script(account);
    await quiet();
    expect(receiver.on(path)).toHaveLength(1);
    expect(await deliveriesOf(account, { id })).toMatchObject([
      { state: 'DEAD', lastStatus: 410, attempts: 1 },
    ]);
    const { node } = await account.query(
      'query($id: ID!) { node(id: $id) { ... on Webhook { active version } } }',
      { id },
    );
    expect(node).toMatchObject({ active: false, version: 2 });
    expect((await auditOf(account)).at(-2)).toMatchObject({
      action: 'webhook.deactivate',
      changes: { status: 410 },
    });
  });

  test('a ping tries it out', async () => {
    const { id, secret, path } = await hook(account, { events: ['INSTANCE'] });
    const { delivery } = await act(account, 'testWebhook', { id });
    expect(delivery).toMatchObject({
      eventId: delivery.id,
      type: 'dev.mci-graph.webhook.ping',
      webhook: { id },
    });
    const [ping] = await receiver.until(path, 1);
    if (!ping) throw new Error('Nothing was received');
    expect(ping.body).toBe(delivery.payload);
    expect(read(secret, ping)).toMatchObject({ subject: id, data: { webhook: { id } } });
    await act(account, 'updateWebhook', { id, expectedVersion: 1, active: false });
    expect((await ask(account, 'testWebhook', { id })).userErrors).toMatchObject([{ code: 'INVALID' }]);
  });
});

describe('several processes', () => {
  test('each delivery is sent by one of them, once', async () => {
    const { id, path } = await hook(account, { events: ['COMPONENT'] });
    const second = await sendingProcess(api.dataSource);
    try {
      await Promise.all(Array.from({ length: 25 }, (_, index) => script(account, `script ${index}`)));
      await quiet();
      const names = receiver.on(path).map(({ body }) => JSON.parse(body).data.component.name);
      expect(names.sort()).toEqual(Array.from({ length: 25 }, (_, index) => `script ${index}`).sort());
      expect(await deliveriesOf(account, { id }, 'DELIVERED')).toHaveLength(25);
    } finally {
      await second.close();
    }
  });

  test('what one took that then died is sent by another when its lease has ended', async () => {
    const told = await hook(account, { events: ['COMPONENT'] });
    const { id, path } = told;
    receiver.answer(path, status(500, IN_AN_HOUR));
    await script(account);
    await quiet();
    // As a process that takes it, and dies before it knows what came of it.
    const { manager } = api.dataSource;
    const [lost] = await manager.transaction(async (taking) => {
      await taking.query(
        `UPDATE webhook_deliveries SET next_attempt_at = now() - interval '1 second' WHERE webhook_id = $1`,
        [keyOf('Webhook', id)],
      );
      return claimDeliveries(taking, {
        limit: 1,
        leaseSeconds: 3600,
        underWay: [],
        perAccount: 1,
        perWebhook: 1,
      });
    });
    if (lost === undefined) throw new Error('Nothing was taken');
    receiver.answer(path, status(204));
    await hurry(told);
    expect(await deliveriesOf(account, { id })).toMatchObject([{ state: 'PENDING', attempts: 2 }]);
    await sql('UPDATE webhook_deliveries SET next_attempt_at = now() WHERE id = $1', lost.id);
    await script(waker);
    await quiet();
    expect(await deliveriesOf(account, { id })).toMatchObject([{ state: 'DELIVERED', attempts: 3 }]);
    expect(receiver.on(path)).toHaveLength(2);
    // Should it live after all, it has no say any more.
    const step = { state: 'DEAD', gone: false } as const;
    expect(await settleDelivery(manager, lost, { step, status: 500, error: 'late' })).toBe(false);
    expect(await deliveriesOf(account, { id })).toMatchObject([{ state: 'DELIVERED', lastError: null }]);
  });
});

describe('receivers that hang', () => {
  test('hold up nobody but their own account', async () => {
    const hanging = await Promise.all(
      Array.from({ length: 20 }, () => hook(account, { events: ['COMPONENT'] })),
    );
    const pending: (() => void)[] = [];
    for (const { path } of hanging)
      receiver.answer(path, (_received, response) => pending.push(() => response.writeHead(204).end()));
    await Promise.all(Array.from({ length: 5 }, (_, index) => script(account, `script ${index}`)));
    // As many as one account may have.
    await until(async () => pending.length === 8);
    const other = await api.account();
    const { id, path } = await hook(other);
    await act(other, 'testWebhook', { id });
    await receiver.until(path, 1);
    expect(pending).toHaveLength(8);
    for (const each of hanging) receiver.answer(each.path, status(204));
    for (const end of pending) end();
    await quiet();
    expect(hanging.map((each) => receiver.on(each.path).length)).toEqual(Array(20).fill(5));
  });

  test('of what is due, those who have the least under way come first', async () => {
    const other = await api.account();
    const keys = new Map<string, string>();
    for (const [name, of] of [
      ['a', account],
      ['b', account],
      ['c', account],
      ['other', other],
    ] as const) {
      const { webhook } = await act(of, 'createWebhook', { url: receiver.url('x'), events: ['COMPONENT'] });
      keys.set(keyOf('Webhook', webhook.id), name);
    }
    const hooks = [...keys.keys()];
    const taking = api.dataSource.createQueryRunner();
    await taking.startTransaction();
    try {
      await taking.query('UPDATE webhooks SET active = false WHERE id <> ALL($1::uuid[])', [hooks]);
      // The other account's is due last.
      await taking.query(
        `INSERT INTO webhook_deliveries
           (id, webhook_id, account_id, event_id, type, payload, state, next_attempt_at, created_at)
         SELECT gen_random_uuid(), webhook.id, account_id, number, 'x', '{}', 'PENDING',
                now() - make_interval(secs => CASE WHEN account_id = $2 THEN 1 ELSE 10 + number END), now()
           FROM webhooks AS webhook, generate_series(1, 9) AS number WHERE webhook.id = ANY($1::uuid[])`,
        [hooks, other.key],
      );
      const underWay: ClaimedDelivery[] = [];
      const take = async (limit: number): Promise<(string | undefined)[]> => {
        const claim = { limit, leaseSeconds: 60, underWay, perAccount: 4, perWebhook: 2 };
        const taken = await claimDeliveries(taking.manager, claim);
        underWay.push(...taken);
        return taken.map(({ webhookId }) => keys.get(webhookId)).sort();
      };
      expect(await take(2)).toEqual([expect.stringMatching(/^[abc]$/), 'other']);
      expect(await take(10)).toEqual(['a', 'b', 'c', 'other']);
      expect(await take(10)).toEqual([]);
    } finally {
      await taking.rollbackTransaction();
      await taking.release();
    }
  });
});

describe('secrets', () => {
  test('are shown once: not in the graph, the audit log, deliveries or the log', async () => {
    const { id, secret, path } = await hook(account, { events: ['COMPONENT'] });
    const { secret: rotated } = await act(account, 'rotateWebhookSecret', { id });
    expect(rotated).not.toBe(secret);
    expect([secret, rotated]).toEqual([1, 2].map(() => expect.stringMatching(/^whsec_[\w+/]{43}=$/)));
    receiver.answer(path, status(500));
    await script(account);
    await quiet();
    const { webhooks, auditEntries } = await account.query(`{
      webhooks { edges { node { id description deliveries { edges { node { payload lastError } } } } } }
      auditEntries { edges { node { action changes } } } }`);
    const shown = JSON.stringify([webhooks, auditEntries, lines]);
    expect(shown).toContain('webhook.rotateSecret');
    for (const each of [secret, rotated]) {
      const key = Buffer.from(each.slice('whsec_'.length), 'base64');
      for (const form of [each.slice('whsec_'.length), key.toString('hex'), key.toString('base64url')])
        expect(shown.includes(form)).toBe(false);
    }
    // Paths often hold a secret of the receiver's.
    expect(JSON.stringify([auditEntries, lines]).includes(path)).toBe(false);
  });

  test('after a rotation both sign for a day, then only the new one', async () => {
    const { id, secret, path } = await hook(account, { events: ['COMPONENT'] });
    const { secret: rotated, webhook } = await act(account, 'rotateWebhookSecret', { id });
    expect(webhook).toMatchObject({ version: 2 });
    const hours = (Date.parse(webhook.previousSecretUntil) - Date.now()) / 3_600_000;
    expect(Math.round(hours)).toBe(24);
    await script(account);
    const [both] = await receiver.until(path, 1);
    if (!both) throw new Error('Nothing was received');
    expect(both.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    read(secret, both);
    read(rotated, both);
    await sql('UPDATE webhooks SET previous_secret_until = now() WHERE id = $1', keyOf('Webhook', id));
    await script(account);
    const [, one] = await receiver.until(path, 2);
    if (!one) throw new Error('Nothing was received');
    read(rotated, one);
    expect(() => read(secret, one)).toThrow('No matching signature');
  });

  test('a rotation whose answer was lost can be repeated: the receiver knows the newest, or what it had', async () => {
    const { id, secret, path } = await hook(account, { events: ['COMPONENT'] });
    const { secret: lost } = await act(account, 'rotateWebhookSecret', { id });
    const { secret: rotated } = await act(account, 'rotateWebhookSecret', { id });
    await script(account);
    const [received] = await receiver.until(path, 1);
    if (!received) throw new Error('Nothing was received');
    read(secret, received);
    read(rotated, received);
    expect(() => read(lost, received)).toThrow('No matching signature');
  });

  test('a changed body, id or time is told', async () => {
    const { secret, path } = await hook(account, { events: ['COMPONENT'] });
    await script(account);
    const [received] = await receiver.until(path, 1);
    if (!received) throw new Error('Nothing was received');
    const { headers, body } = received;
    const verifier = new Verifier(secret);
    expect(() => verifier.verify(`${body} `, headers)).toThrow('No matching signature');
    expect(() => verifier.verify(body, { ...headers, 'webhook-id': 'another' })).toThrow(
      'No matching signature',
    );
    const earlier = String(Number(headers['webhook-timestamp']) - 60);
    expect(() => verifier.verify(body, { ...headers, 'webhook-timestamp': earlier })).toThrow(
      'No matching signature',
    );
  });
});

describe('keeping webhooks', () => {
  test('who edits has seen the present version; deleting ends everything', async () => {
    const { id, path } = await hook(account, { description: 'first' });
    const { webhook } = await act(account, 'updateWebhook', {
      id,
      expectedVersion: 1,
      description: null,
      events: ['COMPONENT'],
    });
    expect(webhook).toEqual({
      id,
      url: receiver.url(path),
      description: null,
      events: ['COMPONENT'],
      lineageIds: [],
      active: true,
      version: 2,
      previousSecretUntil: null,
      createdBy: { id: `usr_${account.userKey}` },
    });
    const stale = await ask(account, 'updateWebhook', { id, expectedVersion: 1, active: false });
    expect(stale.userErrors).toMatchObject([{ code: 'STALE', currentVersion: 2 }]);
    // Nothing changed: no new version, no entry in the log.
    const entries = (await auditOf(account)).length;
    const same = await act(account, 'updateWebhook', { id, expectedVersion: 2, events: ['COMPONENT'] });
    expect(same.webhook.version).toBe(2);
    expect(await auditOf(account)).toHaveLength(entries);
    receiver.answer(path, status(500));
    await script(account);
    await quiet();
    expect(await act(account, 'deleteWebhook', { id })).toMatchObject({ deletedId: id });
    expect((await account.query('query($id: ID!) { node(id: $id) { id } }', { id })).node).toBeNull();
    expect((await ask(account, 'deleteWebhook', { id })).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect(await sql('SELECT FROM webhook_deliveries WHERE account_id = $1', account.key)).toEqual([]);
  });

  test('webhooks that are deleted while they are told of events hold up nobody', async () => {
    const stays = await hook(account, { events: ['COMPONENT'] });
    const goes = await Promise.all(
      Array.from({ length: 10 }, () => hook(account, { events: ['COMPONENT'] })),
    );
    await Promise.all([
      ...goes.map(({ id }) => act(account, 'deleteWebhook', { id })),
      ...goes.map(({ path: name }) => script(account, name)),
    ]);
    await quiet();
    expect(await deliveriesOf(account, stays, 'DELIVERED')).toHaveLength(10);
  });

  test('what can not be is refused, by the name of its field', async () => {
    const { id } = await hook(account);
    const other = await hook(await api.account());
    const url = receiver.url('x');
    const refusals: [string, object, string, string[]][] = [
      ['createWebhook', { url: 'ftp://x', events: ALL_EVENTS }, 'INVALID', ['input', 'url']],
      ['createWebhook', { url, events: [] }, 'INVALID', ['input', 'events']],
      [
        'createWebhook',
        { url, events: ALL_EVENTS, lineageIds: ['x'] },
        'INVALID',
        ['input', 'lineageIds', '0'],
      ],
      ['updateWebhook', { id, expectedVersion: 1, url: null }, 'INVALID', ['input', 'url']],
      ['updateWebhook', { id: other.id, expectedVersion: 1 }, 'NOT_FOUND', ['input', 'id']],
      ['rotateWebhookSecret', { id: other.id }, 'NOT_FOUND', ['input', 'id']],
      ['replayWebhookDeliveries', { webhookId: id }, 'INVALID', ['input', 'deliveryIds']],
      [
        'replayWebhookDeliveries',
        { webhookId: id, deliveryIds: [], allDead: true },
        'INVALID',
        ['input', 'deliveryIds'],
      ],
      [
        'replayWebhookDeliveries',
        { webhookId: id, deliveryIds: [`dlv_${randomUUID()}`] },
        'NOT_FOUND',
        ['input', 'deliveryIds'],
      ],
      [
        'replayWebhookDeliveries',
        { webhookId: other.id, allDead: true },
        'NOT_FOUND',
        ['input', 'webhookId'],
      ],
    ];
    const before = await auditOf(account);
    for (const [name, input, code, path] of refusals)
      expect({ name, input, errors: (await ask(account, name, input)).userErrors }).toMatchObject({
        name,
        input,
        errors: [{ code, path }],
      });
    expect(await auditOf(account)).toEqual(before);
  });

  test('an account has at most twenty', async () => {
    const made = await Promise.all(
      Array.from({ length: 22 }, () =>
        ask(account, 'createWebhook', { url: receiver.url('x'), events: ALL_EVENTS }),
      ),
    );
    expect(made.filter(({ webhook }) => webhook !== null)).toHaveLength(20);
    expect(made.flatMap(({ userErrors }) => userErrors)).toMatchObject(
      [1, 2].map(() => ({ code: 'LIMIT_EXCEEDED' })),
    );
  });

  test('only admins see them, on every path', async () => {
    const { id } = await hook(account);
    const { delivery } = await act(account, 'testWebhook', { id });
    const designer = await account.tokenWith('DESIGNER');
    const admin = await account.tokenWith('ADMIN');
    const source = `query($ids: [ID!]!, $references: [_Any!]!) {
      nodes(ids: $ids) { id } _entities(representations: $references) { ... on Node { id } } }`;
    const ids = [id, delivery.id];
    const references = [
      { __typename: 'Webhook', id },
      { __typename: 'WebhookDelivery', id: delivery.id },
    ];
    const seen = async (token: string) => (await api.request(token, source, { ids, references })).data;
    expect(await seen(designer)).toEqual({ nodes: [null, null], _entities: [null, null] });
    expect(await seen(admin)).toEqual({
      nodes: ids.map((each) => ({ id: each })),
      _entities: ids.map((each) => ({ id: each })),
    });
  });
});

describe('the receiver of the README', () => {
  const ROOT = path.join(__dirname, '..', '..');

  /** A port that was free a moment ago. */
  async function freePort(): Promise<number> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    await once(server.close(), 'close');
    return port;
  }

  test('runs, takes what is signed and nothing else', async () => {
    const [, source] =
      /^```js receiver\n(.*?)^```$/ms.exec(readFileSync(path.join(ROOT, 'README.md'), 'utf8')) ?? [];
    if (source === undefined) throw new Error('The README shows no receiver');
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/`;
    const { webhook, secret } = await act(account, 'createWebhook', { url, events: ['COMPONENT'] });
    const receiving = spawn(process.execPath, ['--input-type=module', '--eval', source], {
      cwd: ROOT,
      env: { ...process.env, PORT: String(port), WEBHOOK_SECRET: secret },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const unsigned = () =>
        fetch(url, { method: 'POST', body: '{}' }).then(
          ({ status: code }) => code,
          () => null,
        );
      await until(async () => (await unsigned()) === 401);
      const { id } = await script(account);
      const [line] = (await once(createInterface(receiving.stdout), 'line')) as [string];
      expect(line).toContain(`dev.mci-graph.component.created ${id} {"change":"CREATED"`);
      await quiet();
      expect(await deliveriesOf(account, webhook)).toMatchObject([{ state: 'DELIVERED', lastStatus: 204 }]);
    } finally {
      receiving.kill();
      await once(receiving, 'exit');
    }
  });
});

test('nothing of all this was a fault', () => {
  const logged = lines.map((line) => JSON.parse(line) as { level: number; msg: string });
  expect(logged.length).toBeGreaterThan(100);
  expect(logged.filter(({ level }) => level >= 50)).toEqual([]);
});
