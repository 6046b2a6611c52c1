// Writes `schema.graphql`, the schema that the service emits, into the current folder; with --check, compares and fails
// where they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const { createSchema } = require(join(root, 'dist', 'src', 'schema.js'));
const { printSubgraphSchema } = require('@apollo/subgraph');

const file = 'schema.graphql';
const emitted = `${printSubgraphSchema(await createSchema()).trim()}\n`;
if (!process.argv.includes('--check')) {
  writeFileSync(file, emitted);
} else if (readFileSync(file, 'utf8') !== emitted) {
  process.stderr.write(
    'schema.graphql differs from the emitted schema: run `npm run schema` and commit it.\n',
  );
  process.exitCode = 1;
}
