import { join } from 'node:path';
import { Command } from 'commander';
import { registerImportCommand } from '../../src/cli/import';
import { startApi, type TestApi } from '../kit/api';
import { countOf, DATA, emptyCatalog, images } from './catalog-kit';

let api: TestApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(() => emptyCatalog(api.dataSource));
afterEach(() => {
  process.exitCode = undefined;
});

const file = (path: string) => join(DATA, path);

/** Runs `mci-graph import …` on the test's database. */
async function run(...words: string[]) {
  let out = '';
  let errors = '';
  let closed = 0;
  const program = new Command().exitOverride();
  program.configureOutput({ writeOut: (text) => (out += text), writeErr: (text) => (errors += text) });
  registerImportCommand(program, async () => ({
    dataSource: api.dataSource,
    close: async () => void (closed += 1),
  }));
  // Commands copy these settings when they are made.
  await program.parseAsync(['import', ...words], { from: 'user' });
  return { out, errors, closed, exitCode: process.exitCode };
}

describe('R-3.3: mci-graph import', () => {
  test('imports files in order and reports each', async () => {
    const days = ['fcos/stable-2026-04-01.json', 'fcos/stable.json'].map(file);
    const { out, errors, closed, exitCode } = await run(...days, '--format', 'coreos-stream', '--complete');
    const lines = out.split('\n');
    expect(lines[0]).toBe(`${days[0]}: 68 created, 0 updated, 0 unchanged, 0 withdrawn, 0 refused`);
    expect(lines[1]).toBe('  source: fcos:stable');
    expect(lines[2]).toMatch(/^ {2}new clouds: AWS af-south-1, /);
    expect(lines[3]).toBe(`${days[1]}: 68 created, 0 updated, 0 unchanged, 68 withdrawn, 0 refused`);
    expect([errors, closed, exitCode]).toEqual(['', 1, 0]);
  });

  test('a dry run says so and changes nothing', async () => {
    const path = file('aws/describe-images-eu-west-1.json');
    const { out } = await run(path, '--format', 'AWS_DESCRIBE_IMAGES', '--region', 'eu-west-1', '--dry-run');
    expect(out).toContain(
      '172 created, 0 updated, 0 unchanged, 0 withdrawn, 0 refused (dry run: nothing was changed)',
    );
    expect(await countOf(api.dataSource, 'cloud_images')).toBe(0);
  });

  test('a file that is refused as a whole does not keep the others out; the exit code is 1', async () => {
    const wrong = file('ubuntu/released-aws-sample.json');
    const missing = file('fcos/missing.json');
    const { out, errors, exitCode } = await run(
      wrong,
      missing,
      file('fcos/stable.json'),
      '--format',
      'COREOS_STREAM',
    );
    expect(errors).toContain(`${wrong}: Not a CoreOS stream metadata file`);
    expect(errors).toContain(`${missing}: The file can't be read: ENOENT`);
    expect(out).toContain('68 created');
    expect(exitCode).toBe(1);
  });

  test('R-2.3: --account imports as private images of that account', async () => {
    const account = await api.account({ name: 'Acme' });
    await run(file('fcos/stable.json'), '--format', 'COREOS_STREAM', '--account', 'acme');
    expect(new Set((await images(api.dataSource)).map(({ owner }) => owner))).toEqual(new Set([account.key]));
    await expect(
      run(file('fcos/stable.json'), '--format', 'COREOS_STREAM', '--account', 'nobody'),
    ).rejects.toThrow('There is no account "nobody"');
  });

  test('an unknown format is refused with the known ones', async () => {
    await expect(run(file('fcos/stable.json'), '--format', 'XML')).rejects.toThrow(
      'It must be one of COREOS_STREAM',
    );
  });
});
