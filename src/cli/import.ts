import { open as openFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DataSource } from 'typeorm';
import { commandLine, type Principal } from '../domain/access/principal';
import type { ImportReport } from '../domain/catalog/import-report';
import type { CatalogFormat } from '../domain/catalog/catalog-row';
import { DomainError } from '../domain/errors';
import { CatalogFormat as CatalogFormats } from '../entities/enums';
import { readListing } from '../import/read-listing';
import { accountByName, readAccounts } from '../persistence/access/account-store';
import { importCatalog } from '../services/catalog/import-catalog';
import { print, type OpenDatabase } from './command-action';

export interface ImportOptions {
  readonly files: readonly string[];
  readonly format: CatalogFormat;
  readonly cloudType?: string;
  readonly region?: string;
  readonly source?: string;
  readonly complete?: boolean;
  readonly dryRun?: boolean;
  /** Whose private catalog; by default the public one is fed, as the operator. */
  readonly account?: string;
}

export interface ImportDependencies {
  readonly dataSource: DataSource;
  /** Where the reports go, line by line. */
  readonly print: (line: string) => void;
  /** Where progress and refusals of whole files go, line by line. */
  readonly printError: (line: string) => void;
}

const PROGRESS_ROWS = 5000;
const FORMATS = Object.values(CatalogFormats);

/** Imports files one after the other. Answers the exit code: 1 if a file as a whole was refused. */
export async function importFiles(options: ImportOptions, dependencies: ImportDependencies): Promise<number> {
  const principal = await principalOf(options, dependencies.dataSource);
  let failed = false;
  for (const file of options.files) {
    try {
      const report = await importFile(file, principal, options, dependencies);
      for (const line of reportLines(file, report, options.dryRun ?? false)) dependencies.print(line);
    } catch (error) {
      failed = true;
      dependencies.printError(`${file}: ${reasonOf(error)}`);
    }
  }
  return failed ? 1 : 0;
}

/** What refuses one file, without a stack; any other fault ends the command. */
function reasonOf(error: unknown): string {
  if (error instanceof DomainError) return error.message;
  const fault = error as NodeJS.ErrnoException;
  if (fault.syscall === 'open' || fault.syscall === 'read') return `The file can't be read: ${fault.message}`;
  throw error;
}

async function principalOf({ account }: ImportOptions, { manager }: DataSource): Promise<Principal> {
  if (account === undefined) {
    const operator = (await readAccounts(manager)).find((known) => known.operator);
    return commandLine(operator?.id ?? null);
  }
  const owner = await accountByName(manager, account);
  if (owner === null)
    throw new Error(`There is no account "${account}": \`mci-graph accounts list\` shows all of them.`);
  return { ...commandLine(owner.id), operator: false };
}

async function importFile(
  file: string,
  principal: Principal,
  { format, cloudType, region, source, complete, dryRun }: ImportOptions,
  { dataSource, printError }: ImportDependencies,
): Promise<ImportReport> {
  const read = { format, cloudType, region };
  // Opened before the transaction: an error of a stream that nobody reads yet would end the process.
  const handle = await openFile(file);
  let announced = 0;
  const onProgress = (rows: number) => {
    if (rows - announced < PROGRESS_ROWS) return;
    announced = rows;
    printError(`${file}: ${rows} rows read`);
  };
  try {
    return await importCatalog(
      { dataSource, principal, now: new Date() },
      {
        listing: readListing(handle.createReadStream({ autoClose: false }), read),
        read,
        source,
        complete,
        dryRun,
        onProgress,
      },
    );
  } finally {
    await handle.close();
  }
}

function reportLines(file: string, report: ImportReport, dryRun: boolean): string[] {
  const { created, updated, unchanged, withdrawn, refusedCount, refused, cloudsCreated, sources } = report;
  const lines = [
    `${file}: ${created} created, ${updated} updated, ${unchanged} unchanged, ${withdrawn} withdrawn, ${refusedCount} refused${dryRun ? ' (dry run: nothing was changed)' : ''}`,
  ];
  if (sources.length > 0) lines.push(`  source: ${sources.join(', ')}`);
  if (cloudsCreated.length > 0) lines.push(`  new clouds: ${cloudsCreated.join(', ')}`);
  for (const { row, reason } of refused) lines.push(`  refused ${row}: ${reason}`);
  if (refusedCount > refused.length) lines.push(`  and ${refusedCount - refused.length} more refused rows`);
  return lines;
}

function parseFormat(written: string): CatalogFormat {
  const format = FORMATS.find((known) => known === written.toUpperCase().replaceAll('-', '_'));
  if (format === undefined) throw new InvalidArgumentError(`It must be one of ${FORMATS.join(', ')}.`);
  return format;
}

/** `mci-graph import FILE… --format … [--region …] [--complete] [--dry-run]` */
export function registerImportCommand(program: Command, open: OpenDatabase): void {
  program
    .command('import')
    .description('import listings of images and instance types into the catalog')
    .argument('<file...>', 'listings, all of one format')
    .addOption(
      new Option('--format <format>', `what the files are: ${FORMATS.join(', ')}`)
        .argParser(parseFormat)
        .makeOptionMandatory(),
    )
    .option('--region <region>', 'region, where the files do not name it (AWS_DESCRIBE_IMAGES)')
    .option('--cloud-type <type>', 'kind of cloud, where the files do not name it (CSV)')
    .option('--source <name>', 'source of all rows; by default told from the files')
    .option('--complete', 'withdraw what the source no longer lists')
    .option('--dry-run', 'only report what would be done')
    .option('--account <name>', 'import as private images of this account, not into the public catalog')
    .action(async (files: string[], options: Omit<ImportOptions, 'files'>, command: Command) => {
      const database = await open();
      try {
        process.exitCode = await importFiles(
          { ...options, files },
          {
            dataSource: database.dataSource,
            print: (line) => print(command, [line]),
            printError: (line) => command.configureOutput().writeErr?.(`${line}\n`),
          },
        );
      } finally {
        await database.close();
      }
    });
}
