import { checkNewComponent, type NewComponentFields } from '../../domain/versioning/component-input';
import { insertDefined } from '../../persistence/servers/server-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { recordDefined } from '../edit-defined';

/** Creates a deployment without servers. @returns its key */
export async function createDeployment(context: ActionContext, input: NewComponentFields): Promise<string> {
  const fields = checkNewComponent(input);
  return unitOfWork(context, async (tx) => {
    const { accountId } = actingViewer(tx);
    const id = await insertDefined(tx.manager, 'Deployment', { ...fields, accountId }, tx.now);
    await recordDefined(tx, 'Deployment', id, 'create', { ...fields });
    return id;
  });
}
