import { insertDefined } from '../../persistence/servers/server-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { recordDefined } from '../edit-defined';
import { planDefinition, type NewDefinition } from './new-definition';

/** Creates a server in a deployment. It does not run. @returns its key */
export async function createServer(context: ActionContext, input: NewDefinition): Promise<string> {
  return unitOfWork(context, async (tx) => {
    const { columns, changes } = await planDefinition(tx, 'Server', input);
    const id = await insertDefined(tx.manager, 'Server', columns, tx.now);
    await recordDefined(tx, 'Server', id, 'create', changes);
    return id;
  });
}
