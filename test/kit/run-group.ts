import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const GROUP = /^group-(\d+)\.test\.ts$/;

/** Test files of test/api and test/contract, by path from `test`, in the order of their names. */
export const SERVICE_TESTS: readonly string[] = ['api', 'contract']
  .flatMap((folder) => readdirSync(join(__dirname, '..', folder)).map((name) => join(folder, name)))
  .filter((name) => name.endsWith('.test.ts'))
  .sort();

/**
 * Defines the tests of every so many-th of these files, where the file that asks, `group-<number>.test.ts`, is one of so
 * many in its folder. The tests of a group share what takes longest before a file's first test: loaded modules. The name
 * of each begins with that of its file, which `npx jest <file>` runs by itself.
 */
export function runGroup(files: readonly string[]): void {
  const { testPath = '' } = expect.getState();
  const folder = dirname(testPath);
  const groups = readdirSync(folder).filter((name) => GROUP.test(name)).length;
  const group = Number(GROUP.exec(testPath.slice(folder.length + 1))?.[1]);
  if (!(group >= 1 && group <= groups))
    throw new Error(`${testPath} must be named group-<1 to ${groups}>.test.ts: some tests would not run.`);
  for (const [index, name] of files.entries())
    if (index % groups === group - 1)
      describe(name, () => {
        jest.requireActual(join(__dirname, '..', name));
      });
}
