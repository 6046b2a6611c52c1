import { planRepin } from '../../domain/versioning/plan-pins';
import type { ActionContext } from '../../persistence/unit-of-work';
import { editPins, lockWanted, type TemplateEdit } from './edit-pins';

export interface RepinServerTemplateMultiCloudImage extends TemplateEdit {
  readonly fromId: string;
  readonly toId: string;
}

/** Moves a ServerTemplate's pin to another version of the same MCI lineage. */
export function repinServerTemplateMultiCloudImage(
  context: ActionContext,
  input: RepinServerTemplateMultiCloudImage,
): Promise<string> {
  return editPins(context, input, 'repinMultiCloudImage', async (tx, current) => {
    const to = await lockWanted(tx, { id: input.toId, path: ['input', 'toId'] });
    return planRepin(current, input.fromId, to);
  });
}
