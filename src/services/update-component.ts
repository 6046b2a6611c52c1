import type { ComponentType } from '../domain/versioning/component-type';
import { planUpdate, type ComponentUpdate } from '../domain/versioning/component-input';
import type { ActionContext } from '../persistence/unit-of-work';
import { editHead, type HeadEdit } from './edit-head';

export interface UpdateComponent extends ComponentUpdate {
  readonly id: string;
  readonly expectedVersion: number;
}

/** Renames a HEAD, or describes it anew. @returns its key */
export function updateComponent(
  context: ActionContext,
  type: ComponentType,
  { id, expectedVersion, ...update }: UpdateComponent,
): Promise<string> {
  return editHead(context, { type, id, expectedVersion, field: 'id' }, (_tx, head): HeadEdit | null => {
    const columns = planUpdate(head, update);
    const fields = Object.keys(columns) as (keyof typeof columns)[];
    if (fields.length === 0) return null;
    const changes = Object.fromEntries(
      fields.map((field) => [field, { before: head[field], after: columns[field] }]),
    );
    return { verb: 'update', changes, columns };
  });
}
