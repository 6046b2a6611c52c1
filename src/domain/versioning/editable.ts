import { DomainError } from '../errors';
import { COMPONENT_NAMES, type ComponentType } from './component-type';

/** What decides whether a version can be edited. */
export interface VersionFacts {
  readonly revision: number;
  readonly version: number;
  readonly deletedAt: Date | null;
}

/**
 * only a live HEAD can be edited, and only by somebody who saw its present version.
 *
 * @param field the input field that named the component
 * @throws DomainError NOT_EDITABLE or STALE
 */
export function assertEditable(
  type: ComponentType,
  component: VersionFacts,
  expectedVersion: number,
  field: string,
): void {
  const name = COMPONENT_NAMES[type];
  if (component.revision > 0)
    throw new DomainError(
      'NOT_EDITABLE',
      `This is revision ${component.revision} of the ${name}: a committed revision never changes. Edit the lineage's \`head\`.`,
      { path: ['input', field] },
    );
  if (component.deletedAt !== null)
    throw new DomainError(
      'NOT_EDITABLE',
      `The ${name} was deleted: clone it to bring it back, and edit the clone.`,
      {
        path: ['input', field],
      },
    );
  if (component.version !== expectedVersion)
    throw new DomainError(
      'STALE',
      `The ${name} is at version ${component.version}, but \`expectedVersion\` is ${expectedVersion}: it was changed since. ` +
        'Read it again, and repeat the edit with the version that you then see.',
      { path: ['input', 'expectedVersion'], currentVersion: component.version },
    );
}
