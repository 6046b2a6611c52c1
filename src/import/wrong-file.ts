import type { CatalogFormat } from '../domain/catalog/catalog-row';
import { type DomainError, invalid } from '../domain/errors';
import { FORMAT_WORDS } from './listing-format';

/** The file as a whole can't be read as `format`: what was expected, what was found, and what to do. */
export function wrongFile(format: CatalogFormat, found: string, cure: string): DomainError {
  const { name, expected } = FORMAT_WORDS[format];
  return invalid(`Not ${name}: expected ${expected}; found ${found}. ${cure}`, 'content');
}

/** The file is a listing, of another format. */
export function otherFormat(format: CatalogFormat, actual: CatalogFormat, found: string): DomainError {
  return wrongFile(
    format,
    found,
    `This looks like ${FORMAT_WORDS[actual].name}: import it with --format ${actual}`,
  );
}

/** Text from a file, safe to show in a message: quoted, control characters escaped, cut to 60 characters. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
