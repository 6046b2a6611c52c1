import { withBenchDatabase } from './bench-database';
import { seed, seedAccounts } from './seed-data';
import { readSeedSizes } from './seed-options';

/**
 * Loads deterministic data of a given size into the database that `DATABASE_URL` names:
 * `--images --mcis --settings-per-mci --clouds --templates --servers --publications --accounts`.
 */
async function main(): Promise<void> {
  const sizes = readSeedSizes(process.argv.slice(2));
  if (process.env['DATABASE_URL'] === undefined)
    throw new Error('Set DATABASE_URL to an empty database: an embedded one would be gone after this.');
  const log = (line: string) => process.stdout.write(`${line}\n`);
  await withBenchDatabase(log, async (database) => {
    if ((await seedAccounts(database.manager)) !== null)
      throw new Error('This database holds bench data already: name an empty one in DATABASE_URL.');
    await seed(database, sizes, log);
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
