import { readSettings } from '../persistence/components/multi-cloud-image-store';
import type { Transaction } from '../persistence/unit-of-work';
import { cloneComponent } from '../services/components/clone-component';
import { commitComponent } from '../services/components/commit-component';
import { removeMultiCloudImageSetting } from '../services/components/remove-multi-cloud-image-setting';
import { setMultiCloudImageSetting } from '../services/components/set-multi-cloud-image-setting';
import { updateComponent } from '../services/components/update-component';
import { head } from './demo-head';

/**
 * A committed MCI, a clone of it by another team, and what both did since: enough for a diff, and for a merge with
 * one conflict. The two clouds are the first and second by key that the MCI has settings for.
 *
 * @param multiCloudImageId HEAD of an MCI with at least three settings
 */
export async function growApart(tx: Transaction, multiCloudImageId: string): Promise<void> {
  await commitComponent(tx, 'MultiCloudImage', {
    ...(await head(tx, 'MultiCloudImage', multiCloudImageId)),
    message: 'Fedora CoreOS of September 2025',
  });
  const {
    head: { id: edge },
  } = await cloneComponent(tx, 'MultiCloudImage', {
    id: multiCloudImageId,
    name: 'Fedora CoreOS 42 for the edge team',
  });
  const settings = await readSettings(tx.manager, multiCloudImageId);
  const [first, second] = settings.toSorted((left, right) => (left.cloudId < right.cloudId ? -1 : 1));
  if (first === undefined || second === undefined) throw new Error('The demo MCI has too few settings');
  const { cloudId, imageId, instanceTypeId, kernelImageId, ramdiskImageId } = first;
  const setting = { cloudId, imageId, instanceTypeId, kernelImageId, ramdiskImageId };
  const edit = async (id: string) => {
    const { expectedVersion } = await head(tx, 'MultiCloudImage', id);
    return { multiCloudImageId: id, expectedVersion };
  };
  await setMultiCloudImageSetting(tx, {
    ...setting,
    ...(await edit(multiCloudImageId)),
    userData: '#cloud-config\npackage_update: true\n',
  });
  await updateComponent(tx, 'MultiCloudImage', {
    ...(await head(tx, 'MultiCloudImage', multiCloudImageId)),
    description: 'The release of September 2025, pinned by its name; updates its packages at boot.',
  });
  await setMultiCloudImageSetting(tx, {
    ...setting,
    ...(await edit(edge)),
    userData: '#cloud-config\nhostname: edge\n',
  });
  await removeMultiCloudImageSetting(tx, { ...(await edit(edge)), cloudId: second.cloudId });
}
