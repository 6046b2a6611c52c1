#!/usr/bin/env node
import { createRequire } from 'node:module';
import { loadBundle } from './cli/bundle';
import type { run } from './cli/main';

const main = (loadBundle() ?? createRequire(__filename)('./cli/main')) as { run: typeof run };
main.run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
