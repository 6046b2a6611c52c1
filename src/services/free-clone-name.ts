import { cloneNames } from '../domain/versioning/clone-name';

/**
 * names are not unique, but a clone that isn't named takes one that is free.
 *
 * @param takenAmong those of the names that are taken
 */
export async function freeCloneName(
  sourceName: string,
  takenAmong: (names: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<string> {
  const names = cloneNames(sourceName);
  for (;;) {
    const candidates = Array.from({ length: 100 }, () => names.next().value);
    const taken = await takenAmong(candidates);
    const free = candidates.find((name) => !taken.has(name));
    if (free !== undefined) return free;
  }
}
