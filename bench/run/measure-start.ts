import type { Child } from './child';
import { residentBytes } from './memory';
import { post } from './request';
import { READ_WORK } from './read-work';
import { startService, startServiceByNpm } from './servers';
import type { PreparedDatabase } from './prepare-database';
import type { Stage } from './stage';

export interface StartResult {
  /** From `npm start` to the first answer, on an existing database: of each start. */
  readonly firstAnswerMilliseconds: readonly number[];
  /** Resident memory, after one query and some seconds of rest. */
  readonly idleBytes: number;
}

const REST_MS = 3_000;

/** Starts the service on the database so many times by npm, and asks it once; then by itself, and lets it rest. */
export async function measureStart({ database }: Stage, starts: number): Promise<StartResult> {
  const firstAnswerMilliseconds: number[] = [];
  for (let count = 0; count < starts; count++) {
    const start = performance.now();
    const service = await startServiceByNpm(database.url);
    try {
      await ask(service, database);
      firstAnswerMilliseconds.push(performance.now() - start);
    } finally {
      await service.stop();
    }
  }
  const service = await startService(database.url);
  try {
    await ask(service, database);
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    return { firstAnswerMilliseconds, idleBytes: await residentBytes(service.pid) };
  } finally {
    await service.stop();
  }
}

const ask = (service: Child, { token }: PreparedDatabase): Promise<string> =>
  post({ url: `${service.url}/graphql`, token, body: { query: READ_WORK[0]?.query, variables: {} } });
