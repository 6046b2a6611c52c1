import { planUpdate } from '../domain/versioning/component-input';
import { planSource, type SourceUpdate } from '../domain/versioning/script-source';
import type { ActionContext } from '../persistence/unit-of-work';
import { editHead } from './edit-head';
import { updateEdit, type UpdateComponent } from './update-component';

export type UpdateRightScript = UpdateComponent & SourceUpdate;

/** Renames HEAD of a script, describes it anew, or gives it another source. @returns its key */
export function updateRightScript(
  context: ActionContext,
  { id, expectedVersion, ...update }: UpdateRightScript,
): Promise<string> {
  return editHead(context, { type: 'RightScript', id, expectedVersion, field: 'id' }, (_tx, head) =>
    updateEdit(head, { ...planUpdate(head, update), ...planSource(head, update) }),
  );
}
