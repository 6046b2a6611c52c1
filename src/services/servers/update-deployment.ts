import { planUpdate, type ComponentUpdate } from '../../domain/versioning/component-input';
import type { ActionContext } from '../../persistence/unit-of-work';
import { columnEdit, editDefined, type DefinedTarget } from '../edit-defined';

export interface UpdateDeployment extends DefinedTarget, ComponentUpdate {}

/** Renames a deployment, or describes it anew. @returns its key */
export function updateDeployment(context: ActionContext, input: UpdateDeployment): Promise<string> {
  return editDefined(context, 'Deployment', input, (_tx, row) =>
    columnEdit<'Deployment'>(row, 'update', planUpdate(row, input)),
  );
}
