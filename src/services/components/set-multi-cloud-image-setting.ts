import { toGlobalId } from '../../domain/global-id';
import {
  assertSetting,
  describeSetting,
  MAXIMUM_SETTINGS,
  sameSetting,
  tooManySettings,
  type SettingContent,
} from '../../domain/versioning/check-setting';
import {
  insertSettings,
  readSettings,
  readVisibleCatalog,
  updateSettings,
} from '../../persistence/components/multi-cloud-image-store';
import type { ActionContext } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { editHead } from './edit-head';

export interface SetMultiCloudImageSetting extends SettingContent {
  readonly multiCloudImageId: string;
  readonly expectedVersion: number;
}

/** Creates or replaces the MCI's setting for a cloud. From now on it counts as made by hand. */
export function setMultiCloudImageSetting(
  context: ActionContext,
  { multiCloudImageId: id, expectedVersion, ...setting }: SetMultiCloudImageSetting,
): Promise<string> {
  const target = { type: 'MultiCloudImage', id, expectedVersion, field: 'multiCloudImageId' } as const;
  return editHead(context, target, async (tx) => {
    const catalog = await readVisibleCatalog(tx.manager, actingViewer(tx), [setting]);
    assertSetting(setting, catalog, 'input');
    const settings = await readSettings(tx.manager, id);
    const before = settings.find(({ cloudId }) => cloudId === setting.cloudId) ?? null;
    const unchanged = before !== null && sameSetting(before, setting);
    if (unchanged && before.madeBy === 'HAND') return null;
    if (before === null) {
      if (settings.length >= MAXIMUM_SETTINGS) throw tooManySettings(settings.length + 1, 'input', 'cloudId');
      await insertSettings(tx.manager, id, [setting], 'HAND');
    } else await updateSettings(tx.manager, [{ ...setting, id: before.id }], 'HAND');
    return {
      verb: 'setSetting',
      changes: {
        cloudId: toGlobalId('Cloud', setting.cloudId),
        before: before && { ...describeSetting(before), madeBy: before.madeBy },
        after: { ...describeSetting(setting), madeBy: 'HAND' },
      },
      // Taking over what a matcher made is no change of content.
      keepsVersion: unchanged,
    };
  });
}
