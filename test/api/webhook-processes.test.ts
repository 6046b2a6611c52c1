import { keyOf } from '../../src/domain/global-id';
import { EventConnection } from '../../src/persistence/events/event-connection';
import { pruneEvents } from '../../src/persistence/events/event-store';
import { isAnythingDue } from '../../src/persistence/events/webhook-delivery-store';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { done } from '../kit/components';
import { WebhookReceiver } from '../kit/webhook-receiver';
import { ALL_EVENTS, askWebhook, deliveriesOf, doWebhook, sendingProcess, until } from '../kit/webhooks';

/** It sends nothing itself, and allows neither HTTP nor private addresses. */
let api: TestApi;
let account: TestAccount;
beforeAll(async () => {
  api = await startApi();
  account = await api.account();
});
afterAll(() => api.close());

const sql = (statement: string, ...values: unknown[]): Promise<Data> =>
  api.dataSource.query(statement, values);
const counted = async (table: string): Promise<number> =>
  (await sql(`SELECT count(*)::int AS count FROM ${table}`))[0].count;

const input = { url: 'https://receiver.example', events: ALL_EVENTS };

test('plain HTTP needs the consent of who runs the service', async () => {
  const { userErrors } = await askWebhook(account, 'createWebhook', {
    ...input,
    url: 'http://receiver.example',
  });
  expect(userErrors).toMatchObject([
    { code: 'INVALID', path: ['input', 'url'], message: expect.stringContaining('must be https') },
  ]);
});

test('events are kept until webhooks were told of them, deliveries for a while', async () => {
  const { webhook } = await doWebhook(account, 'createWebhook', input);
  await done(account, 'createRightScript', { name: 'one', source: 'true' });
  await until(async () => (await sql('SELECT FROM events WHERE position IS NULL')).length === 0);
  const connection = new EventConnection(api.dataSource, { onNews: () => undefined });
  const prune = () => connection.use((events) => pruneEvents(events, tomorrow));
  const tomorrow = new Date(Date.now() + 86_400_000);
  await prune();
  expect(await counted('events')).toBe(1);
  await sql('UPDATE webhook_dispatch SET position = last_position FROM event_feed');
  await prune();
  expect(await counted('events')).toBe(0);
  await connection.end();

  for (const [state, days] of [
    ['DELIVERED', 6],
    ['DELIVERED', 8],
    ['DEAD', 29],
    ['DEAD', 31],
  ])
    await sql(
      `INSERT INTO webhook_deliveries (id, webhook_id, account_id, event_id, type, payload, state, created_at, ended_at)
       SELECT gen_random_uuid(), id, account_id, $1 || $2, 'x', '{}', $1, now(), now() - make_interval(days => $2::int)
         FROM webhooks`,
      state,
      String(days),
    );
  const sending = await sendingProcess(api.dataSource);
  await until(async () => (await counted('webhook_deliveries')) === 2);
  expect(await sql('SELECT event_id AS id FROM webhook_deliveries ORDER BY 1')).toEqual([
    { id: 'DEAD29' },
    { id: 'DELIVERED6' },
  ]);
  await sending.close();
  await doWebhook(account, 'deleteWebhook', { id: webhook.id });
});

test('what happens while a webhook is inactive is not told later, not even by a sender that comes late', async () => {
  const { webhook } = await doWebhook(account, 'createWebhook', input);
  const key = keyOf('Webhook', webhook.id);
  const numbered = () =>
    until(async () => (await sql('SELECT FROM events WHERE position IS NULL')).length === 0);
  await doWebhook(account, 'updateWebhook', { id: webhook.id, expectedVersion: 1, active: false });
  await done(account, 'createRightScript', { name: 'meanwhile', source: 'true' });
  await numbered();
  await doWebhook(account, 'updateWebhook', { id: webhook.id, expectedVersion: 2, active: true });
  await done(account, 'createRightScript', { name: 'afterwards', source: 'true' });
  await numbered();
  const sending = await sendingProcess(api.dataSource);
  const payloads = () => sql('SELECT payload FROM webhook_deliveries WHERE webhook_id = $1', key);
  await until(async () => (await payloads()).length > 0);
  expect((await payloads()).map(({ payload }: Data) => JSON.parse(payload).data.component.name)).toEqual([
    'afterwards',
  ]);
  await sending.close();
  await doWebhook(account, 'deleteWebhook', { id: webhook.id });
});

test('who waits for an inactive webhook is nobody’s work, and given up after 30 days; old secrets go, too', async () => {
  const { webhook } = await doWebhook(account, 'createWebhook', input);
  const key = keyOf('Webhook', webhook.id);
  await doWebhook(account, 'rotateWebhookSecret', { id: webhook.id });
  await doWebhook(account, 'updateWebhook', { id: webhook.id, expectedVersion: 2, active: false });
  for (const days of [29, 31])
    await sql(
      `INSERT INTO webhook_deliveries (id, webhook_id, account_id, event_id, type, payload, state, created_at, next_attempt_at)
       SELECT gen_random_uuid(), id, account_id, $2::text, 'x', '{}', 'PENDING', now(), now() - make_interval(days => $2::text::int)
         FROM webhooks WHERE id = $1`,
      key,
      String(days),
    );
  await sql('UPDATE webhooks SET previous_secret_until = now() WHERE id = $1', key);
  expect(await isAnythingDue(api.dataSource.manager)).toBe(false);
  await sql('UPDATE webhooks SET active = true WHERE id = $1', key);
  expect(await isAnythingDue(api.dataSource.manager)).toBe(true);
  await sql('UPDATE webhooks SET active = false WHERE id = $1', key);
  const sending = await sendingProcess(api.dataSource);
  await until(
    async () =>
      (await sql('SELECT FROM webhooks WHERE id = $1 AND previous_secret IS NULL', key)).length === 1,
  );
  expect(await deliveriesOf(account, webhook)).toMatchObject(
    expect.arrayContaining([
      expect.objectContaining({ eventId: '29', state: 'PENDING' }),
      expect.objectContaining({
        eventId: '31',
        state: 'DEAD',
        lastError: 'The webhook was inactive for too long.',
      }),
    ]),
  );
  await sending.close();
  await doWebhook(account, 'deleteWebhook', { id: webhook.id });
});

test('who stops gives back what it could not end, and who starts sends it', async () => {
  const receiver = await WebhookReceiver.start();
  const { webhook } = await doWebhook(account, 'createWebhook', input);
  await sql('UPDATE webhooks SET url = $2 WHERE id = $1', keyOf('Webhook', webhook.id), receiver.url('hung'));
  receiver.answer('hung', () => undefined);
  const first = await sendingProcess(api.dataSource);
  await done(account, 'createRightScript', { name: 'one', source: 'true' });
  await receiver.until('hung', 1);
  await first.close();
  expect(
    await sql(
      `SELECT state, attempts, claim_id, next_attempt_at < now() + interval '1 second' AS due FROM webhook_deliveries`,
    ),
  ).toEqual([{ state: 'PENDING', attempts: 0, claim_id: null, due: true }]);
  receiver.answer('hung', (_received, response) => response.end());
  const second = await sendingProcess(api.dataSource);
  await until(
    async () => (await sql(`SELECT FROM webhook_deliveries WHERE state = 'DELIVERED'`)).length === 1,
  );
  const [one, again] = receiver.on('hung');
  expect(again?.body).toBe(one?.body);
  await second.close();
  await receiver.close();
});
