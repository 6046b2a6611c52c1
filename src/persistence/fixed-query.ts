import type { EntityManager } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import { queryPrepared } from './prepared-statement';

type Keys = readonly string[];

/** What a query builder has made. */
interface Built {
  getQuery(): string;
}

/** Runs the query with values for its parameters, by name. @returns the rows, as the builder names their columns */
export type FixedQuery<V extends object, R> = (manager: EntityManager, values: V) => Promise<R[]>;

/**
 * A query whose text is the same whoever asks. It is built when it is asked for first, and prepared by each connection:
 * building and planning take longer than such queries run. No value is kept: each run is given all of them.
 */
export function fixedQuery<V extends object, R>(build: (manager: EntityManager) => Built): FixedQuery<V, R> {
  let made: { readonly text: string; readonly names: readonly (keyof V)[] } | undefined;
  return (manager, values) => {
    made ??= numbered<V>(manager, build(manager).getQuery(), values);
    return queryPrepared(
      manager,
      made.text,
      made.names.map((name) => values[name]),
    );
  };
}

/** `$1` instead of `:name`, and which name each of them stands for. */
function numbered<V extends object>(manager: EntityManager, query: string, values: V) {
  const itself = Object.fromEntries(Object.keys(values).map((name) => [name, name]));
  const [text, names] = manager.connection.driver.escapeQueryWithParameters(query, itself);
  return { text, names: names as (keyof V)[] };
}

/** Builders name a viewer along with its value, which a fixed query does not take from them. */
export const NOBODY: Viewer = { accountId: '', now: new Date(0) };

/** A fixed query for `:ids`, as `:viewer` may see what they lead to. */
export function batch<R>(
  build: (manager: EntityManager, viewer: Viewer) => Built,
): (manager: EntityManager, viewer: Viewer, ids: Keys) => Promise<R[]> {
  const query = fixedQuery<{ readonly viewer: string; readonly ids: Keys }, R>((manager) =>
    build(manager, NOBODY),
  );
  return (manager, viewer, ids) => query(manager, { viewer: viewer.accountId, ids });
}

/** Makes one for each key, such as an entity, when it is asked for first. */
export function ofEach<K, Q>(make: (key: K) => Q): (key: K) => Q {
  const made = new Map<K, Q>();
  return (key) => {
    const query = made.get(key) ?? make(key);
    made.set(key, query);
    return query;
  };
}
