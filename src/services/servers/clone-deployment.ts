import { toGlobalId } from '../../domain/global-id';
import { assertName } from '../../domain/text';
import { cloneServersInto, insertDefined, takenDefinedNames } from '../../persistence/servers/server-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { recordDefined, shareLive } from '../edit-defined';
import { freeCloneName } from '../components/free-clone-name';

export interface CloneDeployment {
  readonly id: string;
  /** Left out: as counts. */
  readonly name?: string | null;
}

/**
 * Copies a deployment with all its servers as they are defined; none of them runs. Arrays can't be cloned.
 *
 * @returns the key of the clone
 * @throws DomainError NOT_FOUND, or INVALID for a name that can't be
 */
export async function cloneDeployment(context: ActionContext, input: CloneDeployment): Promise<string> {
  if (input.name != null) assertName(input.name, 'input', 'name');
  return unitOfWork(context, async (tx) => {
    const { accountId, description, tags, ...source } = await shareLive(tx, 'Deployment', input.id, 'id');
    const name =
      input.name ??
      (await freeCloneName(source.name, (names) =>
        takenDefinedNames(tx.manager, 'Deployment', accountId, names),
      ));
    const id = await insertDefined(tx.manager, 'Deployment', { accountId, name, description, tags }, tx.now);
    const servers = await cloneServersInto(tx.manager, source.id, id, tx.now);
    await recordDefined(tx, 'Deployment', id, 'clone', {
      clonedFromId: toGlobalId('Deployment', source.id),
      name,
      servers,
    });
    return id;
  });
}
