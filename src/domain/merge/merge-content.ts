import { ComparisonBudget } from './comparison-budget';
import { Conflicts, type Conflict } from './conflicts';
import type {
  Content,
  ContentSchema,
  ContentValue,
  FieldSchema,
  KeyedAtoms,
  MergeSide,
  Sequence,
} from './content';
import { atomAt, groupAt, keyedAt, sequenceAt, textAt } from './field-values';
import { mergeSequences } from './merge-sequence';
import { mergeTexts } from './merge-text';
import { mergeKeyed, mergeValue } from './three-way';

export type { Conflict } from './conflicts';

export interface MergeInput<Merged extends Content = Content> {
  /** The common ancestor; `null` if there is none, which makes every difference a conflict. */
  readonly base: Merged | null;
  readonly ours: Merged;
  readonly theirs: Merged;
  /** By the JSON of the conflict's path. BASE resolves nothing where there is no base. */
  readonly resolutions: ReadonlyMap<string, MergeSide>;
  /** Fields at the top that stay ours whatever theirs is: the name across lineages. */
  readonly keep?: ReadonlySet<string>;
}

export interface MergeResult<Merged extends Content = Content> {
  /** With ours in place of what is unresolved. */
  readonly merged: Merged;
  /** The unresolved ones, by path. */
  readonly conflicts: Conflict[];
  /** Paths of resolutions that name no conflict. */
  readonly unused: string[][];
}

/** Merges what both sides did since their common ancestor, field by field as the schema says. */
export function mergeContent<Merged extends Content>(
  schema: ContentSchema,
  { base, ours, theirs, resolutions, keep = new Set() }: MergeInput<Merged>,
): MergeResult<Merged> {
  const conflicts = new Conflicts(resolutions, base !== null);
  const kept = Object.fromEntries(Object.entries(ours).filter(([field]) => keep.has(field)));
  const open = Object.fromEntries(Object.entries(schema).filter(([field]) => !keep.has(field)));
  const merged = mergeFields(open, { base, ours, theirs }, [], { conflicts, budget: new ComparisonBudget() });
  return {
    // Of the same schema as its sides, hence of their type.
    merged: { ...merged, ...kept } as Merged,
    conflicts: conflicts.unresolved(),
    unused: conflicts.unused(),
  };
}

interface Sides {
  readonly base: Content | null;
  readonly ours: Content;
  readonly theirs: Content;
}

/** What the whole merge shares. */
interface MergeRun {
  readonly conflicts: Conflicts;
  readonly budget: ComparisonBudget;
}

function mergeFields(schema: ContentSchema, sides: Sides, path: readonly string[], run: MergeRun): Content {
  return Object.fromEntries(
    Object.entries(schema).map(([field, fieldSchema]) => [
      field,
      mergeField(fieldSchema, sides, field, [...path, field], run),
    ]),
  );
}

const NO_ATOMS: KeyedAtoms = new Map();
const NO_ITEMS: Sequence = { order: [], items: NO_ATOMS };

function mergeField(
  schema: FieldSchema,
  { base, ours, theirs }: Sides,
  field: string,
  path: readonly string[],
  run: MergeRun,
): ContentValue {
  const { conflicts, budget } = run;
  const sidesOf = <Value, Absent>(valueAt: (content: Content, field: string) => Value, absent: Absent) => ({
    base: base === null ? absent : valueAt(base, field),
    ours: valueAt(ours, field),
    theirs: valueAt(theirs, field),
  });
  switch (schema.kind) {
    case 'atomic':
      return mergeValue(sidesOf(atomAt, null), path, conflicts);
    case 'text':
      return mergeTexts(sidesOf(textAt, null), path, conflicts, budget);
    case 'keyed':
    case 'set':
      return mergeKeyed(sidesOf(keyedAt, NO_ATOMS), path, conflicts);
    case 'sequence':
      return mergeSequences(sidesOf(sequenceAt, NO_ITEMS), path, conflicts);
    case 'group':
      return mergeFields(schema.fields, sidesOf(groupAt, null), path, run);
  }
}
