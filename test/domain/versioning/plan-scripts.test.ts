import fc from 'fast-check';
import { DomainError } from '../../../src/domain/errors';
import {
  MAXIMUM_SCRIPTS,
  planAttachScript,
  planDetachScript,
  planMoveScript,
  planRepinScript,
  sameScripts,
  type PhaseScripts,
} from '../../../src/domain/versioning/plan-scripts';

const version = (lineageId: string, revision = 0) => ({
  lineageId,
  rightScriptId: `${lineageId}@${revision}`,
});

const boot = (...lineages: string[]): PhaseScripts => ({
  phase: 'BOOT',
  scripts: lineages.map((lineage) => version(lineage)),
});

const lineagesOf = ({ scripts }: PhaseScripts): string[] => scripts.map(({ lineageId }) => lineageId);

const refusal = (act: () => unknown): Pick<DomainError, 'code' | 'message' | 'details'> => {
  try {
    act();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('Nothing was refused');
};

describe('R-5.4: the scripts of a phase', () => {
  test.each([
    [null, ['a', 'b', 'c', 'new']],
    [0, ['new', 'a', 'b', 'c']],
    [1, ['a', 'new', 'b', 'c']],
    [3, ['a', 'b', 'c', 'new']],
  ])('one is attached at position %j', (position, order) => {
    const attached = planAttachScript(boot('a', 'b', 'c'), version('new', 7), position);
    expect(attached.phase).toBe('BOOT');
    expect(lineagesOf(attached)).toEqual(order);
    expect(attached.scripts).toContainEqual(version('new', 7));
  });

  test.each([
    [0, ['b', 'a', 'c', 'd']],
    [1, ['a', 'b', 'c', 'd']],
    [2, ['a', 'c', 'b', 'd']],
    [3, ['a', 'c', 'd', 'b']],
  ])('the second of four moves to position %i', (position, order) => {
    expect(lineagesOf(planMoveScript(boot('a', 'b', 'c', 'd'), 'b@0', position))).toEqual(order);
  });

  test('one is detached; the order of the others stays', () => {
    expect(planDetachScript(boot('a', 'b', 'c'), 'b@0')).toEqual(boot('a', 'c'));
    expect(planDetachScript(boot('a'), 'a@0')).toEqual(boot());
  });

  test('one is repinned within its lineage and keeps its place', () => {
    expect(planRepinScript(boot('a', 'b', 'c'), 'b@0', version('b', 4)).scripts).toEqual([
      version('a'),
      version('b', 4),
      version('c'),
    ]);
    expect(refusal(() => planRepinScript(boot('a', 'b'), 'b@0', version('a')))).toMatchObject({
      code: 'INVALID',
      details: { path: ['input', 'toId'] },
    });
  });

  test('a lineage runs at most once, whatever its version; the refusal names the cure', () => {
    const refused = refusal(() => planAttachScript(boot('a'), version('a', 3), null));
    expect(refused).toMatchObject({ code: 'INVALID', details: { path: ['input', 'rightScriptId'] } });
    expect(refused.message).toMatch(/in the phase BOOT already: use `repinScript` .* or `moveScript`/);
  });

  test('are at most 100', () => {
    const lineages = Array.from({ length: MAXIMUM_SCRIPTS - 1 }, (_, index) => `lineage ${index}`);
    const full = planAttachScript(boot(...lineages), version('last'), null);
    expect(full.scripts).toHaveLength(100);
    expect(refusal(() => planAttachScript(full, version('more'), 0))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      details: { path: ['input', 'phase'] },
    });
  });

  test.each([-1, 3])('position %i is out of range, and the range is told', (position) => {
    const attach = refusal(() => planAttachScript(boot('a', 'b'), version('c'), position));
    expect(attach).toMatchObject({
      code: 'INVALID',
      message: `\`position\` is ${position}, but must be between 0 (the first) and 2.`,
      details: { path: ['input', 'position'] },
    });
    const move = refusal(() => planMoveScript(boot('a', 'b'), 'a@0', position));
    expect(move).toMatchObject({
      code: 'INVALID',
      message: `\`position\` is ${position}, but must be between 0 (the first) and 1.`,
      details: { path: ['input', 'position'] },
    });
  });

  test('only the very version that is pinned can be named', () => {
    const path = (field: string) => ({ code: 'NOT_FOUND', details: { path: ['input', field] } });
    expect(refusal(() => planMoveScript(boot('a'), 'a@1', 0))).toMatchObject(path('rightScriptId'));
    expect(refusal(() => planDetachScript(boot('a'), 'a@1'))).toMatchObject(path('rightScriptId'));
    expect(refusal(() => planRepinScript(boot('a'), 'a@1', version('a', 2)))).toMatchObject(path('fromId'));
    expect(refusal(() => planMoveScript(boot(), 'a@0', 0))).toMatchObject(path('rightScriptId'));
  });

  test('differ by version, order or number', () => {
    expect(sameScripts(boot('a', 'b'), boot('a', 'b'))).toBe(true);
    expect(sameScripts(boot('a', 'b'), boot('b', 'a'))).toBe(false);
    expect(sameScripts(boot('a', 'b'), boot('a'))).toBe(false);
    expect(sameScripts(boot('a'), boot('a', 'b'))).toBe(false);
    expect(sameScripts(boot('a'), planRepinScript(boot('a'), 'a@0', version('a', 1)))).toBe(false);
  });

  test('moving keeps the scripts and the order of the others, and arrives', () => {
    const lineages = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(lineages, fc.nat(), fc.nat(), (names, from, to) => {
        const scripts = boot(...names);
        const moved = scripts.scripts[from % names.length];
        const position = to % names.length;
        if (moved === undefined) throw new Error('There is nothing to move');
        const after = planMoveScript(scripts, moved.rightScriptId, position);
        expect(after.scripts[position]).toEqual(moved);
        const others = (each: PhaseScripts) => each.scripts.filter((script) => script !== moved);
        expect(others(after)).toEqual(others(scripts));
      }),
    );
  });
});
