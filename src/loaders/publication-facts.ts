import DataLoader from 'dataloader';
import type { EntityManager } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import * as facts from '../persistence/marketplace/publication-facts';
import { readOnce } from '../persistence/read-once';
import { many, one, oneByKey } from './loader';
import { readDiffs, type DiffSides, type VersionDiff } from './version-diffs';

interface RevisionKey {
  readonly lineageId: string;
  readonly revision: number;
}

const revisionText = ({ lineageId, revision }: RevisionKey): string => `${lineageId} ${revision}`;

/** What there is to know about publications and imports beside their rows: by the publication's key unless told. */
export function publicationFactLoaders(manager: EntityManager, viewer: Viewer) {
  return {
    /** By lineage. */
    words: one(
      (lineages) => facts.wordsOfLineages(manager, lineages),
      (row) => row.lineageId,
    ),
    /** By lineage. */
    longDescription: one(
      (lineages) => facts.longDescriptionsOfLineages(manager, lineages),
      (row) => row.lineageId,
    ),
    /** By the publisher's account. */
    publisher: one(
      (accounts) => facts.publishers(manager, accounts),
      (row) => row.accountId,
    ),
    accountGroups: many(
      (ids) => facts.accountGroupsByPublication(manager, viewer, ids),
      (row) => row.publicationId,
    ),
    eulaKeys: many(
      (ids) => facts.eulaKeysByPublication(manager, ids),
      (row) => row.publicationId,
    ),
    /** By the key of an MCI version. */
    cloudsOfMultiCloudImage: many(
      (ids) => facts.cloudsOfMultiCloudImages(manager, viewer, ids),
      (row) => row.multiCloudImageId,
    ),
    cloneCount: one(
      (ids) => facts.cloneCounts(manager, viewer, ids),
      (row) => row.id,
    ),
    /** `null`: it isn't imported. */
    imported: one(
      (ids) => facts.importedPublications(manager, viewer, ids),
      (row) => row.id,
    ),
    byRevision: oneByKey(
      (keys: readonly RevisionKey[]) => facts.publicationsByRevision(manager, viewer, keys),
      revisionText,
      revisionText,
    ),
    /** By lineage: the published HEAD, if it is offered. */
    offeredHead: one(
      (lineages) => facts.offeredHeads(manager, viewer, lineages),
      (row) => row.lineageId,
    ),
    /** By the key of an imported version. */
    importUpdate: one(
      (ids) => facts.importUpdates(manager, viewer, ids),
      (row) => row.versionId,
    ),
    /** By the publication's key: the import that it would update. */
    updatedImport: one(
      (ids) => facts.importsUpdatedBy(manager, viewer, ids),
      (row) => row.publicationId,
    ),
    /** `null` when one of the sides isn't visible. All of a page in one transaction. */
    diff: new DataLoader<DiffSides, VersionDiff | null, string>(
      (all) => readOnce(manager.connection, (reading) => readDiffs(reading, viewer, all)),
      { cacheKeyFn: ({ fromId, toId }) => `${fromId} ${toId}` },
    ),
  };
}
