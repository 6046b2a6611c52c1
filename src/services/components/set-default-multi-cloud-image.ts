import { planDefault } from '../../domain/versioning/plan-pins';
import type { ActionContext } from '../../persistence/unit-of-work';
import { editPins, type TemplateEdit } from './edit-pins';

export interface SetDefaultMultiCloudImage extends TemplateEdit {
  readonly multiCloudImageId: string;
}

/** Makes one of the MCIs that a ServerTemplate names its default. */
export function setDefaultMultiCloudImage(
  context: ActionContext,
  input: SetDefaultMultiCloudImage,
): Promise<string> {
  return editPins(context, input, 'setDefaultMultiCloudImage', (_tx, current) =>
    planDefault(current, input.multiCloudImageId),
  );
}
