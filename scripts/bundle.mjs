// Makes `dist/bundle/` of what TypeScript compiled: the program as one file, and the code that V8 compiles of it
// (src/cli/bundle.ts). It only saves time at the start of a service; it is not published.
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

/** What is not installed, such as TypeORM's drivers of other databases, is left to `require`, which says so. */
const leaveOutMissing = {
  name: 'leave-out-missing',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
      if (importer === '') return undefined;
      try {
        createRequire(importer).resolve(path);
        return undefined;
      } catch (error) {
        if (error.code !== 'MODULE_NOT_FOUND') return undefined;
        return { path, external: true };
      }
    });
  },
};

/** Apollo hashes each query: in JavaScript, where `module.require` is missing as it is in a bundle. */
const nodeHashes = {
  name: 'node-hashes',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]utils\.createhash[\\/]dist[\\/]index\.js$/ }, () => ({
      contents: "exports.createHash = require('node:crypto').createHash;",
    }));
  },
};

/** Classes of the program, as TypeScript compiled them. */
const OWN_CLASSES = new Set(
  readdirSync(join(root, 'dist', 'src'), { recursive: true })
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => [...readFileSync(join(root, 'dist', 'src', file), 'utf8').matchAll(/\bclass (\w+)/g)])
    .map(([, name]) => name),
);
const BUNDLE = join(root, 'dist', 'bundle', 'service.js');
const { outputFiles } = await build({
  entryPoints: [join(root, 'dist', 'src', 'cli', 'main.js')],
  outfile: BUNDLE,
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // What `require` would take: a package that is also required from elsewhere must not be there twice.
  mainFields: ['main'],
  conditions: [],
  charset: 'ascii',
  banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
  footer: { js: '})' },
  plugins: [leaveOutMissing, nodeHashes],
  logLevel: 'warning',
  write: false,
});

// TypeORM and type-graphql go by the names of classes. esbuild could keep them (`keepNames`), but would name every function
// anew each time that it is made, which costs a tenth of a request.
const bundled = outputFiles[0].text;
for (const [, name] of bundled.matchAll(/\bclass (\w+[A-Za-z_])\d+ (?:extends|\{)/g))
  if (OWN_CLASSES.has(name))
    throw new Error(`esbuild renamed the class ${name}, by whose name the schema goes: call it otherwise.`);
await mkdir(dirname(BUNDLE), { recursive: true });
await writeFile(BUNDLE, bundled);

const { keepCompiled } = require(join(root, 'dist', 'src', 'cli', 'bundle.js'));
await keepCompiled(({ createSchema }) => createSchema());
