import type { ComponentType } from '../../domain/versioning/component-type';
import type { HistoryEvent } from '../../domain/versioning/history-event';
import { auditParameters, INSERT_AUDIT, type AuditRecord } from '../access/audit-store';
import { selectVersions, type ComponentRows } from './component-store';
import { queryPrepared } from '../prepared-statement';
import type { Row } from '../select';
import type { Transaction } from '../unit-of-work';

/** Something that happened to a lineage whose HEAD is locked, or new. */
export interface HistoryRecord {
  readonly type: ComponentType;
  readonly accountId: string;
  readonly lineageId: string;
  readonly event: HistoryEvent;
  /** The version that it made or changed. */
  readonly componentId: string;
  readonly parentIds: readonly string[];
  /** Of a commit. */
  readonly message?: string;
}

/**
 * A statement that writes entries, those of a lineage in their order.
 *
 * @param records SQL for the JSON text of them
 * @param at SQL for when it happened
 * @param userId SQL for who did it
 */
const insertHistory = (records: string, at: string, userId: string): string => `INSERT INTO history_entries
    (account_id, lineage_id, number, component_type, event, component_id, parent_ids, message, at, user_id)
  SELECT record."accountId", record."lineageId", coalesce(
      (SELECT max(entry.number) FROM history_entries AS entry
       WHERE entry.account_id = record."accountId" AND entry.lineage_id = record."lineageId"), 0)
      + row_number() OVER (PARTITION BY record."accountId", record."lineageId" ORDER BY record.place),
    record.type, record.event, record."componentId", record."parentIds", record.message, ${at}, ${userId}
  FROM ROWS FROM (jsonb_to_recordset(${records}) AS ("accountId" uuid, "lineageId" uuid, type text, event text,
    "componentId" uuid, "parentIds" uuid[], message text)) WITH ORDINALITY
    AS record("accountId", "lineageId", type, event, "componentId", "parentIds", message, place)`;

const INSERT_HISTORY = insertHistory('$1', '$2', '$3');

/** Writes entries, those of a lineage in their order: one statement. */
export async function recordHistory(tx: Transaction, records: readonly HistoryRecord[]): Promise<void> {
  if (records.length === 0) return;
  await queryPrepared(tx.manager, INSERT_HISTORY, [JSON.stringify(records), tx.now, tx.principal.userId]);
}

/** The same beside an audit entry, whose parameters come first: its `$3` is the user, its `$9` the time. */
const INSERT_BOTH = `history AS (${insertHistory('$10', '$9', '$3')}), audit AS (${INSERT_AUDIT})`;

/**
 * The end of a change to a version of the account's: writes its history entries and its audit entry, and reads the version
 * as it is by now. One statement.
 */
export async function recordChange<T extends ComponentType>(
  tx: Transaction,
  type: T,
  id: string,
  { history, audit }: { readonly history: readonly HistoryRecord[]; readonly audit: AuditRecord },
): Promise<Row<ComponentRows[T]>> {
  const [row] = await queryPrepared<Row<ComponentRows[T]>>(
    tx.manager,
    `WITH ${INSERT_BOTH} ${selectVersions(tx.manager, type)} WHERE component.id = $11`,
    [...auditParameters(tx, audit), JSON.stringify(history), id],
  );
  if (row === undefined) throw new Error(`${type} ${id} was changed, and is gone`);
  return row;
}
