import { randomUUID } from 'node:crypto';
import { contentHash } from '../../domain/merge/content-hash';
import type { ComponentType } from '../../domain/versioning/component-type';
import { readContents } from '../../persistence/components/component-contents';
import type { ComponentRows } from '../../persistence/components/component-store';
import type { HistoryRecord } from '../../persistence/components/history-store';
import type { Row } from '../../persistence/select';
import { takenNames } from '../../persistence/taken-names';
import type { Transaction } from '../../persistence/unit-of-work';
import { copyOf, copyVersions } from '../../persistence/components/version-copy-store';
import { actingViewer } from '../acting-viewer';
import { freeCloneNames } from './free-clone-name';
import { keepVersions } from './keep-version';

export interface CloneFields {
  /** Left out: as counts. */
  readonly name?: string | null;
  /** Left out: the source's; `null` for none. */
  readonly description?: string | null;
}

/** A locked version, and what is told of its clone. */
export interface CloneSource<T extends ComponentType> extends CloneFields {
  readonly version: Row<ComponentRows[T]>;
}

export interface InsertedClone {
  readonly headId: string;
  readonly name: string;
  /** Key of the immutable version whose content it has. */
  readonly takenFromId: string;
  /** What the history is to say of it. */
  readonly history: HistoryRecord;
}

/**
 * HEADs of new lineages with the contents of locked versions of one kind, pins as they are; without audit entries:
 * several may be made by one mutation; without entries in the history: whoever calls this writes them. A HEAD keeps a
 * snapshot of what is taken. A bounded number of statements.
 *
 * @returns the clones, in the order of their sources
 */
export async function insertClones<T extends ComponentType>(
  tx: Transaction,
  type: T,
  sources: readonly CloneSource<T>[],
): Promise<InsertedClone[]> {
  const { accountId } = actingViewer(tx);
  const contents = await readContents(
    tx.manager,
    type,
    sources.map(({ version }) => version),
  );
  const taken = await keepVersions(tx, type, contents);
  const names = await freeCloneNames(
    sources.map(({ name, version }) => ({ given: name ?? null, of: version.name })),
    (candidates) => takenNames(tx.manager, type, accountId, candidates),
  );
  const copies = contents.map((contained, index) => {
    const { version, content } = contained;
    const name = at(names, index);
    const described = sources[index]?.description;
    const description = described === undefined ? version.description : described;
    return copyOf(contained, {
      accountId,
      lineageId: randomUUID(),
      version: 1,
      name,
      description,
      contentHash: contentHash({ ...content, name, description }),
      parentIds: [at(taken, index)],
      clonedFromId: version.id,
    });
  });
  await copyVersions(tx.manager, type, copies, tx.now);
  return copies.map(({ id, name, lineageId, parentIds }, index) => ({
    headId: id,
    name,
    takenFromId: at(taken, index),
    history: { type, accountId, lineageId, event: 'CLONED', componentId: id, parentIds },
  }));
}

/** The same for one. */
export async function insertClone<T extends ComponentType>(
  tx: Transaction,
  type: T,
  source: CloneSource<T>,
): Promise<InsertedClone> {
  return at(await insertClones(tx, type, [source]), 0);
}

/** Lists here are as long as the list of sources. */
function at<V>(values: readonly V[], index: number): V {
  const value = values[index];
  if (value === undefined) throw new Error(`There is no clone ${index}`);
  return value;
}
