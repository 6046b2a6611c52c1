// Bundles the explorer page into dist/explorer: `assets/` (served as they are, named by their content),
// `examples/` (the saved queries) and `manifest.json` (which assets the page names).
// Does nothing when the output is newer than everything it is made from; `--force` builds regardless.
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const source = path.join(root, 'explorer');
const target = path.join(root, 'dist', 'explorer');
const inputs = [source, fileURLToPath(import.meta.url), path.join(root, 'package-lock.json')];

const WORKERS = {
  editor: 'monaco-editor/esm/vs/editor/editor.worker.js',
  graphql: 'monaco-graphql/esm/graphql.worker.js',
  json: 'monaco-editor/esm/vs/language/json/json.worker.js',
};

async function newestChange(file) {
  const facts = await stat(file);
  if (!facts.isDirectory()) return facts.mtimeMs;
  const names = await readdir(file);
  // The folder itself counts too: its time changes when a file is removed.
  return Math.max(
    facts.mtimeMs,
    ...(await Promise.all(names.map((name) => newestChange(path.join(file, name))))),
  );
}

async function isUpToDate() {
  const manifest = path.join(target, 'manifest.json');
  const built = await stat(manifest).catch((error) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return built !== null && built.mtimeMs > Math.max(...(await Promise.all(inputs.map(newestChange))));
}

/** Bundles entries ({ name: file }) and gives back the file names that they got ({ name: { file, style? } }). */
async function bundle(entries, assets, options) {
  // Only here: each start of the service asks whether the page is up to date.
  const { build } = await import('esbuild');
  const { metafile } = await build({
    entryPoints: Object.entries(entries).map(([out, file]) => ({ in: file, out })),
    outdir: assets,
    absWorkingDir: root,
    bundle: true,
    minify: true,
    // GraphiQL makes the titles of its icons from the names of their functions.
    keepNames: true,
    metafile: true,
    target: 'es2022',
    entryNames: '[name]-[hash]',
    chunkNames: 'chunk-[hash]',
    assetNames: '[name]-[hash]',
    loader: { '.ttf': 'file', '.svg': 'copy' },
    define: { 'process.env.NODE_ENV': '"production"', ...options.define },
    legalComments: 'linked',
    logLevel: 'warning',
    ...options.format,
  });
  const nameOfEntry = (entryPoint) =>
    Object.keys(entries).find((name) => entryPoint.endsWith(entries[name].replaceAll(path.sep, '/')));
  return Object.fromEntries(
    Object.entries(metafile.outputs)
      .filter(([, output]) => output.entryPoint)
      .map(([file, output]) => [
        nameOfEntry(output.entryPoint),
        { file: path.basename(file), style: output.cssBundle && path.basename(output.cssBundle) },
      ]),
  );
}

async function compress(assets) {
  const names = (await readdir(assets)).filter((name) => /\.(js|css|svg|ttf)$/.test(name));
  await Promise.all(
    names.map(async (name) => {
      const file = path.join(assets, name);
      const content = await readFile(file);
      const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 7 } };
      await writeFile(`${file}.br`, await promisify(brotliCompress)(content, brotli));
      await writeFile(`${file}.gz`, await promisify(gzip)(content));
    }),
  );
}

async function buildExplorer() {
  // Built aside and then moved, so that a server never finds half a page.
  const aside = `${target}.${process.pid}`;
  const assets = path.join(aside, 'assets');
  await mkdir(assets, { recursive: true });
  try {
    const workers = await bundle(WORKERS, assets, { format: { format: 'iife' } });
    const workerFiles = Object.fromEntries(Object.entries(workers).map(([name, { file }]) => [name, file]));
    const page = await bundle({ main: 'explorer/main.tsx', icon: 'explorer/icon.svg' }, assets, {
      define: { WORKER_FILES: JSON.stringify(workerFiles) },
      format: { format: 'esm', splitting: true, jsx: 'automatic' },
    });
    await compress(assets);
    await cp(path.join(source, 'examples'), path.join(aside, 'examples'), { recursive: true });
    const manifest = { script: page.main.file, style: page.main.style, icon: page.icon.file };
    await writeFile(path.join(aside, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    await rm(target, { recursive: true, force: true });
    await rename(aside, target);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

if (!process.argv.includes('--force') && (await isUpToDate())) {
  console.error('dist/explorer is up to date');
} else {
  const started = performance.now();
  await buildExplorer();
  console.error(`dist/explorer built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
