import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** As many as there are test files here. */
const GROUPS = readdirSync(__dirname).filter((name) => name.startsWith('group-')).length;

const usesDatabase = (path: string): boolean =>
  /\b(startApi|createTestDatabase|TEST_SERVER_URL)\b/.test(readFileSync(path, 'utf8'));

/** Test files that use the database of the whole run, by path. */
const FILES = ['api', 'contract']
  .flatMap((folder) => readdirSync(join(__dirname, '..', folder)).map((name) => join(folder, name)))
  .filter((name) => name.endsWith('.test.ts') && usesDatabase(join(__dirname, '..', name)))
  .sort();

/**
 * Defines the tests of every so many-th of these files. `npm test` runs each file by itself; here, where all of them run
 * once more on another server, those of a group share what takes longest before a file's first test: loaded modules.
 *
 * @param group counts from 1
 */
export function runGroup(group: number): void {
  for (const [index, name] of FILES.entries())
    if (index % GROUPS === group - 1)
      describe(name, () => {
        jest.requireActual(join(__dirname, '..', name));
      });
}
