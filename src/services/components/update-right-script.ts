import { planUpdate } from '../../domain/versioning/component-input';
import { describeSource, planSource, type SourceUpdate } from '../../domain/versioning/script-source';
import { readSources } from '../../persistence/components/right-script-store';
import type { ActionContext, Transaction } from '../../persistence/unit-of-work';
import { editHead, type HeadEdit } from './edit-head';
import { beforeAndAfter, updateEdit, type UpdateComponent } from './update-component';

export type UpdateRightScript = UpdateComponent & SourceUpdate;

/** Renames HEAD of a script, describes it anew, or gives it another source. @returns its key */
export function updateRightScript(
  context: ActionContext,
  { id, expectedVersion, ...update }: UpdateRightScript,
): Promise<string> {
  return editHead(context, { type: 'RightScript', id, expectedVersion, field: 'id' }, async (tx, head) => {
    const edit = updateEdit(head, planUpdate(head, update));
    return update.source === undefined ? edit : withSource(tx, id, update, edit);
  });
}

/** The edit with the source that an update gives, if it is another one. */
async function withSource(
  tx: Transaction,
  id: string,
  update: SourceUpdate,
  edit: HeadEdit | null,
): Promise<HeadEdit | null> {
  const before = (await readSources(tx.manager, [id])).get(id);
  if (before === undefined) throw new Error(`RightScript ${id} has no source`);
  const { source } = planSource({ source: before }, update);
  if (source === undefined) return edit;
  return {
    verb: 'update',
    changes: { ...edit?.changes, ...beforeAndAfter(describeSource(before), describeSource(source)) },
    columns: { ...edit?.columns, source },
  };
}
