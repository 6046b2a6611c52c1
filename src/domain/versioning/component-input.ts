import { DomainError, invalid } from '../errors';
import { assertDescription, assertName, assertStorable } from '../text';
import { withTags } from '../tags';

/** Input lists are bounded. */
export const MAXIMUM_LIST_LENGTH = 100;

export function assertListLength(list: readonly unknown[], maximum: number, ...path: string[]): void {
  if (list.length > maximum)
    throw new DomainError(
      'LIMIT_EXCEEDED',
      `\`${path.at(-1)}\` has ${list.length} entries; at most ${maximum} are allowed.`,
      { path },
    );
}

/** What a new component of any type is given. */
export interface NewComponentFields {
  readonly name: string;
  readonly description?: string | null;
  readonly tags?: readonly string[] | null;
}

export interface ComponentFields {
  readonly name: string;
  readonly description: string | null;
  readonly tags: string[];
}

/** @throws DomainError INVALID or LIMIT_EXCEEDED, naming the field */
export function checkNewComponent(input: NewComponentFields): ComponentFields {
  assertName(input.name, 'input', 'name');
  assertDescription(input.description, 'input', 'description');
  return {
    name: input.name,
    description: input.description ?? null,
    tags: withTags([], checkTagList(input.tags ?? [], 'input', 'tags'), 'input', 'tags'),
  };
}

/** A list of tags as a request gives it: not too long, and storable (their form is checked by `withTags`). */
export function checkTagList(tags: readonly string[], ...path: string[]): readonly string[] {
  assertListLength(tags, MAXIMUM_LIST_LENGTH, ...path);
  for (const tag of tags) assertStorable(tag, ...path);
  return tags;
}

/** Left out: unchanged. */
export interface ComponentUpdate {
  readonly name?: string | null;
  /** `null` clears it. */
  readonly description?: string | null;
}

/** The fields that an update really changes. */
export interface ChangedFields {
  name?: string;
  description?: string | null;
}

/** @throws DomainError INVALID, naming the field */
export function planUpdate(
  current: { readonly name: string; readonly description: string | null },
  update: ComponentUpdate,
): ChangedFields {
  const changed: ChangedFields = {};
  if (update.name === null)
    throw invalid(
      '`name` can not be null: leave it out to keep the name, or give a new one.',
      'input',
      'name',
    );
  if (update.name !== undefined) {
    assertName(update.name, 'input', 'name');
    if (update.name !== current.name) changed.name = update.name;
  }
  if (update.description !== undefined) {
    assertDescription(update.description, 'input', 'description');
    if (update.description !== current.description) changed.description = update.description;
  }
  return changed;
}
