// Random tests, many times as long as CI runs them: `npm run soak`, or `npm run soak -- 50` for fifty times.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const times = process.argv[2] ?? '20';
if (!/^[1-9]\d*$/.test(times)) {
  console.error(`"${times}" is not how many times as long: pass a whole number, such as 20.`);
  process.exit(2);
}
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const { status } = spawnSync(process.execPath, [jest, 'version-control-model', 'marketplace-model'], {
  stdio: 'inherit',
  env: { ...process.env, SOAK: times },
});
process.exit(status ?? 1);
