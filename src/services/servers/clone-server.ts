import { toGlobalId } from '../../domain/global-id';
import { assertName } from '../../domain/text';
import { cloneServerInto, takenDefinedNames } from '../../persistence/servers/server-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { recordDefined, shareLive } from '../edit-defined';
import { freeCloneName } from '../components/free-clone-name';

export interface CloneServer {
  readonly id: string;
  /** Left out: as counts. */
  readonly name?: string | null;
  /** Left out: the deployment of the original. */
  readonly deploymentId?: string | null;
}

/**
 * Copies a server as it is defined, also what could not be chosen any more: its resolution tells. The clone does not run
 * . @returns its key
 *
 * @throws DomainError NOT_FOUND, or INVALID for a name that can't be
 */
export async function cloneServer(context: ActionContext, input: CloneServer): Promise<string> {
  if (input.name != null) assertName(input.name, 'input', 'name');
  return unitOfWork(context, async (tx) => {
    const source = await shareLive(tx, 'Server', input.id, 'id');
    const deploymentId = input.deploymentId ?? source.deploymentId;
    await shareLive(tx, 'Deployment', deploymentId, 'deploymentId');
    const name =
      input.name ??
      (await freeCloneName(source.name, (names) =>
        takenDefinedNames(tx.manager, 'Server', source.accountId, names),
      ));
    const id = await cloneServerInto(tx.manager, source.id, { deploymentId, name }, tx.now);
    await recordDefined(tx, 'Server', id, 'clone', {
      clonedFromId: toGlobalId('Server', source.id),
      name,
      deploymentId: toGlobalId('Deployment', deploymentId),
    });
    return id;
  });
}
