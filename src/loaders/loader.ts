import DataLoader from 'dataloader';

type Batch<K, V> = (keys: readonly K[]) => Promise<readonly V[]>;

/** One row per key; `null` where there is none that the viewer may see. */
export const one = <V>(load: Batch<string, V>, keyOf: (row: V) => string): DataLoader<string, V | null> =>
  oneByKey(load, (key) => key, keyOf);

/** All rows of each key, in the order of the query. */
export function many<V>(load: Batch<string, V>, keyOf: (row: V) => string): DataLoader<string, V[]> {
  return new DataLoader(async (keys) => {
    const rows = new Map<string, V[]>(keys.map((key) => [key, []]));
    for (const row of await load(keys)) rows.get(keyOf(row))?.push(row);
    return keys.map((key) => rows.get(key) ?? []);
  });
}

/** One row per composite key, told apart by its text. */
export function oneByKey<K, V>(
  load: Batch<K, V>,
  textOf: (key: K) => string,
  keyOf: (row: V) => string,
): DataLoader<K, V | null, string> {
  return new DataLoader(
    async (keys) => {
      const rows = new Map<string, V>();
      // The first row of a key wins: queries put the preferred one first.
      for (const row of await load(keys)) if (!rows.has(keyOf(row))) rows.set(keyOf(row), row);
      return keys.map((key) => rows.get(textOf(key)) ?? null);
    },
    { cacheKeyFn: textOf },
  );
}
