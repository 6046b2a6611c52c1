import { fieldChanges } from '../../domain/marketplace/field-changes';
import {
  checkOrganization,
  type OrganizationFields,
  type OrganizationInput,
} from '../../domain/marketplace/organization';
import { recordAudit } from '../../persistence/access/audit-store';
import { refreshPublisherSearch } from '../../persistence/marketplace/marketplace-search';
import {
  insertOrganization,
  lockOrganization,
  updateOrganization,
} from '../../persistence/marketplace/organization-store';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

/**
 * Says as which the account publishes, for the first time or anew.
 *
 * @returns the account's key
 * @throws DomainError INVALID
 */
export async function setOrganization(context: ActionContext, input: OrganizationInput): Promise<string> {
  return unitOfWork(context, async (tx) => {
    const { accountId } = actingViewer(tx);
    const fields = checkOrganization(input, null);
    if (await insertOrganization(tx.manager, accountId, fields, tx.now))
      await record(tx, accountId, { ...fields });
    else await change(tx, accountId, input);
    return accountId;
  });
}

async function change(tx: Transaction, accountId: string, input: OrganizationInput): Promise<void> {
  const current = await lockOrganization(tx.manager, accountId);
  if (current === null) throw new Error(`Account ${accountId} has an organization that can't be read`);
  const fields = checkOrganization(input, current);
  const changes = fieldChanges<OrganizationFields>(current, fields);
  if (Object.keys(changes).length === 0) return;
  await updateOrganization(tx.manager, accountId, fields, tx.now);
  if ('name' in changes) await refreshPublisherSearch(tx.manager, accountId);
  await record(tx, accountId, changes);
}

const record = (tx: Transaction, accountId: string, changes: Record<string, unknown>): Promise<void> =>
  recordAudit(tx, {
    action: 'organization.set',
    objectType: 'Organization',
    objectId: accountId,
    changes,
  });
