import {
  planImport,
  type CarriedFacts,
  type ImportPlan,
  type KnownVersion,
} from '../../domain/marketplace/import-plan';
import type { ComponentType } from '../../domain/versioning/component-type';
import { readContents } from '../../persistence/components/component-contents';
import { PINNING_FIRST } from '../../persistence/marketplace/import-facts';
import {
  allowPublishing,
  markSuperseded,
  pinOwnVersions,
  publishedVersions,
  recordImports,
  reviveVersions,
  type ImportRecord,
  type NewImporters,
} from '../../persistence/marketplace/import-store';
import type { Transaction } from '../../persistence/unit-of-work';
import {
  copyOf,
  copyVersions,
  replaceContents,
  sealVersions,
} from '../../persistence/components/version-copy-store';

/** A version that an account has of what a publication carries. */
export interface BroughtVersion {
  readonly type: ComponentType;
  readonly accountId: string;
  /** Key of the account's own row. */
  readonly id: string;
  /** Whether it is what the publication offers. */
  readonly offered: boolean;
}

export interface Brought {
  /** What is in local collections now and was not before. */
  readonly imported: readonly BroughtVersion[];
  /** What was there before. */
  readonly reused: readonly BroughtVersion[];
  /** Whether nothing is any different from before. */
  readonly unchanged: boolean;
  /** To be counted at the end of the transaction. */
  readonly importers: readonly NewImporters[];
}

/** Pinned ones before those that pin them. */
const PINNED_FIRST = PINNING_FIRST.toReversed();

/**
 * Gives accounts everything that a publication carries, as read-only copies of their own: what they have is used
 * again, what they removed comes back, subscribed HEADs get the content that was frozen last. Their collections and the
 * versions must be locked. A bounded number of statements, however many accounts and versions.
 *
 * @param importedById who imports; `null`: the publication brings it
 */
export async function bringVersions(
  tx: Transaction,
  carried: readonly CarriedFacts[],
  importedById: string | null,
): Promise<Brought> {
  const plan = planImport(carried);
  const changed = plan.missing.length + plan.removed.length + plan.outdated.length + plan.adopted.length;
  const reused = plan.present.map(broughtAs);
  if (changed === 0) return { imported: [], reused, unchanged: true, importers: [] };
  const copies = await writeVersions(tx, plan);
  for (const type of PINNING_FIRST) {
    const moved = [...plan.missing, ...plan.removed].filter((version) => version.type === type);
    await markSuperseded(tx.manager, type, distinct(moved, 'accountId'), distinct(moved, 'lineageId'));
  }
  const recorded = [
    ...copies,
    ...[...plan.removed, ...plan.adopted]
      .filter(({ local }) => local.importedWith !== null)
      .map((version) => recordOf(version, version.local.id)),
  ];
  const importers = await recordImports(tx.manager, recorded, importedById, tx.now);
  const ids = new Map(copies.map((copy) => [keyOf(copy), copy.versionId]));
  const imported = carried.flatMap((version): BroughtVersion[] => {
    const id = version.local === null ? ids.get(keyOf(version)) : version.local.removed && version.local.id;
    if (id === undefined) throw new Error(`${version.type} ${version.sourceId} was not copied`);
    const { type, accountId, offered } = version;
    return id === false ? [] : [{ type, accountId, id, offered }];
  });
  return { imported, reused, unchanged: false, importers };
}

/** @returns what was copied */
async function writeVersions(
  tx: Transaction,
  { missing, removed, outdated }: ImportPlan,
): Promise<ImportRecord[]> {
  const records: ImportRecord[] = [];
  // Else the database refuses to write subscribed HEADs.
  await allowPublishing(tx.manager, true);
  for (const type of PINNED_FIRST) {
    records.push(...(await insertCopies(tx, type, ofType(missing, type))));
    await reviveVersions(tx.manager, type, ofType(removed, type).map(localId));
    await replaceContents(
      tx.manager,
      type,
      ofType(outdated, type).map(({ sourceId, local }) => ({ fromId: sourceId, toId: local.id })),
      tx.now,
    );
  }
  const templates = [
    ...ofType(records, 'ServerTemplate').map(({ versionId }) => versionId),
    ...ofType(outdated, 'ServerTemplate').map(localId),
  ];
  if (templates.length > 0) await pinOwnVersions(tx.manager, templates);
  await allowPublishing(tx.manager, false);
  for (const type of PINNED_FIRST)
    await sealVersions(
      tx.manager,
      type,
      ofType(records, type)
        .filter(({ revision }) => revision > 0)
        .map(({ versionId }) => versionId),
    );
  return records;
}

/** Copies of one kind, with the publisher's pins still, and not sealed yet. */
async function insertCopies<T extends ComponentType>(
  tx: Transaction,
  type: T,
  missing: readonly CarriedFacts[],
): Promise<ImportRecord[]> {
  if (missing.length === 0) return [];
  const sources = await publishedVersions(tx.manager, type, distinct(missing, 'sourceId'));
  const contents = new Map(
    (await readContents(tx.manager, type, sources)).map((contained) => [contained.version.id, contained]),
  );
  const copies = missing.map((carried) => {
    const contained = contents.get(carried.sourceId);
    if (contained === undefined) throw new Error(`${type} ${carried.sourceId} can not be read`);
    const { revision, commitMessage, committedAt, version, id } = contained.version;
    const isHead = revision === 0;
    return copyOf(contained, {
      accountId: carried.accountId,
      revision,
      version: isHead ? 1 : version,
      parentIds: isHead ? [id] : [],
      clonedFromId: null,
      originalId: carried.originalId,
      commitMessage,
      committedAt,
    });
  });
  await copyVersions(tx.manager, type, copies, tx.now);
  return copies.map(({ id }, index) => {
    const carried = missing[index];
    if (carried === undefined) throw new Error(`${type} ${id} is a copy of nothing`);
    return recordOf(carried, id);
  });
}

const recordOf = (
  { accountId, type, lineageId, revision, publicationId }: CarriedFacts,
  versionId: string,
): ImportRecord => ({ versionId, accountId, type, lineageId, revision, publicationId });

const broughtAs = ({ type, accountId, offered, local: { id } }: KnownVersion): BroughtVersion => ({
  type,
  accountId,
  id,
  offered,
});

const keyOf = ({
  accountId,
  lineageId,
  revision,
}: Pick<CarriedFacts, 'accountId' | 'lineageId' | 'revision'>) => `${accountId} ${lineageId} ${revision}`;

const localId = ({ local }: KnownVersion): string => local.id;

const ofType = <V extends { readonly type: ComponentType }>(
  versions: readonly V[],
  type: ComponentType,
): V[] => versions.filter((version) => version.type === type);

const distinct = <K extends 'accountId' | 'lineageId' | 'sourceId'>(
  versions: readonly Pick<CarriedFacts, K>[],
  column: K,
): string[] => [...new Set(versions.map((version) => version[column]))];
