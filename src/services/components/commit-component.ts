import { invalid } from '../../domain/errors';
import {
  assertCommitMessage,
  commitObstacle,
  equalsRevision,
  nothingToCommit,
  nothingToCommitButPins,
} from '../../domain/versioning/commit';
import { componentAction, type ComponentType } from '../../domain/versioning/component-type';
import { recordAudit } from '../../persistence/access/audit-store';
import { readContent, type Contained } from '../../persistence/components/component-contents';
import { latestRevisions } from '../../persistence/components/component-store';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { commitHeadDependencies, type CommittedDependency } from './commit-head-dependencies';
import { commitHeads } from './commit-heads';
import { lockHead } from './edit-head';

export interface CommitComponent {
  readonly id: string;
  readonly expectedVersion: number;
  readonly message: string;
}

/** Keys of what a commit made. */
export interface Commit {
  readonly revisionId: string;
  readonly dependencies: readonly CommittedDependency[];
}

/**
 * Makes a revision of a HEAD as it is now.
 *
 * @throws DomainError NOT_FOUND, NOT_EDITABLE, STALE, NOTHING_TO_COMMIT, or INVALID when it may not be committed
 */
export function commitComponent<T extends ComponentType>(
  context: ActionContext,
  type: T,
  input: CommitComponent,
): Promise<Commit> {
  return commit(context, type, input, (_tx, head) => Promise.resolve({ head, dependencies: [] }));
}

/**
 * The same for a ServerTemplate, after the HEADs that it pins: both the new revision and HEAD then pin their revisions
 * . All or nothing.
 *
 * @throws DomainError as above, and HEAD_DEPENDENCY for a pinned HEAD that can't be committed
 */
export function commitWithHeadDependencies(context: ActionContext, input: CommitComponent): Promise<Commit> {
  return commit(context, 'ServerTemplate', input, (tx, head) =>
    commitHeadDependencies(tx, head, input.message),
  );
}

interface Prepared<T extends ComponentType> {
  readonly head: Contained<T>;
  readonly dependencies: readonly CommittedDependency[];
}

async function commit<T extends ComponentType>(
  context: ActionContext,
  type: T,
  { id, expectedVersion, message }: CommitComponent,
  prepare: (tx: Transaction, head: Contained<T>) => Promise<Prepared<T>>,
): Promise<Commit> {
  assertCommitMessage(message);
  return unitOfWork(context, async (tx) => {
    const locked = await lockHead(tx, { type, id, expectedVersion, field: 'id' });
    const found = await readContent(tx.manager, type, locked);
    assertCommittable(type, found, 'id');
    const { head, dependencies } = await prepare(tx, found);
    const revision = await nextRevision(tx, type, head, found);
    const [made] = await commitHeads(tx, type, [{ head, revision }], message);
    if (made === undefined) throw new Error(`${type} ${id} was not committed`);
    await recordAudit(tx, {
      action: componentAction(type, 'commit'),
      objectType: type,
      objectId: id,
      changes: {
        revision,
        message,
        ...(dependencies.length > 0 && { dependencies: dependencies.map(({ change }) => change) }),
      },
    });
    return { revisionId: made.id, dependencies };
  });
}

/** @throws DomainError INVALID, naming the input field */
function assertCommittable<T extends ComponentType>(type: T, { content }: Contained<T>, field: string): void {
  const obstacle = commitObstacle(type, content);
  if (obstacle !== null) throw invalid(obstacle, 'input', field);
}

/** The number that a commit of the locked HEAD gets. @param found as it was @throws DomainError NOTHING_TO_COMMIT */
async function nextRevision<T extends ComponentType>(
  tx: Transaction,
  type: T,
  { version, hash }: Contained<T>,
  found: Contained<T>,
): Promise<number> {
  const latest = (await latestRevisions(tx.manager, type, actingViewer(tx), [version.lineageId])).get(
    version.lineageId,
  );
  if (latest !== undefined && equalsRevision(latest, hash))
    throw found.hash === hash
      ? nothingToCommit(type, latest.revision)
      : nothingToCommitButPins(latest.revision);
  return (latest?.revision ?? 0) + 1;
}
