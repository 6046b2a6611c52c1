import { componentAction, type ComponentType } from '../../domain/versioning/component-type';
import { assertEditable } from '../../domain/versioning/editable';
import { recordAudit } from '../../persistence/access/audit-store';
import { readContent } from '../../persistence/components/component-contents';
import {
  lockVersion,
  updateHead,
  type ComponentRows,
  type HeadColumns,
} from '../../persistence/components/component-store';
import type { Row } from '../../persistence/select';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { missingVersion } from '../marketplace/missing-version';

/** The HEAD to edit, as the request names it. */
export interface HeadTarget<T extends ComponentType> {
  readonly type: T;
  readonly id: string;
  /** The version that the editor saw. */
  readonly expectedVersion: number;
  /** The input field that names it. */
  readonly field: string;
}

/** What an edit changed. */
export interface HeadEdit {
  /** For the audit log. */
  readonly verb: string;
  readonly changes: Record<string, unknown>;
  /** HEAD's own columns that change with it. */
  readonly columns?: HeadColumns;
  /** Only what is not content changed: the version stays. */
  readonly keepsVersion?: boolean;
}

/**
 * The frame of every edit of a HEAD: locks it, checks that the account may edit it and that the editor saw its
 * present version, runs `change`, raises the version and writes the audit entry.
 *
 * @param change what to do with the locked HEAD; `null` when nothing changed: then the version stays, without an entry
 * @returns the key of HEAD
 * @throws DomainError NOT_FOUND, NOT_EDITABLE, STALE, or whatever `change` refuses
 */
export async function editHead<T extends ComponentType>(
  context: ActionContext,
  target: HeadTarget<T>,
  change: (tx: Transaction, head: Row<ComponentRows[T]>) => Promise<HeadEdit | null> | HeadEdit | null,
): Promise<string> {
  const { type, id } = target;
  return unitOfWork(context, async (tx) => {
    const head = await lockHead(tx, target);
    const edit = await change(tx, head);
    if (edit === null) return id;
    if (!edit.keepsVersion) await raiseVersion(tx, type, head, edit.columns ?? {});
    await recordAudit(tx, {
      action: componentAction(type, edit.verb),
      objectType: type,
      objectId: id,
      changes: edit.changes,
    });
    return id;
  });
}

/** HEAD, locked until the transaction ends. @throws DomainError NOT_FOUND, NOT_EDITABLE, STALE, or INVALID for what is not imported */
export async function lockHead<T extends ComponentType>(
  tx: Transaction,
  { type, id, expectedVersion, field }: HeadTarget<T>,
): Promise<Row<ComponentRows[T]>> {
  const { accountId } = actingViewer(tx);
  const head = await lockVersion(tx.manager, type, accountId, id);
  if (head === null) throw await missingVersion(tx, type, id, 'input', field);
  assertEditable(type, head, expectedVersion, field);
  return head;
}

/** The hash follows the content, so that versions can be compared without reading theirs. */
async function raiseVersion<T extends ComponentType>(
  tx: Transaction,
  type: T,
  head: Row<ComponentRows[T]>,
  columns: HeadColumns,
): Promise<void> {
  const { hash } = await readContent(tx.manager, type, { ...head, ...columns });
  await updateHead(tx.manager, type, head, { ...columns, contentHash: Buffer.from(hash, 'hex') }, tx.now);
}
