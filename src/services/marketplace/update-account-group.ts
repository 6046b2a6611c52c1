import { assertCurrentGroup } from '../../domain/marketplace/account-group';
import { fieldChanges } from '../../domain/marketplace/field-changes';
import {
  planUpdate,
  type ChangedFields,
  type ComponentUpdate,
} from '../../domain/versioning/component-input';
import { updateAccountGroupRow } from '../../persistence/marketplace/account-group-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { lockOwnGroup, recordGroup } from './lock-account-group';

export interface UpdateAccountGroup extends ComponentUpdate {
  /** The group's key. */
  readonly id: string;
  readonly expectedVersion: number;
}

/** Renames a group, or describes it anew. @returns its key. @throws DomainError NOT_FOUND, STALE or INVALID */
export async function updateAccountGroup(context: ActionContext, input: UpdateAccountGroup): Promise<string> {
  return unitOfWork(context, async (tx) => {
    const group = await lockOwnGroup(tx, input.id);
    assertCurrentGroup(group, input.expectedVersion);
    const changed = planUpdate(group, input);
    const changes = fieldChanges<ChangedFields>(group, changed);
    if (Object.keys(changes).length === 0) return group.id;
    await updateAccountGroupRow(tx.manager, group.id, changed, tx.now);
    await recordGroup(tx, 'update', group.id, changes);
    return group.id;
  });
}
