import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import { changedAtoms } from '../../domain/merge/changed-atoms';
import type { VisibleCatalog } from '../../domain/versioning/check-setting';
import {
  SCRIPT_PHASES,
  type ComponentContents,
  type MultiCloudImageContent,
  type ServerTemplateContent,
} from '../../domain/versioning/component-content';
import type { ComponentType } from '../../domain/versioning/component-type';
import type { MergeFacts, UnpinnableVersion } from '../../domain/versioning/merge-violations';
import type { PinnedType } from '../../domain/versioning/pin-updates';
import { fromSettingAtom } from '../../domain/versioning/setting-atom';
import { versionsByRevision } from './component-batches';
import { COMPONENT_ENTITIES, liveVersions, lockLiveVersions, type LineageRevision } from './component-store';
import { readVisibleCatalog } from './multi-cloud-image-store';

/** How sure the answer must be: what is to be written is locked against deletion meanwhile. */
export type FactsFor = 'PREVIEW' | 'MERGE';

/** What must be known of the rest of the account to tell whether a merged content keeps the rules. */
export function readMergeFacts<T extends ComponentType>(
  manager: EntityManager,
  type: T,
  viewer: Viewer,
  before: ComponentContents[T],
  merged: ComponentContents[T],
  use: FactsFor,
): Promise<MergeFacts[T]> {
  return READERS[type](manager, viewer, before, merged, use);
}

type Reader<T extends ComponentType> = (
  manager: EntityManager,
  viewer: Viewer,
  before: ComponentContents[T],
  merged: ComponentContents[T],
  use: FactsFor,
) => Promise<MergeFacts[T]>;

const READERS: { [T in ComponentType]: Reader<T> } = {
  MultiCloudImage: catalogOfBrought,
  ServerTemplate: unpinnable,
  RightScript: () => Promise.resolve(null),
};

function catalogOfBrought(
  manager: EntityManager,
  viewer: Viewer,
  before: MultiCloudImageContent,
  merged: MultiCloudImageContent,
): Promise<VisibleCatalog> {
  return readVisibleCatalog(
    manager,
    viewer,
    changedAtoms(before.settings, merged.settings).map(([cloud, atom]) => fromSettingAtom(cloud, atom)),
  );
}

/** A pin that the merge brings in or changes, by its place in the content. */
interface BroughtPin extends LineageRevision {
  readonly path: readonly string[];
}

async function unpinnable(
  manager: EntityManager,
  viewer: Viewer,
  before: ServerTemplateContent,
  merged: ServerTemplateContent,
  use: FactsFor,
): Promise<readonly UnpinnableVersion[]> {
  const toPin =
    (...field: string[]) =>
    ([lineageId, { revision }]: [string, { readonly revision: number }]): BroughtPin => ({
      path: [...field, lineageId],
      lineageId,
      revision,
    });
  const images = changedAtoms(before.multiCloudImages, merged.multiCloudImages).map(
    toPin('multiCloudImages'),
  );
  // Of all phases at once, so that they are locked in one order: else two merges could wait for one another.
  const scripts = SCRIPT_PHASES.flatMap((phase) =>
    changedAtoms(before.scripts[phase].items, merged.scripts[phase].items).map(toPin('scripts', phase)),
  );
  return [
    ...(await missing(manager, viewer, 'MultiCloudImage', images, use)),
    ...(await missing(manager, viewer, 'RightScript', scripts, use)),
  ];
}

async function missing(
  manager: EntityManager,
  viewer: Viewer,
  type: PinnedType,
  pins: readonly BroughtPin[],
  use: FactsFor,
): Promise<UnpinnableVersion[]> {
  const find = use === 'MERGE' ? lockLiveVersions : liveVersions;
  const live = await find(manager, type, viewer.accountId, pins);
  const gone = pins.filter((pin) => !live.some((version) => sameVersion(version, pin)));
  if (gone.length === 0) return [];
  const deleted = await versionsByRevision(manager, COMPONENT_ENTITIES[type], viewer, gone);
  return gone.map((pin) => ({
    ...pin,
    type,
    deleted: deleted.find((version) => sameVersion(version, pin)) ?? null,
  }));
}

const sameVersion = (left: LineageRevision, right: LineageRevision): boolean =>
  left.lineageId === right.lineageId && left.revision === right.revision;
