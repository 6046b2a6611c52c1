import { assertEulaName, assertEulaText } from '../../domain/marketplace/eula';
import { recordAudit } from '../../persistence/access/audit-store';
import { insertEula, insertEulaRevision } from '../../persistence/marketplace/eula-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

export interface CreateEula {
  readonly name: string;
  readonly text: string;
}

/** Makes a licence agreement with its first text. @returns the text's key. @throws DomainError INVALID */
export async function createEula(context: ActionContext, { name, text }: CreateEula): Promise<string> {
  assertEulaName(name, 'input', 'name');
  assertEulaText(text, 'input', 'text');
  return unitOfWork(context, async (tx) => {
    const eulaId = await insertEula(tx.manager, { accountId: actingViewer(tx).accountId, name }, tx.now);
    const id = await insertEulaRevision(tx.manager, { eulaId, revision: 1, text }, tx.now);
    await recordAudit(tx, {
      action: 'eula.create',
      objectType: 'EulaRevision',
      objectId: id,
      changes: { name, revision: 1 },
    });
    return id;
  });
}
