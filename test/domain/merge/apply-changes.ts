import type {
  Atom,
  Content,
  ContentSchema,
  ContentValue,
  FieldSchema,
  KeyedAtoms,
  Sequence,
} from '../../../src/domain/merge/content';
import type { Change } from '../../../src/domain/merge/diff-content';

/** What the changes make of a content: written from their documentation alone, to hold `diffContent` against. */
export function applyChanges(schema: ContentSchema, content: Content, changes: readonly Change[]): Content {
  return applyToFields(schema, content, changes, 0);
}

function applyToFields(
  schema: ContentSchema,
  content: Content,
  changes: readonly Change[],
  depth: number,
): Content {
  const known = new Set(Object.keys(schema));
  for (const { path } of changes)
    if (!known.has(path[depth] ?? '')) throw new Error(`no such field: ${path.join('/')}`);
  return Object.fromEntries(
    Object.entries(schema).map(([field, fieldSchema]) => {
      const own = changes.filter(({ path }) => path[depth] === field);
      return [field, applyToField(fieldSchema, content[field] ?? null, own, depth + 1)];
    }),
  );
}

function applyToField(
  schema: FieldSchema,
  value: ContentValue,
  changes: readonly Change[],
  depth: number,
): ContentValue {
  switch (schema.kind) {
    case 'atomic':
    case 'text':
      return changes.reduce<ContentValue>((_, { after }) => after, value);
    case 'keyed':
    case 'set':
      return applyToKeys(value as KeyedAtoms, changes, depth);
    case 'sequence':
      return applyToSequence(value as Sequence, changes, depth);
    case 'group':
      return applyToFields(schema.fields, value as Content, changes, depth);
  }
}

function applyToKeys(atoms: KeyedAtoms, changes: readonly Change[], depth: number): KeyedAtoms {
  const result = new Map(atoms);
  for (const { path, kind, after } of changes) {
    const key = path[depth] ?? '';
    if (kind === 'REMOVED') result.delete(key);
    else result.set(key, after);
  }
  return result;
}

function applyToSequence(sequence: Sequence, changes: readonly Change[], depth: number): Sequence {
  const items = new Map(sequence.items);
  const remaining = new Set(sequence.order);
  const placed = new Map<number, string>();
  for (const { path, kind, after } of changes) {
    const key = path[depth] ?? '';
    const { value, position } = (after ?? {}) as { value: Atom; position: number };
    if (kind === 'REMOVED') items.delete(key);
    if (kind === 'ADDED' || kind === 'MODIFIED') items.set(key, value);
    if (kind === 'ADDED' || kind === 'MOVED') placed.set(position, key);
    if (kind === 'REMOVED' || kind === 'MOVED') remaining.delete(key);
  }
  const unmoved = [...remaining];
  const order = Array.from({ length: items.size }, (_, position) => placed.get(position) ?? unmoved.shift());
  return { order: order.map((key) => key ?? 'nothing is left for this place'), items };
}
