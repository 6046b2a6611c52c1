import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  CatalogRow,
  ListedImage,
  ListedInstanceType,
  ListingFacts,
  ReadOptions,
  RefusedRow,
} from '../../../src/domain/catalog/catalog-row';
import { DomainError } from '../../../src/domain/errors';
import { readListing } from '../../../src/import/read-listing';

export interface ReadResult {
  rows: CatalogRow[];
  images: ListedImage[];
  instanceTypes: ListedInstanceType[];
  refused: RefusedRow[];
  facts: ListingFacts;
}

export async function* chunksOf(content: string | Uint8Array, size = content.length || 1) {
  for (let start = 0; start < content.length; start += size) {
    yield content.slice(start, start + size);
  }
}

/** Reads a listing to its end. A value that is neither text nor bytes is written as JSON first. */
export async function read(content: unknown, options: ReadOptions, chunkSize?: number): Promise<ReadResult> {
  const file =
    typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content);
  const { rows, facts } = readListing(chunksOf(file, chunkSize), options);
  const all: CatalogRow[] = [];
  for await (const row of rows) {
    all.push(row);
  }
  return {
    rows: all,
    images: all.filter((row) => row.kind === 'IMAGE'),
    instanceTypes: all.filter((row) => row.kind === 'INSTANCE_TYPE'),
    refused: all.filter((row) => row.kind === 'REFUSED'),
    facts,
  };
}

/** The error that reading this file ends with. */
export async function failure(content: unknown, options: ReadOptions): Promise<DomainError> {
  const error: unknown = await read(content, options).then(
    () => new Error('the file was read without an error'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DomainError)) {
    throw error;
  }
  return error;
}

/** A real listing that is kept in the repository. */
export function realFile(path: string): Buffer {
  return readFileSync(join(__dirname, '../../../demo/data', path));
}
