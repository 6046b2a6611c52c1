import { cloneNames } from '../../domain/versioning/clone-name';

/** So many names of each clone are looked up at once. */
const LOOK_AHEAD = 100;

/** A clone to name. */
interface Unnamed {
  /** The name that was asked for; `null`: the first free one. */
  readonly given: string | null;
  /** Name of what is cloned. */
  readonly of: string;
}

/** Tells which of the names are taken. */
type TakenAmong = (names: readonly string[]) => Promise<ReadonlySet<string>>;

/**
 * names are not unique, but a clone that isn't named takes one that is free, also of the other clones. One
 * question per hundred names that are taken in a row.
 */
export async function freeCloneNames(clones: readonly Unnamed[], takenAmong: TakenAmong): Promise<string[]> {
  const names = clones.map(({ given }) => given);
  let unnamed = clones
    .map(({ of }, index) => ({ index, generator: cloneNames(of) }))
    .filter(({ index }) => names[index] === null);
  const taken = new Set(names.filter((name) => name !== null));
  while (unnamed.length > 0) {
    const looked = unnamed.map((clone) => ({
      ...clone,
      candidates: Array.from({ length: LOOK_AHEAD }, () => clone.generator.next().value),
    }));
    for (const name of await takenAmong([...new Set(looked.flatMap(({ candidates }) => candidates))]))
      taken.add(name);
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

/** The same for one. */
export async function freeCloneName(of: string, takenAmong: TakenAmong): Promise<string> {
  const [name] = await freeCloneNames([{ given: null, of }], takenAmong);
  if (name === undefined) throw new Error(`A clone of ${of} got no name`);
  return name;
}
