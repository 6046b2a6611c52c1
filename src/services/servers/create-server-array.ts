import { assertCounts, type ArrayCounts } from '../../domain/servers/array-counts';
import { insertDefined } from '../../persistence/servers/server-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { recordDefined } from '../edit-defined';
import { planDefinition, type NewDefinition } from './new-definition';

export interface CreateServerArray extends NewDefinition, ArrayCounts {}

/** Creates a server array in a deployment. Nothing runs yet. @returns its key */
export async function createServerArray(context: ActionContext, input: CreateServerArray): Promise<string> {
  const { minCount, maxCount } = input;
  assertCounts(input);
  return unitOfWork(context, async (tx) => {
    const { columns, changes } = await planDefinition(tx, 'ServerArray', input);
    const id = await insertDefined(tx.manager, 'ServerArray', { ...columns, minCount, maxCount }, tx.now);
    await recordDefined(tx, 'ServerArray', id, 'create', { ...changes, minCount, maxCount });
    return id;
  });
}
