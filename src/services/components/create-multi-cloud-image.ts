import { randomUUID } from 'node:crypto';
import { toGlobalId } from '../../domain/global-id';
import {
  assertCloudsOnce,
  assertSetting,
  describeSetting,
  MAXIMUM_SETTINGS,
  type SettingContent,
} from '../../domain/versioning/check-setting';
import {
  assertListLength,
  checkNewComponent,
  type NewComponentFields,
} from '../../domain/versioning/component-input';
import { recordAudit } from '../../persistence/access/audit-store';
import { recordHistory } from '../../persistence/components/history-store';
import {
  insertMultiCloudImage,
  insertSettings,
  readVisibleCatalog,
} from '../../persistence/components/multi-cloud-image-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

export interface CreateMultiCloudImage extends NewComponentFields {
  readonly settings: readonly SettingContent[];
}

/** Creates an MCI with all its settings, or nothing. @returns the key of its HEAD */
export async function createMultiCloudImage(
  context: ActionContext,
  input: CreateMultiCloudImage,
): Promise<string> {
  const fields = checkNewComponent(input);
  const { settings } = input;
  assertListLength(settings, MAXIMUM_SETTINGS, 'input', 'settings');
  assertCloudsOnce(settings);
  return unitOfWork(context, async (tx) => {
    const viewer = actingViewer(tx);
    const catalog = await readVisibleCatalog(tx.manager, viewer, settings);
    for (const [index, setting] of settings.entries())
      assertSetting(setting, catalog, 'input', 'settings', String(index));
    const [id, lineageId] = [randomUUID(), randomUUID()];
    const { accountId } = viewer;
    await insertMultiCloudImage(tx.manager, {
      id,
      accountId,
      lineageId,
      ...fields,
      now: tx.now,
    });
    await insertSettings(tx.manager, id, settings, 'HAND');
    await recordHistory(tx, [
      { type: 'MultiCloudImage', accountId, lineageId, event: 'CREATED', componentId: id, parentIds: [] },
    ]);
    await recordAudit(tx, {
      action: 'multiCloudImage.create',
      objectType: 'MultiCloudImage',
      objectId: id,
      changes: {
        ...fields,
        settings: settings.map((setting) => ({
          cloudId: toGlobalId('Cloud', setting.cloudId),
          ...describeSetting(setting),
        })),
      },
    });
    return id;
  });
}
