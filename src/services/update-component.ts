import type { ComponentType } from '../domain/versioning/component-type';
import { planUpdate, type ComponentUpdate } from '../domain/versioning/component-input';
import type { HeadColumns } from '../persistence/component-store';
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
  return editHead(context, { type, id, expectedVersion, field: 'id' }, (_tx, head) =>
    updateEdit(head, planUpdate(head, update)),
  );
}

/** The edit that gives HEAD these columns; `null` when there are none. */
export function updateEdit<C extends HeadColumns>(
  head: { readonly [F in keyof C]?: unknown },
  columns: C,
): HeadEdit | null {
  const fields = Object.keys(columns) as (keyof C)[];
  if (fields.length === 0) return null;
  const changes = Object.fromEntries(
    fields.map((field) => [field, { before: head[field], after: columns[field] }]),
  );
  return { verb: 'update', changes, columns };
}
