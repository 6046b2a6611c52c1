import type { CatalogFormat } from '../domain/catalog/catalog-row';
import { shown, wrongFile } from './wrong-file';

/** Throws INVALID if the file is empty, compressed or not UTF-8, whatever format it should have. */
export function assertReadableText(start: string, format: CatalogFormat): void {
  if (start.trim() === '') {
    throw wrongFile(format, 'nothing but blanks', 'Check that the listing was written to the end.');
  }
  if (start.startsWith('\u001F\uFFFD')) {
    throw wrongFile(format, 'gzip-compressed bytes', 'Decompress it first, for example with gunzip.');
  }
  if (start.startsWith('\uFFFD') || start.slice(0, 2).includes('\0')) {
    throw wrongFile(
      format,
      'bytes that are not UTF-8 text',
      'Save the listing as UTF-8 and import it again.',
    );
  }
}

/** Throws INVALID if the file can't be JSON: the first thing in it is no object and no list. */
export function assertJsonStart(start: string, format: CatalogFormat): void {
  if (start.startsWith('\uFEFF')) {
    throw wrongFile(
      format,
      'a UTF-8 byte order mark, which JSON does not have',
      'Save the file as UTF-8 without it and import it again.',
    );
  }
  assertReadableText(start, format);
  const text = start.trimStart();
  if (!text.startsWith('{') && !text.startsWith('[')) {
    throw wrongFile(
      format,
      `text that starts with ${shown(text.slice(0, 2))}`,
      'Give the JSON file as it was fetched; a table of columns is imported with --format CSV.',
    );
  }
}

/** Throws INVALID if the file is JSON. A byte order mark is fine: spreadsheets write one. */
export function assertCsvStart(start: string, format: CatalogFormat): void {
  assertReadableText(start.replace(/^\uFEFF/, ''), format);
  const first = start.trimStart()[0];
  if (first === '{' || first === '[') {
    throw wrongFile(
      format,
      `JSON (it starts with \`${first}\`)`,
      'Name the format of that listing with --format, for example AWS_DESCRIBE_IMAGES or COREOS_STREAM.',
    );
  }
}
