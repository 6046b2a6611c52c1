import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importListing } from './run/catalog-import';
import { withClient, withDatabaseServer, type DatabaseServer } from './run/database-server';
import { readEnvironment } from './run/environment';
import { toMarkdown } from './run/markdown';
import { measureReads } from './run/measure-reads';
import { measureStart } from './run/measure-start';
import { readBenchOptions, type BenchOptions } from './run/options';
import { toSvg } from './run/plot';
import type { BenchResults, ImportResult } from './run/results';
import { startService } from './run/servers';
import { closeStage, openStage, type Stage } from './run/stage';
import { verdictsOf } from './run/verdicts';
import { measureWrites } from './run/write-work';

/**
 * Measures the built service against the limit, which is hand-written SQL behind bare HTTP, on seeded data. Writes a table,
 * JSON and a plot into a folder. Uses the server in `DATABASE_URL`, on which it makes databases of its own, else an embedded one.
 */
async function main(): Promise<void> {
  const options = readBenchOptions(process.argv.slice(2));
  const log = (line: string) => process.stderr.write(`${line}\n`);
  await withDatabaseServer(log, async (server) => {
    const results = await Promise.race([run(server, options, log), interruption()]);
    const verdicts = verdictsOf(results);
    const markdown = toMarkdown(results, verdicts);
    await mkdir(options.folder, { recursive: true });
    await writeFile(join(options.folder, 'bench.md'), markdown);
    await writeFile(join(options.folder, 'bench.json'), JSON.stringify({ ...results, verdicts }, null, 2));
    await writeFile(join(options.folder, 'bench.svg'), toSvg(results.reads));
    process.stdout.write(markdown);
    const missed = verdicts.filter(({ met }) => !met).length;
    log(
      `${verdicts.length - missed} of ${verdicts.length} targets are met, after ${Math.round(performance.now() / 1000)} s; the report is in ${options.folder}`,
    );
    if (options.strict && missed > 0) process.exitCode = 1;
  });
}

/** Fails on the first signal to end, so that databases are dropped and the embedded server is stopped. */
const interruption = (): Promise<never> =>
  new Promise((_resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => reject(new Error(`Ended by ${signal}.`)));
  });

async function run(
  server: DatabaseServer,
  options: BenchOptions,
  log: (line: string) => void,
): Promise<BenchResults> {
  const stages: Stage[] = [];
  try {
    for (const times of new Set([1, options.large])) stages.push(await openStage(server, times, log));
    const [smallest] = stages;
    if (smallest === undefined) throw new Error('There is no database.');
    const environment = await readEnvironment(smallest.database.url);
    const start = await measureStart(smallest, options.starts);
    const reads = await measureReads(stages, options, log);
    const writes: BenchResults['writes'][number][] = [];
    const imports: ImportResult[] = [];
    for (const stage of stages) {
      const { times } = stage.database;
      log(`${times}×: writes`);
      writes.push({ times, milliseconds: await writesOf(stage, options) });
      log(`${times}×: catalog import`);
      imports.push(await importsOf(stage, options));
    }
    for (const stage of stages) await closeStage(stage);
    return {
      environment,
      options,
      databases: stages.map(({ database: { times, rows } }) => ({ times, rows })),
      reads,
      writes,
      imports,
      start,
    };
  } catch (error) {
    await Promise.allSettled(stages.map(closeStage));
    throw error;
  }
}

const writesOf = ({ database, service, limit }: Stage, options: BenchOptions) =>
  withClient(database.url, (client) =>
    measureWrites(client, { serviceUrl: service.url, limitUrl: limit.url }, options),
  );

/** Each into a service of its own: what was asked before does not count as its memory. */
async function importsOf({ database }: Stage, { importRows }: BenchOptions): Promise<ImportResult> {
  const importRowsOf = async (rows: number, part: string) => {
    const service = await startService(database.url);
    try {
      return await importListing(service, database.token, rows, part);
    } finally {
      await service.stop();
    }
  };
  const quarter = await importRowsOf(importRows / 4, 'quarter');
  const whole = await importRowsOf(importRows, 'whole');
  return { times: database.times, quarter, whole };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  // Requests may still be under way; they are of no use any more.
  process.exit(1);
});
