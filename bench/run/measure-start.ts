import { residentBytes } from './memory';
import { post } from './request';
import { READ_WORK } from './read-work';
import { startService } from './servers';
import type { Stage } from './stage';

export interface StartResult {
  /** From the start of the process to the first answer, on an existing database. */
  readonly firstAnswerMilliseconds: number;
  /** Resident memory, after one query and some seconds of rest. */
  readonly idleBytes: number;
}

const REST_MS = 3_000;

/** Starts another service on the database, asks it once, and lets it rest. */
export async function measureStart({ database }: Stage): Promise<StartResult> {
  const start = performance.now();
  const service = await startService(database.url);
  try {
    const [work] = READ_WORK;
    await post({
      url: `${service.url}/graphql`,
      token: database.token,
      body: { query: work?.query, variables: {} },
    });
    const firstAnswerMilliseconds = performance.now() - start;
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    return { firstAnswerMilliseconds, idleBytes: await residentBytes(service.pid) };
  } finally {
    await service.stop();
  }
}
