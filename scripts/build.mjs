// Builds `dist/` from TypeScript, unless it is newer than everything that it is made from; then the explorer page.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'dist', '.built');
const inputs = [
  'src',
  'migrations',
  'ormconfig.ts',
  'scripts/build.mjs',
  'scripts/bundle.mjs',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
];

function newest(path) {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const upToDate =
  existsSync(stamp) &&
  statSync(stamp).mtimeMs > Math.max(...inputs.map((input) => newest(join(root, input))));
if (!upToDate) {
  for (const folder of ['src', 'migrations', 'bundle'])
    rmSync(join(root, 'dist', folder), { recursive: true, force: true });
  run(createRequire(import.meta.url).resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json');
  run(join(root, 'scripts', 'bundle.mjs'));
  writeFileSync(stamp, '');
}
await import('./build-explorer.mjs');
