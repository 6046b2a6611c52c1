import dataSource from '../ormconfig';
import type { DataSource } from 'typeorm';
import { prepareNothing } from '../src/persistence/prepared-statement';
import { plannedGraph } from '../src/resolvers/planned/planned-graph';
import { createSchema } from '../src/schema';
import { withBenchDatabase } from './bench-database';
import { mainQueries } from './main-queries';
import { planOperations } from './plan-operations';
import { insertRecords } from './plan-records';
import { PlanReport } from './plan-report';
import { PlanService } from './plan-service';
import { Judge } from './plan-verdict';
import { readPlanValues } from './plan-values';
import { workOperations } from './plan-work';
import { Recorder } from './recorder';
import { readSamples } from './samples';
import { seed, seedAccounts, type SeedAccounts } from './seed-data';
import { readSeedSizes } from './seed-options';

/**
 * Explains, on large data, every statement that the service's own list and batch functions send, and every statement that
 * it sends for queries of the graph: each list with each of its orders and filters, and each field of what has an id. Fails
 * when one reads a big table sequentially, or reads more rows than its answer can justify.
 * Takes the options of bench:seed; uses the database in DATABASE_URL, else an embedded one.
 */
async function main(): Promise<void> {
  const sizes = readSeedSizes(process.argv.slice(2));
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const recorder = new Recorder();
  dataSource.setOptions({ logger: recorder, logging: ['query'] });
  // What TypeORM is not asked for it does not record.
  prepareNothing(dataSource);
  await withBenchDatabase(log, async (database) => {
    if ((await seedAccounts(database.manager)) === null) await seed(database, sizes, log);
    const accounts = await seedAccounts(database.manager);
    if (accounts === null) throw new Error('The database holds no bench data.');
    await insertRecords(database, accounts, log);
    await database.query('VACUUM (ANALYZE)');
    await reportPlans(database, accounts, recorder);
  });
}

async function reportPlans(database: DataSource, accounts: SeedAccounts, recorder: Recorder): Promise<void> {
  const write = (line: string) => void process.stdout.write(`${line}\n`);
  const [{ server_version: version } = { server_version: '?' }]: { server_version: string }[] =
    await database.query('SHOW server_version');
  write(`PostgreSQL ${version}`);
  const schema = await createSchema();
  const graph = plannedGraph(schema);
  const report = new PlanReport(database, await Judge.ofDatabase(database.manager), write);
  for (const [size, accountId] of Object.entries(accounts)) {
    const viewer = { accountId, now: new Date('2026-06-01T00:00:00Z') };
    const samples = await readSamples(database.manager, viewer);
    report.heading(`${size} account: lists and batches`);
    for (const query of mainQueries(samples)) await report.mainQuery(query, recorder);
    report.heading(`${size} account: queries of the graph`);
    const values = await readPlanValues(database.manager, samples);
    const { userId } = values;
    const service = new PlanService({ dataSource: database, schema, graph, recorder, viewer, userId });
    const work = await workOperations(database.manager, samples);
    for (const operation of [...work, ...planOperations(schema, values)])
      await report.operation(operation, service);
  }
  if (report.failures === 0) return;
  process.stderr.write(`${report.failures} plans failed.\n`);
  process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
