import { notFound } from '../domain/errors';
import { assertCurrent } from '../domain/servers/assert-current';
import { DEFINED_NAMES, definedAction, type DefinedType } from '../domain/servers/defined-type';
import { recordAudit } from '../persistence/access/audit-store';
import type { Row } from '../persistence/select';
import {
  lockDefined,
  shareDefined,
  updateDefined,
  type DefinedColumns,
  type DefinedRows,
} from '../persistence/servers/server-store';
import { unitOfWork, type ActionContext, type Transaction } from '../persistence/unit-of-work';
import { actingViewer } from './acting-viewer';

/** The definition to edit, as the request names it. */
export interface DefinedTarget {
  readonly id: string;
  /** The version that the editor saw; `null`: any will do. */
  readonly expectedVersion: number | null;
}

/** What an edit changed. */
export interface DefinedEdit<T extends DefinedType> {
  /** For the audit log. */
  readonly verb: string;
  readonly changes: Record<string, unknown>;
  readonly columns: DefinedColumns<T>;
}

/**
 * The frame of every edit of a deployment, server or array: locks it, checks that it is live and that the editor saw its
 * present version, runs `change`, raises the version and writes the audit entry.
 *
 * @param change what to do with the locked row; `null` when nothing changed: then the version stays, without an entry
 * @returns its key
 * @throws DomainError NOT_FOUND, NOT_EDITABLE, STALE, or whatever `change` refuses
 */
export function editDefined<T extends DefinedType>(
  context: ActionContext,
  type: T,
  { id, expectedVersion }: DefinedTarget,
  change: (
    tx: Transaction,
    row: Row<DefinedRows[T]>,
  ) => Promise<DefinedEdit<T> | null> | DefinedEdit<T> | null,
): Promise<string> {
  return unitOfWork(context, async (tx) => {
    const row = await lockToChange(tx, type, id);
    assertCurrent(type, row, expectedVersion);
    const edit = await change(tx, row);
    if (edit === null) return id;
    await updateDefined(tx.manager, type, row, edit.columns, tx.now);
    await recordDefined(tx, type, id, edit.verb, edit.changes);
    return id;
  });
}

/** Locked until the transaction ends, deleted or not. @throws DomainError NOT_FOUND */
export async function lockToChange<T extends DefinedType>(
  tx: Transaction,
  type: T,
  id: string,
): Promise<Row<DefinedRows[T]>> {
  const row = await lockDefined(tx.manager, type, actingViewer(tx).accountId, id);
  if (row === null) throw notFound(DEFINED_NAMES[type], 'input', 'id');
  return row;
}

/** What was deleted is not there to be deleted again. @throws DomainError NOT_FOUND */
export async function lockToDelete<T extends DefinedType>(
  tx: Transaction,
  type: T,
  id: string,
): Promise<Row<DefinedRows[T]>> {
  const row = await lockToChange(tx, type, id);
  if (row.deletedAt !== null) throw notFound(DEFINED_NAMES[type], 'input', 'id');
  return row;
}

/** Something live that the request refers to; it can't be deleted before the transaction ends. @throws DomainError NOT_FOUND */
export async function shareLive<T extends DefinedType>(
  tx: Transaction,
  type: T,
  id: string,
  field: string,
): Promise<Row<DefinedRows[T]>> {
  const row = await shareDefined(tx.manager, type, actingViewer(tx).accountId, id);
  if (row === null) throw notFound(DEFINED_NAMES[type], 'input', field);
  return row;
}

export function recordDefined(
  tx: Transaction,
  type: DefinedType,
  id: string,
  verb: string,
  changes: Record<string, unknown>,
): Promise<void> {
  return recordAudit(tx, {
    action: definedAction(type, verb),
    objectType: type,
    objectId: id,
    changes,
  });
}

/**
 * The edit that gives a row these columns; `null` when there are none.
 *
 * @param describe how columns are told in the audit log
 */
export function columnEdit<T extends DefinedType>(
  row: Row<DefinedRows[T]>,
  verb: string,
  columns: DefinedColumns<T>,
  describe: (columns: Record<string, unknown>) => Record<string, unknown> = (same) => same,
): DefinedEdit<T> | null {
  const fields = Object.keys(columns);
  if (fields.length === 0) return null;
  const current = new Map<string, unknown>(Object.entries(row));
  const before = describe(Object.fromEntries(fields.map((field) => [field, current.get(field)])));
  const after = describe(columns);
  const changes = Object.fromEntries(
    Object.keys(after).map((field) => [field, { before: before[field], after: after[field] }]),
  );
  return { verb, changes, columns };
}
