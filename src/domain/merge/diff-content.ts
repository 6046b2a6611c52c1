import { sameAtom } from './canonical-json';
import type { Atom, ChangeKind, Content, ContentSchema, FieldSchema, KeyedAtoms, Sequence } from './content';
import { atomAt, groupAt, keyedAt, sequenceAt, textAt } from './field-values';
import { longestCommonOrder } from './longest-common-order';

/**
 * One difference of two contents. `before` and `after` are `null` where that side has nothing, else the atom;
 * in a sequence `{ value, position }` of what is added or removed, `{ value }` of what is modified and `{ position }`
 * of what is moved, where a position is the index in that side's whole order.
 */
export interface Change {
  /** Field names and keys from the root: `['scripts', 'BOOT', lineage]`. */
  readonly path: readonly string[];
  readonly kind: ChangeKind;
  readonly before: Atom;
  readonly after: Atom;
}

/**
 * What must be done to `before` to get `after`, in the order of the schema's fields, then of the keys; in a
 * sequence by the lesser of a key's two positions. Swapping the sides gives the same list, each change mirrored.
 */
export function diffContent(schema: ContentSchema, before: Content, after: Content): Change[] {
  return diffFields(schema, before, after, []);
}

function diffFields(
  schema: ContentSchema,
  before: Content,
  after: Content,
  path: readonly string[],
): Change[] {
  return Object.entries(schema).flatMap(([field, fieldSchema]) =>
    diffField(fieldSchema, before, after, field, [...path, field]),
  );
}

function diffField(
  schema: FieldSchema,
  before: Content,
  after: Content,
  field: string,
  path: readonly string[],
): Change[] {
  switch (schema.kind) {
    case 'atomic':
      return diffAtoms(atomAt(before, field), atomAt(after, field), path);
    case 'text':
      return diffAtoms(textAt(before, field), textAt(after, field), path);
    case 'keyed':
    case 'set':
      return diffKeyed(keyedAt(before, field), keyedAt(after, field), path);
    case 'sequence':
      return diffSequences(sequenceAt(before, field), sequenceAt(after, field), path);
    case 'group':
      return diffFields(schema.fields, groupAt(before, field), groupAt(after, field), path);
  }
}

function diffAtoms(before: Atom, after: Atom, path: readonly string[]): Change[] {
  return sameAtom(before, after) ? [] : [{ path, kind: 'MODIFIED', before, after }];
}

function diffKeyed(before: KeyedAtoms, after: KeyedAtoms, path: readonly string[]): Change[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap((key): Change[] => {
    const old = before.get(key);
    const now = after.get(key);
    if (old === undefined && now === undefined) return [];
    if (old === undefined) return [{ path: [...path, key], kind: 'ADDED', before: null, after: now ?? null }];
    if (now === undefined) return [{ path: [...path, key], kind: 'REMOVED', before: old, after: null }];
    return diffAtoms(old, now, [...path, key]);
  });
}

function diffSequences(before: Sequence, after: Sequence, path: readonly string[]): Change[] {
  const oldPlaces = places(before);
  const newPlaces = places(after);
  const unmoved = new Set(longestCommonOrder(before.order, after.order));
  const earliest = (key: string) =>
    Math.min(oldPlaces.get(key)?.position ?? Infinity, newPlaces.get(key)?.position ?? Infinity);
  const keys = [...new Set([...before.order, ...after.order])]
    .sort()
    .sort((left, right) => earliest(left) - earliest(right));
  return keys.flatMap((key) =>
    diffPlaces(oldPlaces.get(key), newPlaces.get(key), unmoved.has(key), [...path, key]),
  );
}

/** An item of a sequence and where it stands. */
type Place = { readonly value: Atom; readonly position: number };

function places({ order, items }: Sequence): Map<string, Place> {
  return new Map(order.map((key, position) => [key, { value: items.get(key) ?? null, position }]));
}

function diffPlaces(
  before: Place | undefined,
  after: Place | undefined,
  unmoved: boolean,
  path: readonly string[],
): Change[] {
  if (before === undefined) return after === undefined ? [] : [{ path, kind: 'ADDED', before: null, after }];
  if (after === undefined) return [{ path, kind: 'REMOVED', before, after: null }];
  const changes: Change[] = [];
  if (!sameAtom(before.value, after.value))
    changes.push({ path, kind: 'MODIFIED', before: { value: before.value }, after: { value: after.value } });
  if (!unmoved)
    changes.push({
      path,
      kind: 'MOVED',
      before: { position: before.position },
      after: { position: after.position },
    });
  return changes;
}
