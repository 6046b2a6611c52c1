import { planRemovePin } from '../../domain/versioning/plan-pins';
import type { ActionContext } from '../../persistence/unit-of-work';
import { editPins, type TemplateEdit } from './edit-pins';

export interface RemoveServerTemplateMultiCloudImage extends TemplateEdit {
  readonly multiCloudImageId: string;
  /** Needed when the default is removed and others stay. */
  readonly newDefaultId: string | null;
}

/** Takes an MCI from a ServerTemplate. */
export function removeServerTemplateMultiCloudImage(
  context: ActionContext,
  input: RemoveServerTemplateMultiCloudImage,
): Promise<string> {
  return editPins(context, input, 'removeMultiCloudImage', (_tx, current) =>
    planRemovePin(current, input.multiCloudImageId, input.newDefaultId),
  );
}
