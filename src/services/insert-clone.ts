import { randomUUID } from 'node:crypto';
import { contentHash } from '../domain/merge/content-hash';
import { cloneNames } from '../domain/versioning/clone-name';
import type { ComponentType } from '../domain/versioning/component-type';
import { readContents } from '../persistence/component-contents';
import type { ComponentRows } from '../persistence/component-store';
import { recordHistory } from '../persistence/history-store';
import type { Row } from '../persistence/select';
import { takenNames } from '../persistence/taken-names';
import type { Transaction } from '../persistence/unit-of-work';
import { copyOf, copyVersions } from '../persistence/version-copy-store';
import { actingViewer } from './acting-viewer';
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
}

/**
 * HEADs of new lineages with the contents of locked versions of one kind, pins as they are; without audit entries:
 * several may be made by one mutation. A HEAD keeps a snapshot of what is taken. A bounded number of statements.
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
  const names = await freeNames(tx, type, accountId, sources);
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
  await recordHistory(
    tx,
    copies.map(({ id, lineageId, parentIds }) => ({
      type,
      accountId,
      lineageId,
      event: 'CLONED',
      componentId: id,
      parentIds,
    })),
  );
  return copies.map(({ id, name }, index) => ({ headId: id, name, takenFromId: at(taken, index) }));
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

/** So many names of each clone are looked up at once. */
const LOOK_AHEAD = 100;

/**
 * names are not unique, but a clone that isn't named takes one that is free, also of the other clones. One
 * statement per hundred names that are taken in a row.
 */
async function freeNames(
  tx: Transaction,
  type: ComponentType,
  accountId: string,
  sources: readonly { readonly name?: string | null; readonly version: { readonly name: string } }[],
): Promise<string[]> {
  const names = sources.map(({ name }) => name ?? null);
  let unnamed = sources
    .map(({ version }, index) => ({ index, generator: cloneNames(version.name) }))
    .filter(({ index }) => names[index] === null);
  const taken = new Set(names.filter((name) => name !== null));
  while (unnamed.length > 0) {
    const looked = unnamed.map((clone) => ({
      ...clone,
      candidates: Array.from({ length: LOOK_AHEAD }, () => clone.generator.next().value),
    }));
    const all = new Set(looked.flatMap(({ candidates }) => candidates));
    for (const name of await takenNames(tx.manager, type, accountId, [...all])) taken.add(name);
    unnamed = looked.filter(({ index, candidates }) => {
      const free = candidates.find((name) => !taken.has(name));
      if (free === undefined) return true;
      taken.add(free);
      names[index] = free;
      return false;
    });
  }
  return names.filter((name) => name !== null);
}
