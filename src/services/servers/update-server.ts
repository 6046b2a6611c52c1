import { planUpdate, type ComponentUpdate } from '../../domain/versioning/component-input';
import type { ActionContext } from '../../persistence/unit-of-work';
import { columnEdit, editDefined, type DefinedTarget } from '../edit-defined';
import { describeMove, planMove } from './move-to-deployment';

export interface UpdateServer extends DefinedTarget, ComponentUpdate {
  /** Left out: it stays in its deployment. */
  readonly deploymentId?: string | null;
}

/** Renames a server, describes it anew, or moves it to another deployment. @returns its key */
export function updateServer(context: ActionContext, input: UpdateServer): Promise<string> {
  return editDefined(context, 'Server', input, async (tx, row) => {
    const columns = { ...planUpdate(row, input), ...(await planMove(tx, row, input.deploymentId)) };
    return columnEdit<'Server'>(row, 'update', columns, describeMove);
  });
}
