import type { ComponentType } from '../../domain/versioning/component-type';
import type { Contained } from '../../persistence/components/component-contents';
import { recordHistory, type HistoryRecord } from '../../persistence/components/history-store';
import type { Transaction } from '../../persistence/unit-of-work';
import {
  copyOf,
  copyVersions,
  sealRevisions,
  sealVersions,
  type VersionCopy,
} from '../../persistence/components/version-copy-store';

/** A locked HEAD that may be committed, and the number that its commit gets. */
export interface Commitment<T extends ComponentType> {
  readonly head: Contained<T>;
  readonly revision: number;
}

/**
 * Makes revisions of locked HEADs of one kind; a bounded number of statements.
 * HEAD keeps its content and version, and comes from the new revision from now on.
 *
 * @returns the revisions, in the order of the HEADs
 */
export async function commitHeads<T extends ComponentType>(
  tx: Transaction,
  type: T,
  commitments: readonly Commitment<T>[],
  message: string,
): Promise<VersionCopy[]> {
  const copies = await copyHeads(tx, type, commitments, message);
  await sealRevisions(tx.manager, type, copies);
  await recordHistory(tx, commitHistory(type, copies));
  return copies;
}

/**
 * The same, but for the HEADs, which do not come from the revisions yet, and for the history: whoever calls this writes
 * where they come from, and the entries of `commitHistory`.
 */
export async function makeRevisions<T extends ComponentType>(
  tx: Transaction,
  type: T,
  commitments: readonly Commitment<T>[],
  message: string,
): Promise<VersionCopy[]> {
  const copies = await copyHeads(tx, type, commitments, message);
  await sealVersions(
    tx.manager,
    type,
    copies.map(({ id }) => id),
  );
  return copies;
}

/** Copies of HEADs that are to be sealed as revisions. */
async function copyHeads<T extends ComponentType>(
  tx: Transaction,
  type: T,
  commitments: readonly Commitment<T>[],
  message: string,
): Promise<VersionCopy[]> {
  const commit = { commitMessage: message, committedAt: tx.now, committedById: tx.principal.userId };
  const copies = commitments.map(({ head, revision }) => copyOf(head, { revision, ...commit }));
  await copyVersions(tx.manager, type, copies, tx.now);
  return copies;
}

/** What the history says of revisions that were made. */
export const commitHistory = (type: ComponentType, revisions: readonly VersionCopy[]): HistoryRecord[] =>
  revisions.map(({ id, accountId, lineageId, parentIds, commitMessage }) => ({
    type,
    accountId,
    lineageId,
    event: 'COMMITTED',
    componentId: id,
    parentIds,
    ...(commitMessage !== null && { message: commitMessage }),
  }));
