import { planCounts, type ArrayCounts } from '../../domain/servers/array-counts';
import { planUpdate } from '../../domain/versioning/component-input';
import type { ActionContext } from '../../persistence/unit-of-work';
import { columnEdit, editDefined } from '../edit-defined';
import { describeMove, planMove } from './move-to-deployment';
import type { UpdateServer } from './update-server';

/** Counts that are left out stay. */
export type UpdateServerArray = UpdateServer & { readonly [F in keyof ArrayCounts]?: number | null };

/**
 * Renames a server array, describes it anew, moves it to another deployment or changes its counts; a maximum below what
 * runs ends nothing. @returns its key
 */
export function updateServerArray(context: ActionContext, input: UpdateServerArray): Promise<string> {
  return editDefined(context, 'ServerArray', input, async (tx, row) => {
    const columns = {
      ...planUpdate(row, input),
      ...planCounts(row, input),
      ...(await planMove(tx, row, input.deploymentId)),
    };
    return columnEdit<'ServerArray'>(row, 'update', columns, describeMove);
  });
}
