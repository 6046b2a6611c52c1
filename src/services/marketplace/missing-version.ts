import { invalid, notFound, type DomainError } from '../../domain/errors';
import { COMPONENT_NAMES, type ComponentType } from '../../domain/versioning/component-type';
import { versionsById } from '../../persistence/components/component-batches';
import { COMPONENT_ENTITIES } from '../../persistence/components/component-store';
import type { Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

/**
 * Why a version that is not in the local collection can't be worked with: what the marketplace offers must be imported
 * first; of anything else nothing is told.
 *
 * @param path of the input field that names it
 */
export async function missingVersion(
  tx: Transaction,
  type: ComponentType,
  id: string,
  ...path: string[]
): Promise<DomainError> {
  const viewer = actingViewer(tx);
  const name = COMPONENT_NAMES[type];
  const [version] = await versionsById(tx.manager, COMPONENT_ENTITIES[type], viewer, [id]);
  if (version === undefined || version.accountId === viewer.accountId) return notFound(name, ...path);
  const verb = version.revision > 0 ? 'import' : 'subscribe to';
  const mutation = version.revision > 0 ? 'importPublication' : 'subscribePublication';
  return invalid(
    `This ${name} is offered in the marketplace, but is not in the local collection: ${verb} it with \`${mutation}\`, and name the version that this brings.`,
    ...path,
  );
}
