import { DomainError } from '../../domain/errors';
import { COMPONENT_NAMES } from '../../domain/versioning/component-type';
import type { PinnedType } from '../../domain/versioning/pin-updates';
import { templatesUsingLineage } from '../../persistence/components/server-template-store';
import type { Transaction } from '../../persistence/unit-of-work';

/**
 * what a ServerTemplate of the local collection names can't leave it, not even an imported template's. The lineage
 * must be locked.
 *
 * @throws DomainError IN_USE with the ServerTemplates that pin a version of it
 */
export async function assertUnused(
  tx: Transaction,
  type: PinnedType,
  accountId: string,
  lineageId: string,
): Promise<void> {
  const usedBy = await templatesUsingLineage(tx.manager, type, accountId, lineageId);
  if (usedBy.length > 0)
    throw new DomainError(
      'IN_USE',
      `Cannot delete as the ${COMPONENT_NAMES[type]} (HEAD/committed revision) is being used by one or more ServerTemplates.`,
      { path: ['input', 'id'], usedBy },
    );
}
