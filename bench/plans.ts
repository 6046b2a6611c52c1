import dataSource from '../ormconfig';
import type { DataSource } from 'typeorm';
import { withBenchDatabase } from './bench-database';
import { mainQueries } from './main-queries';
import type { MainQuery } from './main-query';
import { measure, type MeasuredPlan } from './plan';
import { Recorder } from './recorder';
import { readSamples } from './samples';
import { seed, seedAccounts } from './seed-data';
import { readSeedSizes } from './seed-options';

const BIG_TABLES = new Set([
  'cloud_images',
  'multi_cloud_images',
  'multi_cloud_image_settings',
  'server_templates',
  'server_template_multi_cloud_images',
  'right_scripts',
  'server_template_scripts',
  'servers',
  'instances',
  'launch_orders',
  'publications',
  'published_lineages',
  'publication_versions',
  'publication_account_groups',
  'imported_versions',
]);

/**
 * Runs the service's own list and batch functions on large data, explains every statement that they send, and fails
 * when one reads a big table sequentially, or reads more rows than its answer can justify.
 * Takes the options of bench:seed; uses the database in DATABASE_URL, else an embedded one.
 */
async function main(): Promise<void> {
  const sizes = readSeedSizes(process.argv.slice(2));
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const recorder = new Recorder();
  dataSource.setOptions({ logger: recorder, logging: ['query'] });
  await withBenchDatabase(log, async (database) => {
    if ((await seedAccounts(database.manager)) === null) await seed(database, sizes, log);
    await database.query('ANALYZE');
    await reportPlans(database, recorder);
  });
}

async function reportPlans(database: DataSource, recorder: Recorder): Promise<void> {
  const accounts = await seedAccounts(database.manager);
  if (accounts === null) throw new Error('The database holds no bench data.');
  const [{ server_version: version } = { server_version: '?' }]: { server_version: string }[] =
    await database.query('SHOW server_version');
  process.stdout.write(`PostgreSQL ${version}\n`);
  let failures = 0;
  for (const [size, accountId] of Object.entries(accounts)) {
    const viewer = { accountId, now: new Date('2026-06-01T00:00:00Z') };
    const samples = await readSamples(database.manager, viewer);
    process.stdout.write(
      `\n${size} account\n| query | statements | ms | rows read | plan | verdict |\n|---|---:|---:|---:|---|---|\n`,
    );
    for (const query of mainQueries(samples)) {
      const statements = await recorder.during(() => query.run(database.manager));
      const statement = statements.at(-1);
      if (statement === undefined) throw new Error(`${query.name} sent no statement`);
      const plan = await measure(database.manager, statement);
      const verdict = judge(query, plan);
      if (verdict !== 'ok') failures++;
      process.stdout.write(
        `| ${query.name} | ${statements.length} | ${plan.milliseconds.toFixed(1)} | ${plan.rowsRead} | ${plan.accesses.join(', ')} | ${verdict} |\n`,
      );
    }
  }
  if (failures === 0) return;
  process.stderr.write(`${failures} plans failed.\n`);
  process.exitCode = 1;
}

function judge(query: MainQuery, plan: MeasuredPlan): string {
  const tables = plan.sequentiallyScanned.filter((table) => BIG_TABLES.has(table));
  if (tables.length > 0 && !query.wholeTable) return `FAILED: reads all of ${tables.join(', ')}`;
  if (plan.rowsRead > query.reads) return `FAILED: reads more than ${query.reads} rows`;
  return 'ok';
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
