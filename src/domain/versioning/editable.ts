import { DomainError } from '../errors';
import { COMPONENT_NAMES, type ComponentType } from './component-type';

/** What decides whether a version can be edited. */
export interface VersionFacts {
  readonly revision: number;
  readonly version: number;
  readonly snapshot: boolean;
  /** `null`: a private one. */
  readonly originalId: string | null;
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
  assertLiveHead(type, component, 'input', field);
  assertSeen(type, component, expectedVersion, 'expectedVersion');
}

/**
 * a HEAD is at the version that somebody saw.
 *
 * @param field the input field that tells the version
 * @throws DomainError STALE
 */
export function assertSeen(
  type: ComponentType,
  { version }: Pick<VersionFacts, 'version'>,
  expectedVersion: number,
  field: string,
): void {
  if (version !== expectedVersion)
    throw new DomainError(
      'STALE',
      `The ${COMPONENT_NAMES[type]} is at version ${version}, but \`${field}\` is ${expectedVersion}: it was changed since. ` +
        'Read it again, and repeat the edit with the version that you then see.',
      { path: ['input', field], currentVersion: version },
    );
}

/**
 * only a live private HEAD can be edited.
 *
 * @param path of what named the component in the request
 * @throws DomainError NOT_EDITABLE
 */
export function assertLiveHead(
  type: ComponentType,
  { revision, snapshot, originalId, deletedAt }: Omit<VersionFacts, 'version'>,
  ...path: string[]
): void {
  const name = COMPONENT_NAMES[type];
  if (originalId !== null)
    throw new DomainError(
      'NOT_EDITABLE',
      `This ${name} was ${revision > 0 ? 'imported' : 'subscribed to'}: it is its publisher's. Clone it, and edit the clone.`,
      { path },
    );
  if (revision > 0)
    throw new DomainError(
      'NOT_EDITABLE',
      `This is revision ${revision} of the ${name}: a committed revision never changes. Edit the lineage's \`head\`.`,
      { path },
    );
  if (snapshot)
    throw new DomainError(
      'NOT_EDITABLE',
      `This is the content of a HEAD of the ${name} as a clone or a merge took it: it never changes. Edit the lineage's \`head\`.`,
      { path },
    );
  if (deletedAt !== null)
    throw new DomainError(
      'NOT_EDITABLE',
      `The ${name} was deleted: clone it to bring it back, and edit the clone.`,
      { path },
    );
}

/**
 * what is only seen in the marketplace is not edited.
 *
 * @param path of what named the component in the request
 * @throws DomainError NOT_EDITABLE
 */
export function assertLocal(
  type: ComponentType,
  { accountId }: { readonly accountId: string },
  viewer: { readonly accountId: string },
  ...path: string[]
): void {
  if (accountId === viewer.accountId) return;
  throw new DomainError(
    'NOT_EDITABLE',
    `This ${COMPONENT_NAMES[type]} is offered in the marketplace: it is its publisher's. Import it, clone it, and edit the clone.`,
    { path },
  );
}
