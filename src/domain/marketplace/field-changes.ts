/** A field's value before and after an edit, as the audit log tells it. */
export interface FieldChange {
  readonly before: unknown;
  readonly after: unknown;
}

/** The fields of `after` that differ from `before`. */
export function fieldChanges<T extends object>(before: T, after: Partial<T>): Record<string, FieldChange> {
  const fields = Object.keys(after) as (keyof T & string)[];
  return Object.fromEntries(
    fields
      .filter((field) => after[field] !== before[field])
      .map((field) => [field, { before: before[field], after: after[field] }]),
  );
}
