import type { EntityManager } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import { nearestCommonAncestor, type HistoryVersion } from '../domain/merge/common-ancestor';
import type { ComponentType } from '../domain/versioning/component-type';
import { assertImmutableBase } from '../domain/versioning/merge-base';
import { versionsById } from './component-batches';
import { readContents, type Contained } from './component-contents';
import { COMPONENT_ENTITIES, type ComponentRows } from './component-store';
import { keptVersions } from './kept-version';
import type { Row } from './select';
import { readAncestry } from './version-ancestry';

/** The three sides of a merge. */
export interface MergeSides<T extends ComponentType> {
  readonly ours: Contained<T>;
  readonly theirs: Contained<T>;
  /** Their nearest common ancestor, or the one that was asked for; `null`: they have none. */
  readonly base: Contained<T> | null;
  /** Whether HEAD comes from that very content already. */
  readonly known: boolean;
  /** Whether the base is what both sides come from; another one says nothing of what was merged before. */
  readonly baseIsCommon: boolean;
  /** Whether there is nothing to merge: HEAD comes from it already, and no other base was asked for. */
  readonly merged: boolean;
}

/**
 * Reads what a merge of `from` into the HEAD `into` needs; a bounded number of statements.
 *
 * @param baseId instead of the nearest common ancestor; its row must be among those the account sees
 * @param path of the object in the request that names them
 * @returns `null` when there is no such base
 * @throws DomainError INVALID for a base that may change
 */
export async function readMergeSides<T extends ComponentType>(
  manager: EntityManager,
  type: T,
  viewer: Viewer,
  { into, from, baseId }: { into: Row<ComponentRows[T]>; from: Row<ComponentRows[T]>; baseId: string | null },
  ...path: string[]
): Promise<MergeSides<T> | null> {
  const [theirsBefore] = await readContents(manager, type, [from]);
  if (theirsBefore === undefined) return null;
  const kept = (await keptVersions(manager, type, [theirsBefore])).get(from.id) ?? null;
  const theirOrigins = kept === null ? from.parentIds : [kept];
  const history = await readAncestry(manager, type, viewer, [...into.parentIds, ...theirOrigins]);
  const nearest = nearestCommonAncestor(history, into.parentIds, theirOrigins);
  const base = baseId ?? nearest;
  const baseRows =
    base === null
      ? []
      : await versionsById<ComponentRows[T]>(manager, COMPONENT_ENTITIES[type], viewer, [base]);
  if (baseId !== null && baseRows.length === 0) return null;
  for (const row of baseRows) assertImmutableBase(type, row, ...path, 'baseId');
  const [ours, baseContent] = await readContents(manager, type, [into, ...baseRows]);
  if (ours === undefined) return null;
  const known = kept !== null && nearest === kept;
  return {
    ours,
    theirs: theirsBefore,
    base: baseContent ?? null,
    known,
    baseIsCommon:
      baseId === null || [into.parentIds, theirOrigins].every((side) => comesFrom(history, side, baseId)),
    merged: into.id === from.id || (known && baseId === null),
  };
}

/** Whether one of the versions `ids` is, or comes from, this one. */
const comesFrom = (
  history: ReadonlyMap<string, HistoryVersion>,
  ids: readonly string[],
  id: string,
): boolean => nearestCommonAncestor(history, [id], ids) === id;

/**
 * Whether a merge leaves HEAD, and where it comes from, as it is: it knows theirs already, or it was compared with a
 * base that hides what theirs brought, and took nothing.
 */
export const takesNothing = (
  { known, baseIsCommon }: Pick<MergeSides<ComponentType>, 'known' | 'baseIsCommon'>,
  changes: number,
  resolutions: number,
): boolean => changes === 0 && (known || (!baseIsCommon && resolutions === 0));
