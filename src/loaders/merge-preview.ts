import type { EntityManager } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import type { Advisory } from '../domain/advisories/advisory';
import { equalsRevision } from '../domain/versioning/commit';
import type { ComponentType } from '../domain/versioning/component-type';
import { assertLiveHead, assertLocal } from '../domain/versioning/editable';
import { buriedViolations, mergeViolations } from '../domain/versioning/merge-violations';
import { planMerge, type MergePlan, type MergeResolution } from '../domain/versioning/plan-merge';
import type { Component } from '../entities/components/component';
import { versionsById } from '../persistence/components/component-batches';
import type { Contained } from '../persistence/components/component-contents';
import { COMPONENT_ENTITIES, latestRevisions } from '../persistence/components/component-store';
import { readMergeFacts } from '../persistence/components/merge-facts';
import { readMergeSides, takesNothing, type MergeSides } from '../persistence/components/merge-sides';
import { readOnce } from '../persistence/read-once';
import type { Row } from '../persistence/select';
import {
  namesOfDifferences,
  showChanges,
  showConflicts,
  type ShownChange,
  type ShownConflict,
} from './present-changes';
import type { RequestContext } from './request-context';

/** A merge to be tried, by keys. */
export interface MergeToPreview {
  readonly type: ComponentType;
  readonly intoId: string;
  readonly fromId: string;
  /** Instead of the nearest common ancestor. */
  readonly baseId: string | null;
  readonly resolutions: readonly MergeResolution[];
}

/** What a merge would do. */
export interface PreviewedMerge {
  readonly base: Row<Component> | null;
  /** Of HEAD. */
  readonly changes: readonly ShownChange[];
  /** The unresolved ones. */
  readonly conflicts: readonly ShownConflict[];
  /** Of the merged content, which has ours where a conflict is unresolved, and of what the merge would bury. */
  readonly violations: readonly Advisory[];
  /** Whether the merge would be done. */
  readonly clean: boolean;
}

/**
 * What `mergeComponent` would do, by the same rules. One transaction.
 *
 * @returns `null` when anything named isn't visible
 * @throws DomainError as the merge does, but for conflicts and violations: they are data here
 */
export function previewMerge(context: RequestContext, merge: MergeToPreview): Promise<PreviewedMerge | null> {
  return readOnce(context.dataSource, async (manager) => {
    const { type, intoId, fromId, baseId } = merge;
    const rows = await versionsById(manager, COMPONENT_ENTITIES[type], context.viewer, [intoId, fromId]);
    const into = rows.find(({ id }) => id === intoId);
    const from = rows.find(({ id }) => id === fromId);
    if (into === undefined || from === undefined) return null;
    assertLocal(type, into, context.viewer, 'intoId');
    assertLiveHead(type, into, 'intoId');
    const sides = await readMergeSides(manager, type, context.viewer, { into, from, baseId });
    return sides && preview(manager, context, type, merge.resolutions, sides);
  });
}

async function preview<T extends ComponentType>(
  manager: EntityManager,
  { viewer }: RequestContext,
  type: T,
  resolutions: readonly MergeResolution[],
  sides: MergeSides<T>,
): Promise<PreviewedMerge> {
  const { ours, base, merged } = sides;
  const shownBase = base?.version ?? null;
  const nothing = { base: shownBase, changes: [], conflicts: [], violations: [], clean: true };
  if (merged && resolutions.length === 0) return nothing;
  const plan = planMerge(type, sides, resolutions, 'resolutions');
  if (merged) return nothing;
  // What is still in conflict will need resolutions.
  const taken = resolutions.length + plan.conflicts.length;
  const buries = !takesNothing(sides, plan.changes.length, taken);
  const violations = [
    ...(buries ? await buriedWork(manager, viewer, type, ours) : []),
    ...(await violationsOf(manager, viewer, type, ours, plan)),
  ];
  const clean = plan.conflicts.length === 0 && violations.length === 0;
  const names = await namesOfDifferences(manager, viewer, plan.changes, plan.conflicts);
  return {
    base: shownBase,
    changes: showChanges(plan.changes, names),
    conflicts: showConflicts(plan.conflicts, names),
    violations,
    clean,
  };
}

async function violationsOf<T extends ComponentType>(
  manager: EntityManager,
  viewer: Viewer,
  type: T,
  { content: before }: Contained<T>,
  { merged }: MergePlan<T>,
): Promise<Advisory[]> {
  const facts = await readMergeFacts(manager, type, viewer, before, merged, 'PREVIEW');
  return mergeViolations(type, before, merged, facts);
}

/** the merge would commit HEAD's uncommitted work first. */
async function buriedWork<T extends ComponentType>(
  manager: EntityManager,
  viewer: Viewer,
  type: T,
  { version: { id, lineageId }, content, hash }: Contained<T>,
): Promise<Advisory[]> {
  const violations = buriedViolations(type, id, content);
  if (violations.length === 0) return [];
  const latest = (await latestRevisions(manager, type, viewer, [lineageId])).get(lineageId);
  return equalsRevision(latest, hash) ? [] : violations;
}
