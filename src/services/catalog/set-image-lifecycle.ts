import type { ImageLifecycle } from '../../domain/catalog/cloud-image';
import {
  assertMade,
  assertMaySetLifecycle,
  planLifecycle,
  visibleOrNotFound,
  type EditableImage,
} from '../../domain/catalog/edit-image';
import { recordAudit } from '../../persistence/access/audit-store';
import { bundleOrderState } from '../../persistence/servers/bundle-store';
import { lockVisibleImage, updateImageLifecycle } from '../../persistence/catalog/cloud-image-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

export interface SetImageLifecycleInput {
  readonly imageId: string;
  readonly lifecycle: ImageLifecycle;
  /** Absent: as it is; `null`: none. */
  readonly replacementId?: string | null;
}

/**
 * Sets an image's lifecycle by hand: imports leave it alone until it is set back to AVAILABLE. Answers its key.
 *
 * @throws DomainError NOT_FOUND, NOT_EDITABLE or INVALID
 */
export async function setImageLifecycle(
  context: ActionContext,
  { imageId, lifecycle, replacementId }: SetImageLifecycleInput,
): Promise<string> {
  return unitOfWork(context, async (tx) => {
    const viewer = actingViewer(tx);
    const locked = new Map<string, EditableImage | null>();
    // In the order in which an import locks them, so that neither waits for the other.
    for (const id of [imageId, ...(replacementId == null ? [] : [replacementId])].sort())
      locked.set(id, await lockVisibleImage(tx.manager, viewer, id));
    const image = visibleOrNotFound(locked.get(imageId) ?? null, 'imageId');
    assertMaySetLifecycle(image, tx.principal);
    assertMade(lifecycle, await bundleOrderState(tx.manager, image.id));
    const replacement =
      replacementId == null
        ? replacementId
        : visibleOrNotFound(locked.get(replacementId) ?? null, 'replacementId');
    const change = planLifecycle(image, lifecycle, replacement);
    if (change === null) return image.id;
    await updateImageLifecycle(tx.manager, image.id, { ...change, updatedAt: tx.now });
    await recordAudit(tx, {
      action: 'cloudImage.setLifecycle',
      objectType: 'CloudImage',
      objectId: image.id,
      changes: {
        lifecycle: { before: image.lifecycle, after: change.lifecycle },
        replacementId: { before: image.replacementId, after: change.replacementId },
      },
    });
    return image.id;
  });
}
