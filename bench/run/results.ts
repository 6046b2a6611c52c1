import type { CatalogImport } from './catalog-import';
import type { Environment } from './environment';
import type { StartResult } from './measure-start';
import type { ReadResult } from './measure-reads';
import type { BenchOptions } from './options';
import type { RowCounts } from './prepare-database';
import type { WriteTimes } from './write-work';

/** Everything that one run measured. */
export interface BenchResults {
  readonly environment: Environment;
  readonly options: BenchOptions;
  readonly databases: readonly { readonly times: number; readonly rows: RowCounts }[];
  readonly reads: readonly ReadResult[];
  readonly writes: readonly { readonly times: number; readonly milliseconds: WriteTimes }[];
  readonly imports: readonly ImportResult[];
  readonly start: StartResult;
}

/** The same import at a quarter of the rows, and at all of them: flat memory shows in both. */
export interface ImportResult {
  readonly times: number;
  readonly quarter: CatalogImport;
  readonly whole: CatalogImport;
}
