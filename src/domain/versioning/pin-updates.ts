import type { ComponentType } from './component-type';

/** The kinds of component that ServerTemplates pin. */
export type PinnedType = Exclude<ComponentType, 'ServerTemplate'>;

/** What tells a version of a lineage apart from the others. */
export interface VersionState {
  /** 0 is HEAD. */
  readonly revision: number;
  /** `null`: a HEAD that was not changed since hashes are kept, and has no revision. */
  readonly contentHash: Buffer | null;
  readonly deletedAt: Date | null;
}

/**
 * R-5.7 `updateAvailable`: the newest revision of a pin's lineage, if it is above the pinned one; `null` for pins of
 * HEAD, which always show the newest content.
 *
 * @param newest the newest committed revision that the account has, deleted or not
 */
export function updateOfPin<V extends VersionState>(pinned: VersionState, newest: V | null): V | null {
  const comparable = pinned.revision > 0 && isThere(newest);
  return comparable && newest.revision > pinned.revision ? newest : null;
}

/**
 * R-5.7 `changedInHead`: HEAD of a pin's lineage differs from the pinned revision, or, if HEAD is pinned, from the
 * newest one; what was never committed differs from every revision.
 *
 * @param head HEAD of the lineage; without one nothing changed
 */
export function changedInHead(
  pinned: VersionState,
  head: VersionState | null,
  newest: VersionState | null,
): boolean {
  if (!isThere(head)) return false;
  const committed = pinned.revision > 0 ? pinned : newest;
  return committed === null || !sameContent(committed, head);
}

/** What was deleted is not in the local collection any more. */
function isThere<V extends VersionState>(version: V | null): version is V {
  return version !== null && version.deletedAt === null;
}

function sameContent(left: VersionState, right: VersionState): boolean {
  return (
    left.contentHash !== null && right.contentHash !== null && left.contentHash.equals(right.contentHash)
  );
}
