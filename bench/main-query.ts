import type { EntityManager, ObjectLiteral } from 'typeorm';
import type { PageArguments } from '../src/domain/paging';
import {
  countRows,
  countRowsPerParent,
  readPage,
  readPages,
  type ListQuery,
} from '../src/persistence/keyset-page';
import { ONE_PAGE, type Allowance } from './plan-verdict';

/** A read of the service. */
export interface MainQuery extends Allowance {
  readonly name: string;
  run(manager: EntityManager): Promise<unknown>;
}

/** What one account owns: a list may read all of it, which takes some tens of milliseconds. */
export const OWN_ROWS = 100_000;
/** A total has to visit what it counts. */
export const A_TOTAL = Infinity;
/** What docs/performance.md names as limits: found in the list's order, or, if too rare for that, by reading all of it. */
export const KNOWN_LIMIT = Infinity;

export const page = <E extends ObjectLiteral>(
  name: string,
  list: ListQuery<E>,
  args: PageArguments = { first: 25 },
): MainQuery => ({
  name,
  reads: ONE_PAGE,
  run: (manager) => readPage(manager, list, args),
});

/** The page behind the first 100 rows. */
export const nextPage = <E extends ObjectLiteral>(name: string, list: ListQuery<E>): MainQuery => ({
  name: `${name}, next page`,
  reads: ONE_PAGE,
  run: async (manager) => {
    const { edges } = await readPage(manager, list, { first: 100 });
    return readPage(manager, list, { first: 25, after: edges.at(-1)?.cursor ?? null });
  },
});

export const total = <E extends ObjectLiteral>(name: string, list: ListQuery<E>): MainQuery => ({
  name: `${name}, totalCount`,
  reads: A_TOTAL,
  run: (manager) => countRows(manager, list),
});

export const pages = <E extends ObjectLiteral>(
  name: string,
  list: ListQuery<E>,
  parents: readonly string[],
): MainQuery => ({
  name: `${name} (${parents.length} parents)`,
  reads: ONE_PAGE * parents.length,
  run: (manager) => readPages(manager, list, parents, { first: 10 }),
});

export const totals = <E extends ObjectLiteral>(
  name: string,
  list: ListQuery<E>,
  parents: readonly string[],
): MainQuery => ({
  name: `${name} (${parents.length} parents), totalCount`,
  reads: A_TOTAL,
  run: (manager) => countRowsPerParent(manager, list, parents),
});

/** What loaders fetch in one statement. */
export const batch = (name: string, run: MainQuery['run']): MainQuery => ({
  name: `batch: ${name}`,
  reads: ONE_PAGE,
  run,
});
