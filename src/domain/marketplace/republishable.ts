import { DomainError, invalid } from '../errors';
import { COMPONENT_NAMES, type ComponentType } from '../versioning/component-type';

/** only HEADs are published again. @throws DomainError INVALID, with the cure */
export function assertRepublishable({
  name,
  revision,
}: {
  readonly name: string;
  readonly revision: number;
}): void {
  if (revision > 0)
    throw invalid(
      `"${name}" is revision ${revision}, which never changes: publish the next revision instead. Only published HEADs are republished.`,
      'input',
      'publicationId',
    );
}

export const nothingToRepublish = (type: ComponentType, name: string): DomainError =>
  new DomainError(
    'NOTHING_TO_COMMIT',
    `Nothing changed in the ${COMPONENT_NAMES[type]} "${name}" since it was published, and all who follow it and have access to everything in it have it as it is.`,
    { path: ['input', 'publicationId'] },
  );
