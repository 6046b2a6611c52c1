import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** As many as there are test files here. */
const GROUPS = readdirSync(__dirname).filter((name) => name.startsWith('group-')).length;

/** What they see of the database is the same on every server: what is refused before it, and who may read what. */
const SAME_EVERYWHERE = [
  'api/cookbook',
  'api/demo',
  'api/public-endpoint',
  'api/query-limits',
  'contract/graphql-over-http',
  'contract/malformed-input',
  'contract/marketplace-canaries',
  'contract/relay',
].map((name) => `${name}.test.ts`);

/** Random histories and configurations, which are long: `npm test` plays them, and `npm run soak` at length. */
const RANDOM = ['api/launch-agreement', 'api/marketplace-model', 'api/version-control-model'].map(
  (name) => `${name}.test.ts`,
);

/** They use no database, or none of the server's. */
const WITHOUT_SERVER = [
  'api/webhook-targets',
  'contract/api-names',
  'contract/composition',
  'contract/query-cost',
  'contract/schema-rules',
].map((name) => `${name}.test.ts`);

/** Test files that could find another server to differ, by path. */
const FILES = ['api', 'contract']
  .flatMap((folder) => readdirSync(join(__dirname, '..', folder)).map((name) => join(folder, name)))
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => ![...SAME_EVERYWHERE, ...RANDOM, ...WITHOUT_SERVER].includes(name))
  .sort();

/**
 * Defines the tests of every so many-th of these files, counted by the number in the name of the file that asks. `npm
 * test` runs each file by itself; here, where all of them run once more on another server, those of a group share what
 * takes longest before a file's first test: loaded modules.
 */
export function runGroup(): void {
  const { testPath = '' } = expect.getState();
  const group = Number(/group-(\d+)\.test\.ts$/.exec(testPath)?.[1]);
  if (!(group >= 1 && group <= GROUPS))
    throw new Error(`${testPath} must be named group-<1 to ${GROUPS}>.test.ts: some tests would not run.`);
  for (const [index, name] of FILES.entries())
    if (index % GROUPS === group - 1)
      describe(name, () => {
        jest.requireActual(join(__dirname, '..', name));
      });
}
