import { invalid } from '../errors';
import { COMPONENT_NAMES, type ComponentType } from './component-type';

/**
 * what both sides of a merge are compared with never changes.
 *
 * @param path of what named the base in the request
 * @throws DomainError INVALID for a HEAD
 */
export function assertImmutableBase(
  type: ComponentType,
  { revision, snapshot }: { readonly revision: number; readonly snapshot: boolean },
  ...path: string[]
): void {
  if (revision === 0 && !snapshot)
    throw invalid(
      `\`baseId\` is the HEAD of a ${COMPONENT_NAMES[type]}, which may change: name a revision or snapshot.`,
      ...path,
    );
}
