import { DomainError } from '../errors';
import { assertText } from '../text';

/** */
const MAXIMUM_NAME_LENGTH = 50;
const MAXIMUM_TEXT_LENGTH = 500_000;

/** @throws DomainError INVALID */
export function assertEulaName(name: string, ...path: string[]): void {
  assertText(name, MAXIMUM_NAME_LENGTH, ...path);
}

/** @throws DomainError INVALID */
export function assertEulaText(text: string, ...path: string[]): void {
  assertText(text, MAXIMUM_TEXT_LENGTH, ...path);
}

/** What is archived stays as those have accepted it who imported with it. @throws DomainError NOT_EDITABLE */
export function assertNotArchived(archivedAt: Date | null): void {
  if (archivedAt !== null)
    throw new DomainError(
      'NOT_EDITABLE',
      'The licence agreement was archived and gets no new texts: make a new one with `createEula`.',
      { path: ['input', 'id'] },
    );
}
