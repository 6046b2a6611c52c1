import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import { comesFrom, nearestCommonAncestor } from '../../domain/merge/common-ancestor';
import type { ComponentType } from '../../domain/versioning/component-type';
import { assertImmutableBase } from '../../domain/versioning/merge-base';
import { versionsById } from './component-batches';
import { readVisibleContents, type Contained } from './component-contents';
import { COMPONENT_ENTITIES, ownVersion, type ComponentRows } from './component-store';
import { keptVersions } from './kept-version';
import type { Row } from '../select';
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
 * Reads what a merge of `from` into the HEAD `into` needs; a bounded number of statements. The histories go through the
 * accounts that versions were imported from, but nothing that the viewer may not read is taken as a base,
 * nor are pins that it doesn't see.
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
  const { head, kept } = await readLastState(manager, type, viewer, from);
  const theirOrigins = kept === null ? from.parentIds : [kept];
  const { history, originals } = await readAncestry(manager, type, viewer, [
    ...into.parentIds,
    ...theirOrigins,
    ...(baseId === null ? [] : [baseId]),
  ]);
  const [ourHistory, theirHistory] = [originals(into.parentIds), originals(theirOrigins)];
  const nearest = nearestCommonAncestor(history, ourHistory, theirHistory);
  const baseRow = await readBase(manager, type, viewer, baseId ?? nearest, path);
  if (baseId !== null && baseRow === null) return null;
  const rows = [into, head === null ? from : null, baseRow].filter((row) => row !== null);
  const contents = new Map(
    (await readVisibleContents(manager, type, viewer, rows)).map((one) => [one.version.id, one]),
  );
  const [ours, theirs] = [contents.get(into.id), head ?? contents.get(from.id)];
  if (ours === undefined || theirs === undefined) return null;
  const isBehind = (side: readonly string[], id: string): boolean =>
    originals([id]).some((original) => comesFrom(history, side, original));
  const known = kept !== null && isBehind(ourHistory, kept);
  return {
    ours,
    theirs,
    base: (baseRow && contents.get(baseRow.id)) ?? null,
    known,
    baseIsCommon: baseId === null || [ourHistory, theirHistory].every((side) => isBehind(side, baseId)),
    merged: into.id === from.id || (known && baseId === null),
  };
}

/** The version that a merge is to be based on; `null`: the viewer sees none such. @throws DomainError INVALID, at `path` */
async function readBase<T extends ComponentType>(
  manager: EntityManager,
  type: T,
  viewer: Viewer,
  id: string | null,
  path: readonly string[],
): Promise<Row<ComponentRows[T]> | null> {
  if (id === null) return null;
  // Seldom another account's: its own is found without looking through the marketplace.
  const row =
    (await ownVersion(manager, type, viewer.accountId, id)) ??
    (await versionsById<ComponentRows[T]>(manager, COMPONENT_ENTITIES[type], viewer, [id]))[0] ??
    null;
  if (row !== null) assertImmutableBase(type, row, ...path, 'baseId');
  return row;
}

/**
 * The immutable version that holds the content of `from` as the latest state of its lineage: a revision or snapshot
 * itself; that of a HEAD must be read to tell.
 */
async function readLastState<T extends ComponentType>(
  manager: EntityManager,
  type: T,
  viewer: Viewer,
  from: Row<ComponentRows[T]>,
): Promise<{ readonly head: Contained<T> | null; readonly kept: string | null }> {
  if (from.sealed) return { head: null, kept: from.id };
  const [head = null] = await readVisibleContents(manager, type, viewer, [from]);
  const kept = head && (await keptVersions(manager, type, [head])).get(from.id);
  return { head, kept: kept ?? null };
}

/**
 * Whether a merge leaves HEAD, and where it comes from, as it is: it knows theirs already, or it was compared with a
 * base that hides what theirs brought, and took nothing.
 */
export const takesNothing = (
  { known, baseIsCommon }: Pick<MergeSides<ComponentType>, 'known' | 'baseIsCommon'>,
  changes: number,
  resolutions: number,
): boolean => changes === 0 && (known || (!baseIsCommon && resolutions === 0));
