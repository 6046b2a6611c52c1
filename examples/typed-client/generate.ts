import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typedDocuments from '@graphql-codegen/typed-document-node';
import * as operations from '@graphql-codegen/typescript-operations';
import { buildSchema, parse, printSchema, type DocumentNode } from 'graphql';

/** Every scalar of the graph; `strictScalars` refuses a schema with another one, so that none is `any`. */
const SCALARS = {
  ID: { input: 'string', output: 'string' },
  DateTime: { input: 'string', output: 'string' },
  JSON: { input: 'unknown', output: 'unknown' },
};

export const CONFIG = {
  strictScalars: true,
  defaultScalarType: 'unknown',
  scalars: SCALARS,
  useTypeImports: true,
};

interface Source {
  readonly location: string;
  readonly document: DocumentNode;
}

/** The schema as a client knows it, without what only gateways need. */
export function readSchema(text: string) {
  const schema = buildSchema(text, { assumeValid: true, assumeValidSDL: true });
  return { schemaAst: schema, schema: parse(printSchema(schema)) };
}

/** TypeScript for operations: types of their variables and answers, and documents that carry both. */
export function generateOperations(schema: string, documents: readonly Source[]): Promise<string> {
  return codegen({
    ...readSchema(schema),
    filename: 'graph.ts',
    documents: [...documents],
    config: CONFIG,
    plugins: [{ operations: {} }, { typedDocuments: {} }],
    pluginMap: { operations, typedDocuments },
  });
}

/** Writes `graph.ts` from `images.graphql`, in the folder of the repository. */
async function main(): Promise<void> {
  const folder = join('examples', 'typed-client');
  const location = join(folder, 'images.graphql');
  const source = { location, document: parse(readFileSync(location, 'utf8')) };
  writeFileSync(
    join(folder, 'graph.ts'),
    await generateOperations(readFileSync('schema.graphql', 'utf8'), [source]),
  );
}

if (require.main === module) void main();
