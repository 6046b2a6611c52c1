import type { DataSource, EntityManager } from 'typeorm';
import {
  cloudEvent,
  importUpdateOf,
  notificationOf,
  type NamedThing,
  type Notification,
  type OutdatedImport,
} from '../../domain/events/cloud-event';
import type { GraphEvent, PublicationChanged } from '../../domain/events/event';
import type { WebhookEvent } from '../../domain/events/webhook';
import { connectionOf, feedState, readEvents } from './event-store';
import { highestImport, updatesOf } from '../marketplace/import-list';
import { publicationVisible } from '../visibility';

/** How many events one transaction makes into deliveries. */
const AT_ONCE = 200;

/** What is told of an event to which webhooks. */
interface Told {
  readonly kind: WebhookEvent;
  readonly position: number;
  /** Only the webhooks of this account; `null`: all that may see the publication. */
  readonly accountId: string | null;
  readonly publicationId: string | null;
  /** `null`: an instance, which has none. */
  readonly lineageId: string | null;
  readonly notification: Notification;
}

/**
 * Makes the oldest numbered events into deliveries, once for each webhook that is to be told, with what its account may
 * see now. The lock lets one process do it at a time; how far it came is committed with what it made.
 *
 * @returns whether there may be more of them
 */
export async function dispatchEvents(dataSource: DataSource): Promise<boolean> {
  if (!(await isAnythingNew(dataSource.manager))) return false;
  await dataSource.transaction(dispatchOnce);
  return true;
}

/**
 * Whether there are events that a webhook may want. While no webhook is active they are passed over, without waiting for
 * the disk: what a crash makes forgotten is passed over again. One statement.
 */
async function isAnythingNew(manager: EntityManager): Promise<boolean> {
  const [state] = await manager.query<{ new: boolean }[]>(
    `WITH passed AS (
       UPDATE webhook_dispatch AS dispatch SET position = feed.last_position FROM event_feed AS feed
        WHERE feed.last_position > dispatch.position AND NOT EXISTS (SELECT FROM webhooks WHERE active)
          AND set_config('synchronous_commit', 'off', true) = 'off'
       RETURNING dispatch.position)
     SELECT feed.last_position > dispatch.position AND NOT EXISTS (SELECT FROM passed) AS new
       FROM event_feed AS feed, webhook_dispatch AS dispatch`,
  );
  return state?.new ?? false;
}

async function dispatchOnce(manager: EntityManager): Promise<void> {
  const [dispatch] = await manager.query<{ position: string; source: string }[]>(
    'SELECT position, source FROM webhook_dispatch FOR UPDATE',
  );
  if (dispatch === undefined) throw new Error('The table webhook_dispatch has lost its row.');
  const connection = connectionOf(manager);
  const { last } = await feedState(connection);
  const wanted = await wantedEvents(manager);
  const after = Number(dispatch.position);
  const events = wanted.size === 0 ? [] : await readEvents(connection, { after, upTo: last }, AT_ONCE);
  const told = [
    ...(await toldOf(manager, events, wanted)),
    ...(wanted.has('IMPORT_UPDATE') ? await importUpdatesTold(manager, events) : []),
  ];
  // Two statements: what one account is told is joined with its webhooks only.
  const isOwn = ({ accountId }: Told): boolean => accountId !== null;
  await insertDeliveries(manager, dispatch.source, told.filter(isOwn), OWN);
  await insertDeliveries(
    manager,
    dispatch.source,
    told.filter((each) => !isOwn(each)),
    VISIBLE,
  );
  const upTo = events.length === AT_ONCE ? (events.at(-1)?.position ?? last) : last;
  await manager.query('UPDATE webhook_dispatch SET position = greatest(position, $1)', [upTo]);
}

async function wantedEvents(manager: EntityManager): Promise<Set<WebhookEvent>> {
  const rows = await manager.query<{ event: WebhookEvent }[]>(
    'SELECT DISTINCT unnest(events) AS event FROM webhooks WHERE active',
  );
  return new Set(rows.map(({ event }) => event));
}

async function toldOf(
  manager: EntityManager,
  events: readonly GraphEvent[],
  wanted: ReadonlySet<WebhookEvent>,
): Promise<Told[]> {
  const told = events.filter(({ kind }) => wanted.has(kind));
  const names = await namesOf(manager, told);
  return told.flatMap((event) => {
    const named = names.get(subjectKey(event));
    // What is gone by now can't be shown to anybody.
    if (named === undefined) return [];
    const isPublication = event.kind === 'PUBLICATION';
    return {
      kind: event.kind,
      position: event.position,
      accountId: isPublication ? null : event.accountId,
      publicationId: isPublication ? event.publicationId : null,
      lineageId: event.kind === 'INSTANCE' ? null : event.lineageId,
      notification: notificationOf(event, named),
    };
  });
}

function subjectKey(event: GraphEvent): string {
  switch (event.kind) {
    case 'COMPONENT':
      return event.componentId;
    case 'PUBLICATION':
      return event.publicationId;
    case 'INSTANCE':
      return event.instanceId;
  }
}

/** By their keys. */
async function namesOf(
  manager: EntityManager,
  events: readonly GraphEvent[],
): Promise<Map<string, NamedThing>> {
  if (events.length === 0) return new Map();
  const rows = await manager.query<({ id: string } & NamedThing)[]>(
    `SELECT id, name, revision FROM multi_cloud_images WHERE id = ANY($1::uuid[])
     UNION ALL SELECT id, name, revision FROM server_templates WHERE id = ANY($1::uuid[])
     UNION ALL SELECT id, name, revision FROM right_scripts WHERE id = ANY($1::uuid[])
     UNION ALL SELECT id, name, revision FROM publications WHERE id = ANY($1::uuid[])
     UNION ALL SELECT id, name, NULL FROM instances WHERE id = ANY($1::uuid[])`,
    [events.map(subjectKey)],
  );
  return new Map(rows.map(({ id, ...named }) => [id, named]));
}

/** Of accounts that have a webhook for it, and that imported an older revision of what is newly offered. */
async function importUpdatesTold(manager: EntityManager, events: readonly GraphEvent[]): Promise<Told[]> {
  const offers = events.filter(
    (event): event is PublicationChanged => event.kind === 'PUBLICATION' && event.change !== 'CHANGED',
  );
  if (offers.length === 0) return [];
  const names = await namesOf(manager, offers);
  const updates = `(${updatesOf('imported')} ORDER BY newer.revision DESC LIMIT 1)`;
  const rows = await manager.query<(OutdatedImport & { publicationId: string; accountId: string })[]>(
    `SELECT publication.id AS "publicationId", imported.account_id AS "accountId", imported.version_id AS id,
            imported.component_type AS "componentType", imported.lineage_id AS "lineageId", imported.revision, copy.name
       FROM publications AS publication
       JOIN imported_versions AS imported ON imported.lineage_id = publication.lineage_id
       JOIN (SELECT id, name FROM multi_cloud_images UNION ALL SELECT id, name FROM server_templates
             UNION ALL SELECT id, name FROM right_scripts) AS copy ON copy.id = imported.version_id
      WHERE publication.id = ANY($1::uuid[])
        AND imported.account_id IN (SELECT account_id FROM webhooks WHERE active AND 'IMPORT_UPDATE' = ANY(events))
        AND ${forAccount(highestImport('imported'), 'imported.account_id')}
        AND publication.id = ${forAccount(updates, 'imported.account_id')}`,
    [offers.map(({ publicationId }) => publicationId)],
  );
  return offers.flatMap((event) => {
    const offered = names.get(event.publicationId);
    if (offered === undefined) return [];
    return rows
      .filter(({ publicationId }) => publicationId === event.publicationId)
      .map(({ publicationId: _publicationId, accountId, ...imported }) => ({
        kind: 'IMPORT_UPDATE' as const,
        position: event.position,
        accountId,
        publicationId: null,
        lineageId: event.lineageId,
        notification: importUpdateOf(event, offered, imported),
      }));
  });
}

/** A predicate for each row's account instead of one viewer. */
const forAccount = (predicate: string, account: string): string => predicate.replaceAll(':viewer', account);

/** Which webhooks are told: those of the account, or those of accounts that may look at the publication. */
const OWN = 'webhook.account_id = told.account_id';
const VISIBLE = `EXISTS (SELECT FROM publications AS publication
  WHERE publication.id = told.publication_id AND ${forAccount(publicationVisible('publication'), 'webhook.account_id')})`;

async function insertDeliveries(
  manager: EntityManager,
  installation: string,
  told: readonly Told[],
  listeners: string,
): Promise<void> {
  if (told.length === 0) return;
  // A webhook that is being deleted is waited for, and told nothing.
  await manager.query(
    `INSERT INTO webhook_deliveries
       (id, webhook_id, account_id, event_id, type, payload, state, attempts, next_attempt_at, created_at)
     SELECT gen_random_uuid(), webhook.id, webhook.account_id, told.event_id, told.type, told.payload, 'PENDING', 0,
            now(), now()
       FROM unnest($1::text[], $2::bigint[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[])
         AS told (kind, position, account_id, publication_id, lineage_id, event_id, type, payload)
       JOIN webhooks AS webhook ON webhook.active AND told.kind = ANY(webhook.events)
        AND webhook.after_position < told.position
        AND (told.lineage_id IS NULL OR cardinality(webhook.lineage_ids) = 0
          OR told.lineage_id = ANY(webhook.lineage_ids))
      WHERE ${listeners}
        FOR KEY SHARE OF webhook
     ON CONFLICT (webhook_id, event_id) DO NOTHING`,
    [
      told.map(({ kind }) => kind),
      told.map(({ position }) => position),
      told.map(({ accountId }) => accountId),
      told.map(({ publicationId }) => publicationId),
      told.map(({ lineageId }) => lineageId),
      told.map(({ notification }) => notification.id),
      told.map(({ notification }) => notification.type),
      told.map(({ notification }) => cloudEvent(installation, notification)),
    ],
  );
}
