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
  /** The publisher's version that it is a copy of; `null`: a private one. */
  readonly originalId: string | null;
}

/** What is newer than the version in use. */
export interface AvailableUpdate<C, P> {
  /** The greater number of the two. */
  readonly revision: number;
  /** The newest one in the local collection. */
  readonly component: C | null;
  /** The newest one that the marketplace offers to the account. */
  readonly publication: P | null;
  /** Whether what is offered is newer than what is there. */
  readonly inMarketplace: boolean;
}

/** what there is of newer versions; `null` if nothing is. */
export function availableUpdate<C extends Numbered, P extends Numbered>(
  component: C | null,
  publication: P | null,
): AvailableUpdate<C, P> | null {
  const [local, offered] = [component?.revision ?? 0, publication?.revision ?? 0];
  if (local === 0 && offered === 0) return null;
  return { revision: Math.max(local, offered), component, publication, inMarketplace: offered > local };
}

interface Numbered {
  readonly revision: number;
}

/**
 * R-5.7 `updateAvailable`: the newest revision of a pin's lineage in the local collection, and the newest publication of
 * it, so far as they are above the pinned one; `null` for pins of HEAD, which always show the newest content.
 *
 * @param newest the newest committed revision that the account has, deleted or not
 * @param offered the newest one that the marketplace offers to the account
 */
export function updateOfPin<V extends VersionState, P extends Numbered>(
  pinned: VersionState,
  newest: V | null,
  offered: P | null,
): AvailableUpdate<V, P> | null {
  if (pinned.revision === 0) return null;
  const isNewer = (version: Numbered): boolean => version.revision > pinned.revision;
  return availableUpdate(
    isThere(newest) && isNewer(newest) ? newest : null,
    offered !== null && isNewer(offered) ? offered : null,
  );
}

/**
 * R-5.7 `changedInHead`: HEAD of a pin's lineage differs from the pinned revision, or, if HEAD is pinned, from the
 * newest one; what was never committed differs from every revision. What is imported or subscribed changes elsewhere.
 *
 * @param head HEAD of the lineage; without one nothing changed
 */
export function changedInHead(
  pinned: VersionState,
  head: VersionState | null,
  newest: VersionState | null,
): boolean {
  if (!isThere(head) || head.originalId !== null) return false;
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
