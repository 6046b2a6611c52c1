import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../kit/database';
import { ask, startService } from './service-process';

/** Making the schema takes longer than all the rest of a start: a service that does it twice starts noticeably later. */

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase(1);
  folder = await mkdtemp(join(tmpdir(), 'mci-graph-calls-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await database.drop();
});

interface Coverage {
  readonly result: readonly {
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly { readonly count: number }[];
    }[];
  }[];
}

/** How often a process called the functions of these names, as V8 counted. Those that it doesn't have are missing. */
async function callsOf(names: readonly string[]): Promise<Record<string, number>> {
  const calls: Record<string, number> = {};
  for (const file of await readdir(folder)) {
    const { result } = JSON.parse(await readFile(join(folder, file), 'utf8')) as Coverage;
    for (const { functionName, ranges } of result.flatMap(({ functions }) => functions))
      if (names.includes(functionName))
        calls[functionName] = (calls[functionName] ?? 0) + (ranges[0]?.count ?? 0);
  }
  return calls;
}

test('the service makes its schema once until it has answered', async () => {
  const service = await startService({
    DATABASE_URL: database.url,
    MCI_GRAPH_PORT: '0',
    NODE_V8_COVERAGE: folder,
  });
  expect(await ask(service, '{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  expect(await service.stop()).toBe(0);
  // Not the functions that are asynchronous: V8 counts each time that they go on.
  const names = ['generateFromMetadata', 'toSubgraph', 'buildSubgraphSchema', 'serviceOf', 'GraphQLSchema'];
  expect(await callsOf(names)).toEqual({
    // Type-graphql makes it of the classes, and it becomes a subgraph,
    generateFromMetadata: 1,
    toSubgraph: 1,
    // with what Apollo makes of the smallest one; of the whole only for who asks for its text.
    buildSubgraphSchema: 1,
    serviceOf: 0,
    // The whole before and after that; the smallest likewise.
    GraphQLSchema: 4,
  });
});
