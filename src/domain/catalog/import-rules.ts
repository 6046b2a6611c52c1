import type { CatalogFormat, ListedImage, ListedInstanceType } from './catalog-row';
import { invalid, type DomainError } from '../errors';

/**
 * Why a well-read row may not land in the public catalog; `null`: it may.
 * An account's own catalog takes whatever its clouds have.
 */
export function publicCatalogProblem(row: ListedImage | ListedInstanceType): string | null {
  return row.kind === 'IMAGE' && row.public === false
    ? 'The image is not public, and this import feeds the public catalog: import it with an infrastructure token of the account that owns it, or on the command line with --account NAME.'
    : null;
}

/** A complete listing of which a row can't be read doesn't tell what left it. */
export function withdrawsNothing(reason: string): string {
  return `${reason} As this row may list anything, the listing counts as incomplete and withdraws nothing.`;
}

/** The same thing twice in one file: the last row wins. */
export function listedAgain(at: string): string {
  return `The same image or instance type is listed again, differently, at ${at}, which was taken: keep one of the two rows.`;
}

/** A complete listing without rows withdraws everything of its source, which therefore must be named. */
export function sourceOfNothing(): DomainError {
  return invalid(
    'The listing is complete but has no rows, and so names no source that it withdraws. Name it with `source`, for example describe-images:123456789012:us-east-1; or leave out `complete`.',
    'input',
    'source',
  );
}

/** What a complete listing covers depends on its format: a source keeps one. */
export function sourceOfOtherFormat(name: string, known: CatalogFormat, format: CatalogFormat): DomainError {
  return invalid(
    `The source "${name}" holds listings of the format ${known}; this one is ${format}. Name another source with \`source\`, or leave it out.`,
    'input',
    'source',
  );
}
