import DataLoader from 'dataloader';
import type { EntityManager, ObjectLiteral } from 'typeorm';
import type { PageArguments } from '../domain/paging';
import {
  countRows,
  countRowsPerParent,
  readPage,
  readPages,
  type ListQuery,
  type PageOfRows,
} from '../persistence/keyset-page';
import type { Row } from '../persistence/select';

/** A Relay connection whose total is counted only when it is selected. */
export interface Connection<T> {
  readonly edges: PageOfRows<T>['edges'];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount: () => Promise<number>;
}

function toConnection<T>(page: PageOfRows<T>, totalCount: () => Promise<number>): Connection<T> {
  return {
    edges: page.edges,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: page.edges[0]?.cursor ?? null,
      endCursor: page.edges.at(-1)?.cursor ?? null,
    },
    totalCount,
  };
}

interface ChildLoaders {
  readonly pages: DataLoader<string, PageOfRows<ObjectLiteral>>;
  readonly counts: DataLoader<string, number>;
}

/** Pages of lists: root lists at once, the same list of many parents in one statement. */
export class Connections {
  private readonly children = new Map<string, ChildLoaders>();

  constructor(private readonly manager: EntityManager) {}

  async root<E extends ObjectLiteral>(list: ListQuery<E>, page: PageArguments): Promise<Connection<Row<E>>> {
    return toConnection(await readPage(this.manager, list, page), () => countRows(this.manager, list));
  }

  /** `filter`: what, beside its name and the page, tells this list from another one of the same name. */
  async of<E extends ObjectLiteral>(
    parent: string,
    list: ListQuery<E>,
    page: PageArguments,
    filter: object = {},
  ): Promise<Connection<Row<E>>> {
    const { pages, counts } = this.loadersOf(list, page, filter);
    // The map's key holds everything that the rows depend on, so this loader's rows are of type E.
    const rows = (await pages.load(parent)) as PageOfRows<Row<E>>;
    return toConnection(rows, () => counts.load(parent));
  }

  private loadersOf<E extends ObjectLiteral>(
    list: ListQuery<E>,
    page: PageArguments,
    filter: object,
  ): ChildLoaders {
    const key = JSON.stringify([list.name, filter, page.first, page.after, page.last, page.before]);
    let loaders = this.children.get(key);
    if (loaders === undefined) {
      loaders = {
        pages: new DataLoader(async (parents) => {
          const found = await readPages(this.manager, list, parents, page);
          return parents.map((parent) => found.get(parent) ?? EMPTY);
        }),
        counts: new DataLoader(async (parents) => {
          const found = await countRowsPerParent(this.manager, list, parents);
          return parents.map((parent) => found.get(parent) ?? 0);
        }),
      };
      this.children.set(key, loaders);
    }
    return loaders;
  }
}

const EMPTY: PageOfRows<never> = { edges: [], hasNextPage: false, hasPreviousPage: false };
