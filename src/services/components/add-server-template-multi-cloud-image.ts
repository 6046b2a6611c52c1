import { planAddPin } from '../../domain/versioning/plan-pins';
import type { ActionContext } from '../../persistence/unit-of-work';
import { editPins, lockWanted, type TemplateEdit } from './edit-pins';

export interface AddServerTemplateMultiCloudImage extends TemplateEdit {
  /** HEAD or a revision: the very version to pin. */
  readonly multiCloudImageId: string;
  readonly makeDefault: boolean;
}

/** Pins an MCI version to a ServerTemplate; the first one becomes the default. */
export function addServerTemplateMultiCloudImage(
  context: ActionContext,
  input: AddServerTemplateMultiCloudImage,
): Promise<string> {
  return editPins(context, input, 'addMultiCloudImage', async (tx, current) => {
    const wanted = { id: input.multiCloudImageId, path: ['input', 'multiCloudImageId'] };
    const version = await lockWanted(tx, wanted);
    return planAddPin(current, version, input.makeDefault, ...wanted.path);
  });
}
