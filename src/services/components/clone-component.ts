import { toGlobalId } from '../../domain/global-id';
import { assertDescription, assertName } from '../../domain/text';
import { componentAction, type ComponentType } from '../../domain/versioning/component-type';
import { lockVersion, type ComponentRows } from '../../persistence/components/component-store';
import { lockDeletedPins } from '../../persistence/components/deleted-pins';
import { recordChange, recordHistory } from '../../persistence/components/history-store';
import type { Row } from '../../persistence/select';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { insertClone, type CloneFields } from './insert-clone';
import { missingVersion } from '../marketplace/missing-version';
import { resurrectDependencies, type ResurrectedDependency } from './resurrect-dependencies';

export interface CloneComponent extends CloneFields {
  /** Any version: HEAD, a revision, also a deleted one. */
  readonly id: string;
}

/** What a clone made. */
export interface Clone<T extends ComponentType> {
  /** HEAD of the new lineage. */
  readonly head: Row<ComponentRows[T]>;
  /** Deleted components that came back because the clone pins them. */
  readonly resurrected: readonly ResurrectedDependency[];
}

/**
 * Starts a new lineage with the content of a version. Cloning what was deleted brings it back.
 *
 * @throws DomainError NOT_FOUND, or INVALID for a name or description that can't be, or what is not imported
 */
export function cloneComponent<T extends ComponentType>(
  context: ActionContext,
  type: T,
  input: CloneComponent,
): Promise<Clone<T>> {
  if (input.name != null) assertName(input.name, 'input', 'name');
  assertDescription(input.description, 'input', 'description');
  return unitOfWork(context, async (tx) => {
    const { accountId } = actingViewer(tx);
    // Locked: a HEAD keeps a snapshot of what is taken.
    const source = await lockVersion(tx.manager, type, accountId, input.id);
    if (source === null) throw await missingVersion(tx, type, input.id, 'input', 'id');
    // Before anything is written: a pin that is copied holds what it names, too.
    const deleted = type === 'ServerTemplate' ? await lockDeletedPins(tx.manager, source) : [];
    const { name: given, description } = input;
    const { headId, name, takenFromId, history } = await insertClone(tx, type, {
      version: source,
      name: given,
      description,
    });
    // What comes back with the clone is told after it.
    if (deleted.length > 0) await recordHistory(tx, [history]);
    const resurrected = await resurrectDependencies(tx, headId, deleted);
    const audit = {
      action: componentAction(type, 'clone'),
      objectType: type,
      objectId: headId,
      changes: {
        clonedFromId: toGlobalId(type, source.id),
        takenFromId: toGlobalId(type, takenFromId),
        name,
        ...(resurrected.length > 0 && { resurrected: resurrected.map(({ change }) => change) }),
      },
    };
    const head = await recordChange(tx, type, headId, {
      history: deleted.length > 0 ? [] : [history],
      audit,
    });
    return { head, resurrected };
  });
}
