// Makes `dist/bundle/` of what TypeScript compiled: the program as one file, and the code that V8 compiles of it
// (src/cli/bundle.ts). It only saves time at the start of a service; it is not published.
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

await build({
  entryPoints: [join(root, 'dist', 'src', 'cli', 'main.js')],
  outfile: join(root, 'dist', 'bundle', 'service.js'),
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // What `require` would take: a package that is also required from elsewhere must not be there twice.
  mainFields: ['main'],
  conditions: [],
  keepNames: true,
  charset: 'ascii',
  banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
  footer: { js: '})' },
  plugins: [leaveOutMissing],
  logLevel: 'warning',
});

const { keepCompiled } = require(join(root, 'dist', 'src', 'cli', 'bundle.js'));
await keepCompiled(({ createSchema }) => createSchema());
