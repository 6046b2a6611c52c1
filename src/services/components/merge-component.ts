import { DomainError, invalid, notFound } from '../../domain/errors';
import { toGlobalId } from '../../domain/global-id';
import { buriedObstacle, equalsRevision } from '../../domain/versioning/commit';
import { describeVersion } from '../../domain/versioning/describe-version';
import { COMPONENT_NAMES, componentAction, type ComponentType } from '../../domain/versioning/component-type';
import { assertEditable, assertSeen } from '../../domain/versioning/editable';
import { mergeViolations } from '../../domain/versioning/merge-violations';
import {
  assertNoConflict,
  planMerge,
  type MergePlan,
  type MergeResolution,
} from '../../domain/versioning/plan-merge';
import { writeContent, type Contained } from '../../persistence/components/component-contents';
import {
  latestRevisions,
  lockVersions,
  updateOrigins,
  type ComponentRows,
} from '../../persistence/components/component-store';
import { recordChange } from '../../persistence/components/history-store';
import { readMergeFacts } from '../../persistence/components/merge-facts';
import { readMergeSides, takesNothing, type MergeSides } from '../../persistence/components/merge-sides';
import type { Row } from '../../persistence/select';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import type { VersionCopy } from '../../persistence/components/version-copy-store';
import { actingViewer } from '../acting-viewer';
import { commitHistory, makeRevisions } from './commit-heads';
import { keepVersion } from './keep-version';
import { missingVersion } from '../marketplace/missing-version';

export interface MergeComponent {
  readonly intoId: string;
  readonly expectedVersion: number;
  readonly fromId: string;
  /** The version of the HEAD `fromId` that the caller saw; `null`: whatever it is now. */
  readonly expectedFromVersion: number | null;
  /** Instead of the nearest common ancestor. */
  readonly baseId: string | null;
  readonly resolutions: readonly MergeResolution[];
}

/**
 * Merges a version into a HEAD, all or nothing. HEAD's uncommitted work is committed first, so that the merge
 * can be undone by restoring that revision. Merging what HEAD comes from already changes nothing.
 *
 * @returns HEAD
 * @throws DomainError NOT_FOUND, NOT_EDITABLE, STALE, MERGE_CONFLICT, MERGE_VIOLATION, or INVALID when HEAD has
 *   uncommitted work that may not be committed, a resolution names no conflict, or `fromId` is not imported
 */
export function mergeComponent<T extends ComponentType>(
  context: ActionContext,
  type: T,
  { intoId, expectedVersion, fromId, expectedFromVersion, baseId, resolutions }: MergeComponent,
): Promise<Row<ComponentRows[T]>> {
  return unitOfWork(context, async (tx) => {
    const viewer = actingViewer(tx);
    // Both in one order, HEADs first, then by key: two merges against each other don't wait for one another.
    const rows = await lockVersions(tx.manager, type, viewer.accountId, [intoId, fromId]);
    const into = rows.find(({ id }) => id === intoId);
    const from = rows.find(({ id }) => id === fromId);
    if (into === undefined) throw await missingVersion(tx, type, intoId, 'input', 'intoId');
    assertEditable(type, into, expectedVersion, 'intoId');
    if (from === undefined) throw await missingVersion(tx, type, fromId, 'input', 'fromId');
    if (expectedFromVersion !== null && from.revision === 0 && !from.snapshot)
      assertSeen(type, from, expectedFromVersion, 'expectedFromVersion');
    const sides = await readMergeSides(tx.manager, type, viewer, { into, from, baseId }, 'input');
    if (sides === null) throw notFound(COMPONENT_NAMES[type], 'input', 'baseId');
    if (sides.merged && resolutions.length === 0) return into;
    const plan = planMerge(type, sides, resolutions, 'input', 'resolutions');
    assertNoConflict(type, plan);
    if (sides.merged || takesNothing(sides, plan.changes.length, resolutions.length)) return into;
    await assertLawful(tx, type, sides.ours, plan);
    return applyMerge(tx, type, sides, plan);
  });
}

/** what breaks a rule changes nothing. */
async function assertLawful<T extends ComponentType>(
  tx: Transaction,
  type: T,
  { content: before }: Contained<T>,
  { merged }: MergePlan<T>,
): Promise<void> {
  const facts = await readMergeFacts(tx.manager, type, actingViewer(tx), before, merged, 'MERGE');
  const violations = mergeViolations(type, before, merged, facts);
  if (violations.length > 0)
    throw new DomainError(
      'MERGE_VIOLATION',
      `The merged ${COMPONENT_NAMES[type]} would break a rule: ${violations.map(({ message }) => message).join(' ')} Nothing was changed.`,
      { path: ['input'], violations },
    );
}

async function applyMerge<T extends ComponentType>(
  tx: Transaction,
  type: T,
  { ours, theirs, base, known }: MergeSides<T>,
  { merged, changes }: MergePlan<T>,
): Promise<Row<ComponentRows[T]>> {
  const { id, accountId, lineageId } = ours.version;
  const committed = await commitUncommitted(tx, type, ours, describeVersion(theirs.version));
  const theirId = await keepVersion(tx, type, theirs);
  const [revision] = committed;
  const ownParentIds = revision === undefined ? ours.version.parentIds : [revision.id];
  const mergedIds = [...new Set([...ownParentIds, theirId])];
  const parentIds = known ? ownParentIds : mergedIds;
  if (changes.length === 0)
    await updateOrigins(tx.manager, type, [{ id, parentIds, contentHash: ours.hash }]);
  else
    await writeContent(tx.manager, type, ours, merged, {
      donors: [theirs.version.id, ...(base === null ? [] : [base.version.id])],
      columns: { parentIds },
      now: tx.now,
    });
  return recordChange(tx, type, id, {
    history: [
      ...commitHistory(type, committed),
      { type, accountId, lineageId, event: 'MERGED', componentId: id, parentIds: mergedIds },
    ],
    audit: {
      action: componentAction(type, 'merge'),
      objectType: type,
      objectId: id,
      changes: {
        fromId: toGlobalId(type, theirs.version.id),
        takenFromId: toGlobalId(type, theirId),
        baseId: base && toGlobalId(type, base.version.id),
        committedRevision: revision?.revision ?? null,
        changes: changes.map(({ path, kind }) => ({ path, kind })),
      },
    },
  });
}

/**
 * what a merge would bury is committed first.
 *
 * @returns the revision, for the history; none when HEAD equals its newest one
 */
async function commitUncommitted<T extends ComponentType>(
  tx: Transaction,
  type: T,
  head: Contained<T>,
  merging: string,
): Promise<VersionCopy[]> {
  const { lineageId } = head.version;
  const latest = (await latestRevisions(tx.manager, type, actingViewer(tx), [lineageId])).get(lineageId);
  if (equalsRevision(latest, head.hash)) return [];
  const obstacle = buriedObstacle(type, head.content);
  if (obstacle !== null) throw invalid(obstacle, 'input', 'intoId');
  const revision = (latest?.revision ?? 0) + 1;
  return makeRevisions(tx, type, [{ head, revision }], `Before merging ${merging}`);
}
