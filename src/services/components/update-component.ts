import type { ComponentType } from '../../domain/versioning/component-type';
import { planUpdate, type ComponentUpdate } from '../../domain/versioning/component-input';
import type { HeadColumns } from '../../persistence/components/component-store';
import type { ActionContext } from '../../persistence/unit-of-work';
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
  if (Object.keys(columns).length === 0) return null;
  return { verb: 'update', changes: beforeAndAfter(head, columns), columns };
}

/** What each of the fields was and is, for the audit log. */
export function beforeAndAfter<C extends object>(
  before: { readonly [F in keyof C]?: unknown },
  after: C,
): Record<string, unknown> {
  const fields = Object.keys(after) as (keyof C & string)[];
  return Object.fromEntries(fields.map((field) => [field, { before: before[field], after: after[field] }]));
}
