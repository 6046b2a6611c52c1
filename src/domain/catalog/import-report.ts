/** A row of a listing that did not land, and why. */
export interface RefusedListing {
  /** Where in the file it stood: `Images[17]`, `line 12`. */
  readonly row: string;
  /** What is wrong, and how to cure it. */
  readonly reason: string;
}

/** What an import did, or in a dry run would do. created + updated + unchanged + refusedCount = rows read. */
export interface ImportReport {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Images and instance types that were in the catalog and are no longer listed. */
  readonly withdrawn: number;
  readonly refusedCount: number;
  /** In the order of the file, at most MAXIMUM_REFUSED_SHOWN. */
  readonly refused: readonly RefusedListing[];
  /** Names of the clouds that appeared. */
  readonly cloudsCreated: readonly string[];
  /** Names of the sources that the rows belong to. */
  readonly sources: readonly string[];
}

/** More are only counted. */
export const MAXIMUM_REFUSED_SHOWN = 10_000;

/** Collects what was refused, in whatever order it is found, in bounded memory. */
export class RefusedRows {
  private readonly shown: (RefusedListing & { readonly position: number })[] = [];
  private total = 0;

  get count(): number {
    return this.total;
  }

  add(position: number, row: string, reason: string): void {
    this.total += 1;
    if (this.shown.length < MAXIMUM_REFUSED_SHOWN) this.shown.push({ position, row, reason });
  }

  /** Adds so many more of which nothing is shown. */
  addUnshown(count: number): void {
    this.total += count;
  }

  inOrder(): RefusedListing[] {
    return this.shown.sort((a, b) => a.position - b.position).map(({ row, reason }) => ({ row, reason }));
  }
}
