import type { EntityManager } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import { sameAtom } from '../domain/merge/canonical-json';
import type { Atom, KeyedAtoms } from '../domain/merge/content';
import type { VisibleCatalog } from '../domain/versioning/check-setting';
import {
  SCRIPT_PHASES,
  type ComponentContents,
  type MultiCloudImageContent,
  type PinAtom,
  type ServerTemplateContent,
} from '../domain/versioning/component-content';
import type { ComponentType } from '../domain/versioning/component-type';
import type { MergeFacts, UnpinnableVersion } from '../domain/versioning/merge-violations';
import { fromSettingAtom } from '../domain/versioning/setting-atom';
import { liveVersions, lockLiveVersions, type LineageRevision } from './component-store';
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

/** What the merge brings in or changes. */
function brought<A extends Atom>(before: KeyedAtoms<A>, merged: KeyedAtoms<A>): [string, A][] {
  return [...merged].filter(([key, atom]) => !sameAtom(before.get(key) ?? null, atom));
}

function catalogOfBrought(
  manager: EntityManager,
  viewer: Viewer,
  before: MultiCloudImageContent,
  merged: MultiCloudImageContent,
): Promise<VisibleCatalog> {
  const settings = brought(before.settings, merged.settings);
  return readVisibleCatalog(
    manager,
    viewer,
    settings.map(([cloud, atom]) => fromSettingAtom(cloud, atom)),
  );
}

async function unpinnable(
  manager: EntityManager,
  viewer: Viewer,
  before: ServerTemplateContent,
  merged: ServerTemplateContent,
  use: FactsFor,
): Promise<readonly UnpinnableVersion[]> {
  const find = use === 'MERGE' ? lockLiveVersions : liveVersions;
  const missing = async (
    type: 'MultiCloudImage' | 'RightScript',
    field: readonly string[],
    pins: readonly [string, PinAtom][],
  ): Promise<UnpinnableVersion[]> => {
    const wanted: LineageRevision[] = pins.map(([lineageId, { revision }]) => ({ lineageId, revision }));
    const found = await find(manager, type, viewer.accountId, wanted);
    return wanted
      .filter(({ lineageId }) => !found.has(lineageId))
      .map(({ lineageId, revision }) => ({ type, path: [...field, lineageId], revision }));
  };
  const answers = [
    await missing(
      'MultiCloudImage',
      ['multiCloudImages'],
      brought(before.multiCloudImages, merged.multiCloudImages),
    ),
  ];
  for (const phase of SCRIPT_PHASES)
    answers.push(
      await missing(
        'RightScript',
        ['scripts', phase],
        brought(before.scripts[phase].items, merged.scripts[phase].items),
      ),
    );
  return answers.flat();
}
