import type { ComponentType } from '../../domain/versioning/component-type';
import type { HistoryEvent } from '../../domain/versioning/history-event';
import { queryPrepared } from '../prepared-statement';
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

/** Writes entries, those of a lineage in their order: one statement. */
export async function recordHistory(tx: Transaction, records: readonly HistoryRecord[]): Promise<void> {
  if (records.length === 0) return;
  await queryPrepared(
    tx.manager,
    `INSERT INTO history_entries
       (account_id, lineage_id, number, component_type, event, component_id, parent_ids, message, at, user_id)
     SELECT record."accountId", record."lineageId", coalesce(
         (SELECT max(entry.number) FROM history_entries AS entry
          WHERE entry.account_id = record."accountId" AND entry.lineage_id = record."lineageId"), 0)
         + row_number() OVER (PARTITION BY record."accountId", record."lineageId" ORDER BY record.place),
       record.type, record.event, record."componentId", record."parentIds", record.message, $2, $3
     FROM ROWS FROM (jsonb_to_recordset($1) AS ("accountId" uuid, "lineageId" uuid, type text, event text,
       "componentId" uuid, "parentIds" uuid[], message text)) WITH ORDINALITY
       AS record("accountId", "lineageId", type, event, "componentId", "parentIds", message, place)`,
    [JSON.stringify(records), tx.now, tx.principal.userId],
  );
}
