import type { EventKind, GraphEvent, PublicationChange } from '../../domain/events/event';
import type { InstanceState } from '../../domain/servers/instance-state';
import type { ComponentType } from '../../domain/versioning/component-type';
import type { HistoryEvent } from '../../domain/versioning/history-event';

/** A connection, or what else answers SQL: the events have one of their own (event-feed.ts). */
export interface Connection {
  query<R>(statement: string, values?: readonly unknown[]): Promise<R[]>;
}

/** How many events one transaction numbers, or forgets. */
const AT_ONCE = 10_000;

/**
 * Gives every committed event that has none yet its position: nothing ever appears before what was already read. The
 * lock on `event_feed` lets one process do it at a time (docs/adr/0013).
 */
export async function numberEvents(connection: Connection): Promise<void> {
  const [waiting] = await connection.query('SELECT FROM events WHERE position IS NULL LIMIT 1');
  if (waiting === undefined) return;
  await inBatches(
    connection,
    `WITH waiting AS (
       SELECT id, row_number() OVER (ORDER BY id) AS number
         FROM (SELECT id FROM events WHERE position IS NULL ORDER BY id LIMIT $1) AS oldest),
     numbered AS (
       UPDATE events AS event SET position = feed.last_position + waiting.number
         FROM waiting, event_feed AS feed WHERE event.id = waiting.id RETURNING event.position),
     feed AS (
       UPDATE event_feed SET last_position = last_position + (SELECT count(*) FROM numbered))
     SELECT count(*)::integer AS count FROM numbered`,
  );
}

/**
 * Forgets the events from before a time: who goes on after one of them is told so, and not left with a gap. What webhooks
 * have not been told of yet stays.
 */
export const pruneEvents = (connection: Connection, before: Date): Promise<void> =>
  inBatches(
    connection,
    `WITH old AS (SELECT id FROM events WHERE at < $2 AND position IS NOT NULL
        AND (NOT EXISTS (SELECT FROM webhooks) OR position <= (SELECT dispatch.position FROM webhook_dispatch AS dispatch))
      ORDER BY at LIMIT $1),
     gone AS (DELETE FROM events AS event USING old WHERE event.id = old.id RETURNING event.position),
     feed AS (
       UPDATE event_feed SET pruned_position = greatest(pruned_position, (SELECT max(position) FROM gone)))
     SELECT count(*)::integer AS count FROM gone`,
    before,
  );

/** Each batch is a transaction; a statement of its own takes the lock, so that the next one sees what others did meanwhile. */
async function inBatches(connection: Connection, statement: string, ...values: unknown[]): Promise<void> {
  let count: number | undefined;
  do {
    await connection.query('BEGIN');
    try {
      await connection.query('SELECT FROM event_feed FOR UPDATE');
      count = (await connection.query<{ count: number }>(statement, [AT_ONCE, ...values]))[0]?.count;
      await connection.query('COMMIT');
    } catch (error) {
      await connection.query('ROLLBACK');
      throw error;
    }
  } while (count === AT_ONCE);
}

/** How far events are numbered, and up to where they may be gone. */
export interface FeedState {
  readonly last: number;
  readonly pruned: number;
}

export async function feedState(connection: Connection): Promise<FeedState> {
  const [state] = await connection.query<{ last: string; pruned: string }>(
    'SELECT last_position AS last, pruned_position AS pruned FROM event_feed',
  );
  if (state === undefined) throw new Error('The table event_feed has lost its row.');
  return { last: Number(state.last), pruned: Number(state.pruned) };
}

/** Which events are read: all, those of one kind, or those of one account, too. */
export interface EventSelection {
  readonly after: number;
  readonly upTo: number;
  readonly kind?: EventKind;
  readonly accountId?: string;
}

/** The oldest of the selected events, in the order of their positions. */
export async function readEvents(
  connection: Connection,
  { after, upTo, kind, accountId }: EventSelection,
  limit: number,
): Promise<GraphEvent[]> {
  const rows = await connection.query<EventRow>(
    `SELECT position, at, kind, change, account_id AS "accountId", subject_id AS "subjectId",
            component_type AS "componentType", lineage_id AS "lineageId", from_state AS "fromState",
            server_id AS "serverId", server_array_id AS "serverArrayId"
       FROM events
      WHERE position > $1 AND position <= $2 AND ($3::text IS NULL OR kind = $3) AND ($4::uuid IS NULL OR account_id = $4)
      ORDER BY position LIMIT $5`,
    [after, upTo, kind ?? null, accountId ?? null, limit],
  );
  return rows.map(toEvent);
}

interface EventRow {
  position: string;
  at: Date;
  kind: EventKind;
  change: string;
  accountId: string;
  subjectId: string;
  componentType: ComponentType;
  lineageId: string;
  fromState: InstanceState | null;
  serverId: string | null;
  serverArrayId: string | null;
}

/** The constraints of the table hold what the kind promises. */
function toEvent(row: EventRow): GraphEvent {
  const { kind, change, at, accountId, subjectId, componentType, lineageId } = row;
  const facts = { position: Number(row.position), at, accountId };
  switch (kind) {
    case 'COMPONENT':
      return {
        ...facts,
        kind,
        change: change as HistoryEvent,
        componentType,
        lineageId,
        componentId: subjectId,
      };
    case 'PUBLICATION':
      return {
        ...facts,
        kind,
        change: change as PublicationChange,
        componentType,
        lineageId,
        publicationId: subjectId,
      };
    case 'INSTANCE': {
      const { fromState: from, serverId, serverArrayId } = row;
      return {
        ...facts,
        kind,
        from,
        to: change as InstanceState,
        instanceId: subjectId,
        serverId,
        serverArrayId,
      };
    }
  }
}
