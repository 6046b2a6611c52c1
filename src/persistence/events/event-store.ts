import type { EntityManager } from 'typeorm';
import type { EventKind, GraphEvent, PublicationChange } from '../../domain/events/event';
import type { InstanceState } from '../../domain/servers/instance-state';
import type { ComponentType } from '../../domain/versioning/component-type';
import type { HistoryEvent } from '../../domain/versioning/history-event';

/** A connection, or what else answers SQL: the events have one of their own (event-feed.ts). */
export interface Connection {
  query<R>(statement: string, values?: readonly unknown[]): Promise<R[]>;
}

/** The connection of a transaction, or of the pool. */
export const connectionOf = (manager: EntityManager): Connection => ({
  query: (statement, values = []) => manager.query(statement, [...values]),
});

/** How many events one transaction numbers, or forgets. */
const AT_ONCE = 10_000;

/**
 * Gives every committed event that has none yet its position: nothing ever appears before what was already read. One
 * process does it at a time; another one leaves it to that, and is notified (docs/adr/0013).
 */
export async function numberEvents(connection: Connection): Promise<void> {
  let counts: { count: number }[];
  do
    counts = await connection.query<{ count: number }>(
      'SELECT CASE WHEN EXISTS (SELECT FROM events WHERE position IS NULL) THEN number_events($1) ELSE 0 END AS count',
      [AT_ONCE],
    );
  while (counts[0]?.count === AT_ONCE);
}

/**
 * Forgets some of the events from before a time: who goes on after one of them is told so, and not left with a gap. What
 * webhooks have not been told of yet stays.
 *
 * @returns whether there may be more
 */
export async function pruneEvents(connection: Connection, before: Date): Promise<boolean> {
  // First it is said, then they go.
  const [pruned] = await connection.query<{ position: string }>(
    `WITH old AS (SELECT position FROM events WHERE at < $1 AND position IS NOT NULL
        AND (NOT EXISTS (SELECT FROM webhooks) OR position <= (SELECT dispatch.position FROM webhook_dispatch AS dispatch))
      ORDER BY at LIMIT $2)
     UPDATE event_feed SET pruned_position = greatest(pruned_position, (SELECT max(position) FROM old))
      WHERE EXISTS (SELECT FROM old) RETURNING pruned_position AS position`,
    [before, AT_ONCE],
  );
  if (pruned === undefined) return false;
  await connection.query('DELETE FROM events WHERE at < $1 AND position <= $2', [before, pruned.position]);
  return true;
}

/** How far events are numbered, and up to where they may be gone. */
export interface FeedState {
  readonly last: number;
  readonly pruned: number;
}

export async function feedState(connection: Connection): Promise<FeedState> {
  const [state] = await connection.query<StateRow>(
    'SELECT last_position AS last, pruned_position AS pruned FROM event_feed',
  );
  return toState(state);
}

interface StateRow {
  last: string;
  pruned: string;
}

function toState(row: StateRow | undefined): FeedState {
  if (row === undefined) throw new Error('The table event_feed has lost its row.');
  return { last: Number(row.last), pruned: Number(row.pruned) };
}

/** The oldest events after a position, in their order, and how far they are numbered at that moment: one statement. */
export async function readNewEvents(
  connection: Connection,
  after: number,
  limit: number,
): Promise<FeedState & { readonly events: GraphEvent[] }> {
  const rows = await connection.query<StateRow & (EventRow | { position: null })>(
    `SELECT feed.last_position AS last, feed.pruned_position AS pruned, event.*
       FROM event_feed AS feed LEFT JOIN LATERAL (
         SELECT ${EVENT_COLUMNS} FROM events WHERE position > $1 AND position <= feed.last_position
          ORDER BY position LIMIT $2) AS event ON true
      ORDER BY event.position`,
    [after, limit],
  );
  const events = rows.flatMap((row) => (row.position === null ? [] : toEvent(row)));
  return { ...toState(rows[0]), events };
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
    `SELECT ${EVENT_COLUMNS} FROM events
      WHERE position > $1 AND position <= $2 AND ($3::text IS NULL OR kind = $3) AND ($4::uuid IS NULL OR account_id = $4)
      ORDER BY position LIMIT $5`,
    [after, upTo, kind ?? null, accountId ?? null, limit],
  );
  return rows.map(toEvent);
}

const EVENT_COLUMNS = `position, at, kind, change, account_id AS "accountId", subject_id AS "subjectId",
  component_type AS "componentType", lineage_id AS "lineageId", from_state AS "fromState",
  server_id AS "serverId", server_array_id AS "serverArrayId"`;

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
