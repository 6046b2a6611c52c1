import { DomainError } from '../../domain/errors';
import { toGlobalId } from '../../domain/global-id';
import { describeSetting } from '../../domain/versioning/check-setting';
import { deleteSettings, readSettings } from '../../persistence/components/multi-cloud-image-store';
import type { ActionContext } from '../../persistence/unit-of-work';
import { editHead } from './edit-head';

export interface RemoveMultiCloudImageSetting {
  readonly multiCloudImageId: string;
  readonly expectedVersion: number;
  readonly cloudId: string;
}

/** Removes the MCI's setting for a cloud, whoever made it. @throws DomainError NOT_FOUND when it has none */
export function removeMultiCloudImageSetting(
  context: ActionContext,
  { multiCloudImageId: id, expectedVersion, cloudId }: RemoveMultiCloudImageSetting,
): Promise<string> {
  const target = { type: 'MultiCloudImage', id, expectedVersion, field: 'multiCloudImageId' } as const;
  return editHead(context, target, async (tx) => {
    const removed = (await readSettings(tx.manager, id)).find((setting) => setting.cloudId === cloudId);
    if (removed === undefined)
      throw new DomainError('NOT_FOUND', 'The MultiCloud Image has no setting for this cloud.', {
        path: ['input', 'cloudId'],
      });
    await deleteSettings(tx.manager, [removed.id]);
    return {
      verb: 'removeSetting',
      changes: {
        cloudId: toGlobalId('Cloud', cloudId),
        before: { ...describeSetting(removed), madeBy: removed.madeBy },
        after: null,
      },
    };
  });
}
