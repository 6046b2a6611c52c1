import type { Child } from './child';
import { withClient, type DatabaseServer } from './database-server';
import { prepareDatabase, type PreparedDatabase } from './prepare-database';
import { readSamples, type ReadSamples } from './read-samples';
import { startLimit, startService } from './servers';

/** A seeded database with a service and a limit on it. */
export interface Stage {
  readonly database: PreparedDatabase;
  readonly samples: ReadSamples;
  readonly service: Child;
  readonly limit: Child;
}

export async function openStage(
  server: DatabaseServer,
  times: number,
  log: (line: string) => void,
): Promise<Stage> {
  const database = await prepareDatabase(server, times, log);
  const samples = await withClient(database.url, (client) => readSamples(client, database.accounts.large));
  const service = await startService(database.url);
  const limit = await startLimit(database.url);
  return { database, samples, service, limit };
}

/** @throws Error when one of them had ended before */
export async function closeStage({ service, limit }: Stage): Promise<void> {
  await Promise.all([service.stop(), limit.stop()]);
}
