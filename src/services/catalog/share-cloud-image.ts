import { assertMayShare, visibleOrNotFound } from '../../domain/catalog/edit-image';
import { DomainError, invalid, notFound } from '../../domain/errors';
import { recordAudit } from '../../persistence/access/audit-store';
import {
  addShares,
  existingAccounts,
  lockVisibleImage,
  removeShares,
} from '../../persistence/catalog/cloud-image-store';
import { isPrivateCloud } from '../../persistence/catalog/cloud-store';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

export interface ShareCloudImageInput {
  readonly imageId: string;
  readonly addAccountIds: readonly string[];
  readonly removeAccountIds: readonly string[];
}

const MAXIMUM_ACCOUNTS = 100;

/** Shares a private image of the account with others, or ends that. Answers its key. */
export async function shareCloudImage(context: ActionContext, input: ShareCloudImageInput): Promise<string> {
  assertAccounts(input, context.principal.accountId);
  return unitOfWork(context, async (tx) => {
    const image = visibleOrNotFound(
      await lockVisibleImage(tx.manager, actingViewer(tx), input.imageId),
      'imageId',
    );
    const cloudPrivate = await isPrivateCloud(tx.manager, image.cloudId);
    assertMayShare({ ...image, cloudPrivate }, tx.principal);
    await assertExisting(tx, input.addAccountIds);
    const added = await addShares(tx.manager, image.id, [...new Set(input.addAccountIds)], tx.now);
    const removed = await removeShares(tx.manager, image.id, input.removeAccountIds);
    if (added.length + removed.length > 0)
      await recordAudit(tx, {
        action: 'cloudImage.share',
        objectType: 'CloudImage',
        objectId: image.id,
        changes: { added, removed },
      });
    return image.id;
  });
}

function assertAccounts({ addAccountIds, removeAccountIds }: ShareCloudImageInput, own: string | null): void {
  for (const [field, ids] of Object.entries({ addAccountIds, removeAccountIds }))
    if (ids.length > MAXIMUM_ACCOUNTS)
      throw new DomainError(
        'LIMIT_EXCEEDED',
        `\`${field}\` has ${ids.length} accounts; at most ${MAXIMUM_ACCOUNTS} are allowed.`,
        { path: ['input', field] },
      );
  if (addAccountIds.some((id) => id === own))
    throw invalid(
      'The image belongs to this account, which sees it already: leave its own id out.',
      'input',
      'addAccountIds',
    );
  if (addAccountIds.some((id) => removeAccountIds.includes(id)))
    throw invalid(
      'An account is both in `addAccountIds` and in `removeAccountIds`: name it once.',
      'input',
      'removeAccountIds',
    );
}

/** Tells apart which ids are accounts. They are random UUIDs, known only to those who were given them. */
async function assertExisting(tx: Transaction, ids: readonly string[]): Promise<void> {
  const existing = await existingAccounts(tx.manager, ids);
  if (ids.some((id) => !existing.has(id))) throw notFound('account', 'input', 'addAccountIds');
}
