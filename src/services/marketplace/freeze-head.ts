import type { ComponentType } from '../../domain/versioning/component-type';
import type { PinnedType } from '../../domain/versioning/pin-updates';
import { readContent, readContents, type Contained } from '../../persistence/components/component-contents';
import {
  lockVersions,
  recordSnapshots,
  type ComponentRows,
} from '../../persistence/components/component-store';
import { repointPins } from '../../persistence/components/deleted-pins';
import {
  keptSnapshots,
  newestSnapshots,
  unchangedSnapshots,
  type NewestSnapshots,
} from '../../persistence/components/kept-version';
import type { CarriedVersion } from '../../persistence/marketplace/publication-store';
import type { PinnedVersionFacts } from '../../persistence/marketplace/publish-facts';
import type { Row } from '../../persistence/select';
import type { Transaction } from '../../persistence/unit-of-work';
import { copyOf, copyVersions, sealVersions } from '../../persistence/components/version-copy-store';
import { actingViewer } from '../acting-viewer';

/** The frozen content of a HEAD, and everything that its publication carries: that, and what it pins. */
export interface FrozenHead {
  readonly contentId: string;
  readonly carried: readonly CarriedVersion[];
}

/** What the publication carries so far; what is frozen anew comes from that, too. */
export interface FrozenBefore {
  readonly contentId: string;
  /** Hex. */
  readonly contentHash: string;
  readonly versionIds: readonly string[];
}

/**
 * Freezes a locked HEAD as it is now: a snapshot of it; of a ServerTemplate also of the HEADs that it pins, which
 * its snapshot pins instead. Its own HEAD knows nothing of that: clones and merges of it pin the HEADs still. A bounded
 * number of statements.
 *
 * @param pins of a ServerTemplate: what it pins, locked
 * @param before when it is published again
 * @returns the same as before when nothing changed since (`contentId` stays)
 */
export async function freezeHead<T extends ComponentType>(
  tx: Transaction,
  type: T,
  head: Row<ComponentRows[T]>,
  pins: readonly PinnedVersionFacts[],
  before: FrozenBefore | null = null,
): Promise<FrozenHead> {
  const contained = await readContent(tx.manager, type, head);
  if (type !== 'ServerTemplate') {
    const [contentId] = await freezeVersions(tx, type, [contained], before);
    if (contentId === undefined) throw new Error(`${type} ${head.id} was not frozen`);
    return { contentId, carried: [{ type, versionId: contentId, sourcePublicationId: null }] };
  }
  const images = await freezePinned(tx, 'MultiCloudImage', pins, before);
  const scripts = await freezePinned(tx, 'RightScript', pins, before);
  const frozen = new Map([...images, ...scripts].map(({ fromId, toId }) => [fromId, toId]));
  const pinned = pins.map((pin): CarriedVersion => ({
    type: pin.type,
    versionId: frozen.get(pin.id) ?? pin.id,
    sourcePublicationId: pin.sourcePublicationId,
  }));
  const contentId = isFrozenAs(contained.hash, pinned, before)
    ? before.contentId
    : await freezeTemplate(tx, type, contained, images, scripts, before);
  return { contentId, carried: [{ type, versionId: contentId, sourcePublicationId: null }, ...pinned] };
}

function isFrozenAs(
  hash: string,
  pinned: readonly CarriedVersion[],
  before: FrozenBefore | null,
): before is FrozenBefore {
  if (before === null || before.contentHash !== hash) return false;
  const known = new Set(before.versionIds);
  return known.size === pinned.length + 1 && pinned.every(({ versionId }) => known.has(versionId));
}

interface Frozen {
  /** HEAD. */
  readonly fromId: string;
  /** Its snapshot. */
  readonly toId: string;
}

/** Snapshots of the HEADs of one kind that are pinned. */
async function freezePinned(
  tx: Transaction,
  type: PinnedType,
  pins: readonly PinnedVersionFacts[],
  before: FrozenBefore | null,
): Promise<Frozen[]> {
  const ids = pins
    .filter((pin) => pin.type === type && pin.revision === 0 && !pin.snapshot)
    .map(({ id }) => id);
  if (ids.length === 0) return [];
  const heads = await lockVersions(tx.manager, type, actingViewer(tx).accountId, ids);
  const snapshots = await freezeVersions(tx, type, await readContents(tx.manager, type, heads), before);
  return heads.map(({ id }, index) => {
    const toId = snapshots[index];
    if (toId === undefined) throw new Error(`${type} ${id} was not frozen`);
    return { fromId: id, toId };
  });
}

/**
 * Snapshots of locked HEADs: the ones that are offered already or that they last became, if they still equal those and
 * those are the newest of their lineages, else new ones, which they come from, too, from then on. Whoever follows
 * HEAD has the newest one last, whichever publication brings it.
 *
 * @returns their keys, in the order of the HEADs
 */
async function freezeVersions<T extends ComponentType>(
  tx: Transaction,
  type: T,
  heads: readonly Contained<T>[],
  before: FrozenBefore | null,
): Promise<string[]> {
  const equal = new Map([
    ...(await keptSnapshots(tx.manager, type, heads)),
    ...(await unchangedSnapshots(tx.manager, type, heads, before?.versionIds ?? [])),
  ]);
  const newest = await newestOf(tx, type, heads);
  const kept = new Map<string, string>();
  for (const { version } of heads) {
    const { ids } = newest.get(version.lineageId) ?? { ids: [] };
    const id = equal.get(version.id);
    if (id !== undefined && ids.length === 1 && ids[0] === id) kept.set(version.id, id);
  }
  const fresh = heads
    .filter(({ version }) => !kept.has(version.id))
    .map((contained) => copyOf(contained, { snapshot: true }));
  await copyVersions(tx.manager, type, fresh, momentAfter(tx.now, newest));
  await sealVersions(
    tx.manager,
    type,
    fresh.map(({ id }) => id),
  );
  await recordSnapshots(tx.manager, type, fresh);
  for (const { fromId, id } of fresh) kept.set(fromId, id);
  return heads.map(({ version: { id } }) => {
    const key = kept.get(id);
    if (key === undefined) throw new Error(`${type} ${id} was not frozen`);
    return key;
  });
}

const newestOf = <T extends ComponentType>(
  tx: Transaction,
  type: T,
  heads: readonly Contained<T>[],
): Promise<Map<string, NewestSnapshots>> =>
  newestSnapshots(
    tx.manager,
    type,
    actingViewer(tx).accountId,
    heads.map(({ version }) => version.lineageId),
  );

/** Later than these snapshots were taken: another process, whose clock was ahead or who waited, may have taken them. */
const momentAfter = (now: Date, newest: ReadonlyMap<string, NewestSnapshots>): Date =>
  new Date(Math.max(now.getTime(), ...[...newest.values()].map(({ takenAt }) => takenAt.getTime() + 1)));

async function freezeTemplate<T extends ComponentType>(
  tx: Transaction,
  type: T,
  head: Contained<T>,
  images: readonly Frozen[],
  scripts: readonly Frozen[],
  before: FrozenBefore | null,
): Promise<string> {
  const { parentIds } = head.version;
  const snapshot = copyOf(head, {
    snapshot: true,
    parentIds: before === null ? parentIds : [...parentIds, before.contentId],
  });
  await copyVersions(tx.manager, type, [snapshot], momentAfter(tx.now, await newestOf(tx, type, [head])));
  if (images.length > 0) await repointPins(tx.manager, snapshot.id, 'MultiCloudImage', images);
  if (scripts.length > 0) await repointPins(tx.manager, snapshot.id, 'RightScript', scripts);
  await sealVersions(tx.manager, type, [snapshot.id]);
  return snapshot.id;
}
