import fc from 'fast-check';
import type { Atom, Content, ContentSchema, KeyedAtoms, Sequence } from '../../../src/domain/merge/content';
import { contentHash } from '../../../src/domain/merge/content-hash';
import { diffContent, type Change } from '../../../src/domain/merge/diff-content';
import { mergeContent, type Conflict } from '../../../src/domain/merge/merge-content';
import { CONTENT_SCHEMAS } from '../../../src/domain/versioning/component-content';
import { applyChanges } from './apply-changes';
import { contents, histories, refilled, type History } from './arbitrary-content';

const schemas = Object.entries(CONTENT_SCHEMAS);

function merge(
  schema: ContentSchema,
  { base, ours, theirs }: { base: Content | null; ours: Content; theirs: Content },
  resolutions: Iterable<readonly [string, 'OURS' | 'THEIRS' | 'BASE']> = [],
) {
  return mergeContent(schema, { base, ours, theirs, resolutions: new Map(resolutions) });
}

const pathsOf = (list: readonly { readonly path: readonly string[] }[]) =>
  list.map(({ path }) => JSON.stringify(path));

/** What stands at the path of an atomic field or of a key; a sequence's key as `{ value }`, its order as the list. */
function valueAt(content: Content, path: readonly string[]): unknown {
  let value: unknown = content;
  for (const segment of path) {
    if (value instanceof Map) value = (value as KeyedAtoms).get(segment) ?? null;
    else if (isSequence(value)) {
      if (segment === 'order') value = value.order;
      else value = value.items.has(segment) ? { value: value.items.get(segment) } : null;
    } else value = (value as Content)[segment];
  }
  return value;
}

function isSequence(value: unknown): value is Sequence {
  return typeof value === 'object' && value !== null && 'items' in value && value.items instanceof Map;
}

function sequencesOf(schema: ContentSchema, path: readonly string[] = []): string[][] {
  return Object.entries(schema).flatMap(([field, fieldSchema]) => {
    if (fieldSchema.kind === 'group') return sequencesOf(fieldSchema.fields, [...path, field]);
    return fieldSchema.kind === 'sequence' ? [[...path, field]] : [];
  });
}

function textsOf(schema: ContentSchema): string[] {
  return Object.keys(schema).filter((field) => schema[field]?.kind === 'text');
}

const isTextPath = (schema: ContentSchema, [field = '']: readonly string[]) => schema[field]?.kind === 'text';

function mirrored({ path, kind, before, after }: Change): Change {
  const kinds = { ADDED: 'REMOVED', REMOVED: 'ADDED', MODIFIED: 'MODIFIED', MOVED: 'MOVED' } as const;
  return { path, kind: kinds[kind], before: after, after: before };
}

describe.each(schemas)('R-6.6 R-6.7 laws of a %s', (_type, schema) => {
  const forAll = (law: (history: History) => void) =>
    fc.assert(fc.property(histories(schema), law), { numRuns: 1000 });

  test('a content does not differ from itself', () => {
    fc.assert(
      fc.property(contents(schema), (content) => {
        expect(diffContent(schema, content, refilled(content) as Content)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('swapping the sides of a diff mirrors it', () => {
    forAll(({ ours, theirs }) => {
      expect(diffContent(schema, theirs, ours)).toEqual(diffContent(schema, ours, theirs).map(mirrored));
    });
  });

  test('a diff, applied to the one side, gives the other', () => {
    forAll(({ ours, theirs }) => {
      expect(applyChanges(schema, ours, diffContent(schema, ours, theirs))).toEqual(theirs);
    });
  });

  test('a diff of unrelated contents, applied to the one side, gives the other', () => {
    fc.assert(
      fc.property(contents(schema), contents(schema), (before, after) => {
        expect(applyChanges(schema, before, diffContent(schema, before, after))).toEqual(after);
      }),
      { numRuns: 1000 },
    );
  });

  test('R-6.9 hashes are equal exactly when nothing differs', () => {
    forAll(({ base, ours, theirs }) => {
      for (const other of [ours, theirs])
        expect(contentHash(base) === contentHash(other)).toBe(diffContent(schema, base, other).length === 0);
      expect(contentHash(refilled(base) as Content)).toBe(contentHash(base));
    });
  });

  test('what only one side changed is taken as it is', () => {
    forAll(({ base, ours }) => {
      expect(merge(schema, { base, ours, theirs: base })).toEqual({
        merged: ours,
        conflicts: [],
        unused: [],
      });
      expect(merge(schema, { base, ours: base, theirs: ours })).toEqual({
        merged: ours,
        conflicts: [],
        unused: [],
      });
    });
  });

  test('what both sides changed in the same way is taken as it is, also without a common ancestor', () => {
    forAll(({ base, ours }) => {
      for (const ancestor of [base, null])
        expect(merge(schema, { base: ancestor, ours, theirs: refilled(ours) as Content })).toEqual({
          merged: ours,
          conflicts: [],
          unused: [],
        });
    });
  });

  test('swapping the sides swaps the conflicts', () => {
    forAll(({ base, ours, theirs }) => {
      for (const ancestor of [base, null]) {
        const { conflicts } = merge(schema, { base: ancestor, ours, theirs });
        const swapped = merge(schema, { base: ancestor, ours: theirs, theirs: ours });
        expect(swapped.conflicts).toEqual(
          conflicts.map((conflict) => ({ ...conflict, ours: conflict.theirs, theirs: conflict.ours })),
        );
        expect(new Set(pathsOf(conflicts)).size).toBe(conflicts.length);
      }
    });
  });

  test('swapping the sides of a merge without conflicts changes nothing but where additions stand', () => {
    forAll(({ base, ours, theirs }) => {
      const { merged, conflicts } = merge(schema, { base, ours, theirs });
      if (conflicts.length > 0) return;
      const swapped = merge(schema, { base, ours: theirs, theirs: ours }).merged;
      const changes = diffContent(schema, merged, swapped);
      expect(changes.filter(({ kind }) => kind !== 'MOVED')).toEqual([]);
    });
  });

  test('resolving every conflict leaves none, and takes the chosen side', () => {
    const sides = fc.array(fc.constantFrom('OURS' as const, 'THEIRS' as const, 'BASE' as const), {
      minLength: 1,
      maxLength: 5,
    });
    const shown = { OURS: 'ours', THEIRS: 'theirs', BASE: 'base' } as const;
    fc.assert(
      fc.property(histories(schema), sides, (history, choices) => {
        const open = merge(schema, history).conflicts;
        const choice = (index: number) => choices[index % choices.length] ?? 'OURS';
        const resolutions = open.map(({ path }, index) => [JSON.stringify(path), choice(index)] as const);
        const { merged, conflicts, unused } = merge(schema, history, resolutions);
        expect({ conflicts, unused }).toEqual({ conflicts: [], unused: [] });
        for (const [index, conflict] of open.entries()) {
          const expected = conflict[shown[choice(index)]];
          const { path } = conflict;
          if (path.at(-1) === 'order')
            expect(
              (valueAt(merged, path) as string[]).filter((key) => (expected as string[]).includes(key)),
            ).toEqual(expected);
          else if (!isTextPath(schema, path) || path.length === 1)
            expect(valueAt(merged, path)).toEqual(expected);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('an unresolved conflict keeps ours', () => {
    forAll((history) => {
      const { merged, conflicts } = merge(schema, history);
      const all = conflicts.map(({ path }) => [JSON.stringify(path), 'OURS'] as const);
      expect(merged).toEqual(merge(schema, history, all).merged);
    });
  });

  test('what one side did to a field or key that the other left alone is in the result', () => {
    forAll(({ base, ours, theirs }) => {
      const { merged, conflicts } = merge(schema, { base, ours, theirs });
      const changesOf = (side: Content) =>
        diffContent(schema, base, side).filter(
          ({ kind, path }) => kind !== 'MOVED' && !isTextPath(schema, path),
        );
      const inConflict = new Set(pathsOf(conflicts));
      for (const side of [ours, theirs])
        for (const { path } of changesOf(side))
          if (!inConflict.has(JSON.stringify(path)))
            expect(valueAt(merged, path)).toEqual(valueAt(side, path));
      const touched = new Set(pathsOf([...changesOf(ours), ...changesOf(theirs)]));
      for (const path of pathsOf(changesOf(merged))) expect(touched).toContain(path);
    });
  });

  test('disjoint edits merge without conflict to exactly both', () => {
    fc.assert(
      fc.property(histories(schema), fc.func(fc.boolean()), ({ base, ours, theirs }, isOurs) => {
        const only = (side: Content, wanted: boolean) =>
          Object.fromEntries(
            Object.keys(schema).map((field) => [
              field,
              isOurs(field) === wanted ? (side[field] ?? null) : (base[field] ?? null),
            ]),
          );
        const ourPart = only(ours, true);
        const theirPart = only(theirs, false);
        const { merged, conflicts } = merge(schema, { base, ours: ourPart, theirs: theirPart });
        expect(conflicts).toEqual([]);
        const both = [...diffContent(schema, base, ourPart), ...diffContent(schema, base, theirPart)];
        expect(diffContent(schema, base, merged)).toEqual(expect.arrayContaining(both));
        expect(diffContent(schema, base, merged)).toHaveLength(both.length);
      }),
      { numRuns: 1000 },
    );
  });

  test('without a common ancestor the conflicts are the differences', () => {
    forAll(({ ours, theirs }) => {
      const { conflicts } = merge(schema, { base: null, ours, theirs });
      const differences = diffContent(schema, ours, theirs).map(({ kind, path }) =>
        JSON.stringify(kind === 'MOVED' ? [...path.slice(0, -1), 'order'] : path),
      );
      expect(new Set(pathsOf(conflicts))).toEqual(new Set(differences));
      expect(conflicts.every(({ base }) => base === null || Array.isArray(base))).toBe(true);
    });
  });

  test('merging again right after a merge changes nothing (R-6.8)', () => {
    forAll(({ base, ours, theirs }) => {
      const { merged } = merge(schema, { base, ours, theirs });
      expect(merge(schema, { base: theirs, ours: merged, theirs })).toEqual({
        merged,
        conflicts: [],
        unused: [],
      });
    });
  });

  test('a text merged without conflict has each line that one side brought, as often as it', () => {
    const count = (lines: readonly string[], line: string) => lines.filter((other) => other === line).length;
    forAll(({ base, ours, theirs }) => {
      const { merged, conflicts } = merge(schema, { base, ours, theirs });
      for (const field of textsOf(schema)) {
        const [old, left, right, result] = [base, ours, theirs, merged].map((content) => {
          const text = content[field];
          return typeof text === 'string' ? text.split('\n') : null;
        });
        if (!old || !left || !right || !result || conflicts.some(({ path }) => path[0] === field)) continue;
        for (const line of left)
          if (!old.includes(line) && !right.includes(line))
            expect(count(result, line)).toBe(count(left, line));
        for (const line of result) expect([...left, ...right]).toContain(line);
      }
    });
  });

  test('resolutions of no conflict are told as unused and change nothing', () => {
    forAll((history) => {
      const plain = merge(schema, history);
      const stray = ['nowhere', 'at all'];
      const inConflict = new Set(pathsOf(plain.conflicts satisfies Conflict[]));
      const idle = [stray, ['name'], ['tags', 'blue']].filter(
        (path) => !inConflict.has(JSON.stringify(path)),
      );
      const resolutions = idle.map((path) => [JSON.stringify(path), 'THEIRS'] as const);
      const { unused, ...rest } = merge(schema, history, resolutions);
      expect(rest).toEqual({ merged: plain.merged, conflicts: plain.conflicts });
      expect(new Set(unused.map(String))).toEqual(new Set(idle.map(String)));
    });
  });
});

const sequences = schemas.flatMap(([type, schema]) =>
  sequencesOf(schema).map((path) => ({ type, schema, path, field: path.join('.') })),
);

describe.each(sequences)('R-6.6 R-6.7 laws of $field of a $type', ({ schema, path }) => {
  test('R-6.7 the order has each key once, and follows each side that it can', () => {
    fc.assert(
      fc.property(histories(schema), (history) => {
        const { merged, conflicts } = merge(schema, history);
        const [base, ours, theirs, result] = [history.base, history.ours, history.theirs, merged].map(
          (content) => valueAt(content, path) as Sequence,
        );
        if (!base || !ours || !theirs || !result) throw new Error('no sequence');
        expect([...result.order].sort()).toEqual([...result.items.keys()].sort());
        const isCommon = (key: string) => [base, ours, theirs].every(({ items }) => items.has(key));
        const common = ({ order }: Sequence) => order.filter(isCommon);
        const shared = ours.order.filter((key) => theirs.items.has(key) && !base.items.has(key));
        const followed = (side: Sequence) =>
          expect(result.order.filter((key) => side.items.has(key))).toEqual(
            side.order.filter((key) => result.items.has(key)),
          );
        if (String(common(ours)) === String(common(result))) followed(ours);
        if (String(common(theirs)) === String(common(result)) && shared.length === 0) followed(theirs);
        const reordered = [ours, theirs].filter((side) => String(common(side)) !== String(common(base)));
        const conflict = conflicts.find(({ path: at }) => String(at) === String([...path, 'order']));
        expect(conflict !== undefined).toBe(
          reordered.length === 2 && String(common(ours)) !== String(common(theirs)),
        );
        if (reordered.length === 1) expect(common(result)).toEqual(reordered.flatMap(common));
      }),
      { numRuns: 1000 },
    );
  });

  test('one item put at the top is one change', () => {
    const withSequence = (content: Content, value: Sequence, [field = '', ...rest] = path): Content => ({
      ...content,
      [field]: rest.length === 0 ? value : withSequence(content[field] as Content, value, rest),
    });
    fc.assert(
      fc.property(contents(schema), (content) => {
        const { order, items } = valueAt(content, path) as Sequence;
        const atom: Atom = { revision: 1 };
        const after = withSequence(content, {
          order: ['new', ...order],
          items: new Map([...items, ['new', atom]]),
        });
        expect(diffContent(schema, content, after)).toEqual([
          { path: [...path, 'new'], kind: 'ADDED', before: null, after: { value: atom, position: 0 } },
        ]);
      }),
      { numRuns: 1000 },
    );
  });
});
