import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';

/*
 * The program as one file, with the code that V8 compiled of it: finding, reading and compiling some two thousand modules
 * takes three times as long. `scripts/build.mjs` makes both for the machine that it runs on; a published package has
 * neither, and runs module by module.
 */

const BUNDLE = join(__dirname, '..', '..', 'bundle', 'service.js');
const COMPILED = `${BUNDLE}.compiled`;

type Wrapper = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: object },
  file: string,
  folder: string,
) => void;

/** What the bundle exports, or `null` when none was built. */
export function loadBundle(): unknown {
  return existsSync(BUNDLE) ? evaluate(compile()) : null;
}

/**
 * Keeps the compiled code for later starts: of all functions that `use` calls, not only of what loading calls.
 *
 * @public scripts/bundle.mjs calls it
 */
export async function keepCompiled(use: (exported: unknown) => Promise<unknown>): Promise<void> {
  const script = compile();
  await use(evaluate(script));
  writeFileSync(COMPILED, script.createCachedData());
}

function compile(): Script {
  // ASCII, as the build makes it.
  return new Script(readFileSync(BUNDLE, 'latin1'), {
    filename: BUNDLE,
    // V8 disregards what another version of it, or one with other flags, compiled.
    ...(existsSync(COMPILED) && { cachedData: readFileSync(COMPILED) }),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
}

function evaluate(script: Script): unknown {
  const module = { exports: {} };
  const wrapper = script.runInThisContext() as Wrapper;
  wrapper(module.exports, createRequire(BUNDLE), module, BUNDLE, dirname(BUNDLE));
  return module.exports;
}
