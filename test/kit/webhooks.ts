import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { DataSource } from 'typeorm';
import { createApp } from '../../src/app';
import { readConfig } from '../../src/config';
import { createSchema } from '../../src/schema';
import type { Data, TestAccount } from './api';
import type { WebhookReceiver } from './webhook-receiver';

/** Settings of a service that sends webhooks, to receivers on the loopback address, too. */
export const SENDING = { MCI_GRAPH_WEBHOOKS: 'true', MCI_GRAPH_WEBHOOK_PRIVATE_ADDRESSES: 'true' };

export const ALL_EVENTS = ['COMPONENT', 'PUBLICATION', 'INSTANCE', 'IMPORT_UPDATE'];

const ERRORS = 'userErrors { __typename code message path ... on StaleVersionError { currentVersion } }';
const WEBHOOK =
  'webhook { id url description events lineageIds active version previousSecretUntil createdBy { id } }';
const WHICH = 'WebhookInput';

const MUTATIONS: Record<string, { readonly input: string; readonly selection: string }> = {
  createWebhook: { input: 'CreateWebhookInput', selection: `${WEBHOOK} secret` },
  updateWebhook: { input: 'UpdateWebhookInput', selection: WEBHOOK },
  deleteWebhook: { input: WHICH, selection: 'deletedId' },
  rotateWebhookSecret: { input: WHICH, selection: `${WEBHOOK} secret` },
  testWebhook: {
    input: WHICH,
    selection: 'delivery { id eventId type state attempts payload webhook { id } }',
  },
  replayWebhookDeliveries: {
    input: 'ReplayWebhookDeliveriesInput',
    selection: `${WEBHOOK} replayedCount`,
  },
};

/** Runs a mutation of webhooks and gives its payload, refused or not. */
export async function askWebhook(account: TestAccount, name: string, input: object): Promise<Data> {
  const mutation = MUTATIONS[name];
  if (mutation === undefined) throw new Error(`No selection for ${name}`);
  const data = await account.query(
    `mutation($input: ${mutation.input}!) { ${name}(input: $input) { ${mutation.selection} ${ERRORS} } }`,
    { input },
  );
  return data[name];
}

/** The same for one that must succeed. */
export async function doWebhook(account: TestAccount, name: string, input: object): Promise<Data> {
  const payload = await askWebhook(account, name, input);
  expect(payload.userErrors).toEqual([]);
  return payload;
}

export interface Hook {
  readonly id: string;
  readonly secret: string;
  /** Of the receiver: its own. */
  readonly path: string;
}

/** A webhook of an account, for all events unless told. */
export async function hookTo(
  receiver: WebhookReceiver,
  account: TestAccount,
  more: object = {},
): Promise<Hook> {
  const path = randomUUID();
  const input = { url: receiver.url(path), events: ALL_EVENTS, ...more };
  const { webhook, secret } = await doWebhook(account, 'createWebhook', input);
  return { id: webhook.id, secret, path };
}

const DELIVERIES = `query($id: ID!, $state: WebhookDeliveryState) { node(id: $id) { ... on Webhook {
  deliveries(first: 100, state: $state) { edges { node {
    id eventId type state attempts nextAttemptAt lastAttemptAt lastStatus lastError createdAt endedAt } } } } } }`;

/** Newest first. */
export async function deliveriesOf(
  account: TestAccount,
  { id }: { readonly id: string },
  state: string | null = null,
): Promise<Data[]> {
  const { node } = await account.query(DELIVERIES, { id, ...(state !== null && { state }) });
  return node.deliveries.edges.map((edge: Data) => edge.node);
}

export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Once all that happened was told, and all that is due was tried. The database rounds times, also up: a second more. */
export const untilQuiet = (dataSource: DataSource): Promise<void> =>
  until(async () => {
    const [row] = await dataSource.query<{ busy: boolean }[]>(`SELECT
      EXISTS (SELECT FROM events WHERE position IS NULL) OR last_position > position OR EXISTS (
        SELECT FROM webhook_deliveries AS delivery JOIN webhooks AS webhook ON webhook.id = delivery.webhook_id
         WHERE webhook.active AND (next_attempt_at < now() + interval '1 second' OR claim_id IS NOT NULL)) AS busy
      FROM event_feed, webhook_dispatch`);
    return row?.busy === false;
  });

/** Another process on the same database, which sends. */
export async function sendingProcess(dataSource: DataSource): Promise<FastifyInstance> {
  const { options } = dataSource;
  const url = options.type === 'postgres' ? options.url : undefined;
  const config = readConfig({ DATABASE_URL: url, MCI_GRAPH_LOG_LEVEL: 'silent', ...SENDING });
  const app = await createApp({ config, dataSource, schema: await createSchema(), explorer: null });
  await app.ready();
  return app;
}
