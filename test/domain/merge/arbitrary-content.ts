import fc from 'fast-check';
import type {
  Atom,
  Content,
  ContentSchema,
  ContentValue,
  FieldSchema,
  KeyedAtoms,
  Sequence,
} from '../../../src/domain/merge/content';

/** Few keys and values, so that two histories of a base meet; some that plain objects would trip over. */
const KEYS = ['1', '2', '10', 'a', 'b', '__proto__'];
const SPELLINGS = ['blue', 'Blue', 'BLUE', 'os:name=linux', 'OS:name=linux', 'constructor'];
const LINES = ['', '', 'fi', 'echo', 'exit 0', '__proto__', 'start', 'stop'];

const atoms: fc.Arbitrary<Atom> = fc.oneof(
  fc.record({ revision: fc.nat(2) }),
  fc.record({ imageId: fc.constantFrom('x', 'y'), userData: fc.constantFrom(null, '') }),
);
const simpleAtoms: fc.Arbitrary<Atom> = fc.constantFrom(null, 'a', 'b', 'c');
const texts: fc.Arbitrary<string | null> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  {
    weight: 9,
    arbitrary: fc.array(fc.constantFrom(...LINES), { maxLength: 8 }).map((lines) => lines.join('\n')),
  },
);
const tagSets: fc.Arbitrary<KeyedAtoms> = fc
  .uniqueArray(fc.constantFrom(...SPELLINGS), { selector: (tag) => tag.toLowerCase() })
  .map((tags) => new Map(tags.map((tag) => [tag.toLowerCase(), tag])));
const keyedAtoms: fc.Arbitrary<KeyedAtoms> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...KEYS), atoms), { selector: ([key]) => key })
  .map((entries) => new Map(entries));
const sequences: fc.Arbitrary<Sequence> = keyedAtoms.map((items) => ({ order: [...items.keys()], items }));

function values(schema: FieldSchema): fc.Arbitrary<ContentValue> {
  switch (schema.kind) {
    case 'atomic':
      return simpleAtoms;
    case 'text':
      return texts;
    case 'set':
      return tagSets;
    case 'keyed':
      return keyedAtoms;
    case 'sequence':
      return sequences;
    case 'group':
      return contents(schema.fields);
  }
}

export function contents(schema: ContentSchema): fc.Arbitrary<Content> {
  return fc.record(
    Object.fromEntries(Object.entries(schema).map(([field, fieldSchema]) => [field, values(fieldSchema)])),
  );
}

/** One small edit; what its numbers mean depends on the field. */
interface Edit {
  readonly field: number;
  readonly verb: number;
  readonly key: string;
  readonly spelling: string;
  readonly line: string;
  readonly atom: Atom;
  readonly simple: Atom;
  readonly position: number;
}

const edits: fc.Arbitrary<Edit> = fc.record({
  field: fc.nat(),
  verb: fc.nat(),
  key: fc.constantFrom(...KEYS),
  spelling: fc.constantFrom(...SPELLINGS),
  line: fc.constantFrom(...LINES),
  atom: atoms,
  simple: simpleAtoms,
  position: fc.nat(9),
});

function editSequence({ order, items }: Sequence, { verb, key, atom, position }: Edit): Sequence {
  const others = order.filter((other) => other !== key);
  if (verb % 4 === 0) return { order: others, items: new Map([...items].filter(([other]) => other !== key)) };
  const place = verb % 4 === 1 && items.has(key) ? order.indexOf(key) : position % (others.length + 1);
  const value = verb % 4 === 2 ? (items.get(key) ?? atom) : atom;
  return { order: others.toSpliced(place, 0, key), items: new Map([...items, [key, value]]) };
}

function editText(text: string | null, { verb, line, position }: Edit): string | null {
  if (verb % 12 === 0) return null;
  const lines = (text ?? '').split('\n');
  return lines
    .toSpliced(position % (lines.length + 1), verb % 2, ...(verb % 3 === 0 ? [] : [line]))
    .join('\n');
}

function editKeyed(atomsByKey: KeyedAtoms, verb: number, key: string, atom: Atom): KeyedAtoms {
  return new Map([
    ...[...atomsByKey].filter(([other]) => other !== key),
    ...(verb % 3 === 0 ? [] : ([[key, atom]] as const)),
  ]);
}

function editValue(schema: FieldSchema, value: ContentValue | undefined, edit: Edit): ContentValue {
  switch (schema.kind) {
    case 'atomic':
      return edit.simple;
    case 'text':
      return editText(value as string | null, edit);
    case 'set':
      return editKeyed(value as KeyedAtoms, edit.verb, edit.spelling.toLowerCase(), edit.spelling);
    case 'keyed':
      return editKeyed(value as KeyedAtoms, edit.verb, edit.key, edit.atom);
    case 'sequence':
      return editSequence(value as Sequence, edit);
    case 'group':
      return edited(schema.fields, value as Content, { ...edit, field: edit.position });
  }
}

function edited(schema: ContentSchema, content: Content, edit: Edit): Content {
  const fields = Object.entries(schema);
  const chosen = fields[edit.field % fields.length];
  if (chosen === undefined) return content;
  const [field, fieldSchema] = chosen;
  return { ...content, [field]: editValue(fieldSchema, content[field], edit) };
}

export interface History {
  readonly base: Content;
  readonly ours: Content;
  readonly theirs: Content;
}

/** A content and what two histories of up to six small edits each make of it. */
export function histories(schema: ContentSchema): fc.Arbitrary<History> {
  const editLists = fc.array(edits, { maxLength: 6 });
  return fc.tuple(contents(schema), editLists, editLists).map(([base, ourEdits, theirEdits]) => ({
    base,
    ours: ourEdits.reduce((content, edit) => edited(schema, content, edit), base),
    theirs: theirEdits.reduce((content, edit) => edited(schema, content, edit), base),
  }));
}

/** The same value, its maps and objects filled the other way round. */
export function refilled(value: ContentValue): ContentValue {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((element: Atom) => refilled(element) as Atom);
  if (value instanceof Map)
    return new Map([...(value as KeyedAtoms)].reverse().map(([key, atom]) => [key, refilled(atom) as Atom]));
  const entries = Object.entries(value as Record<string, ContentValue>).reverse();
  return Object.fromEntries<ContentValue>(entries.map(([key, property]) => [key, refilled(property)]));
}
