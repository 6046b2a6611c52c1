import fc from 'fast-check';
import { DomainError } from '../../../src/domain/errors';
import {
  NO_PINS,
  planAddPin,
  planDefault,
  planRemovePin,
  planRepin,
  samePins,
  type Pins,
} from '../../../src/domain/versioning/plan-pins';

const version = (lineageId: string, revision = 0) => ({
  lineageId,
  multiCloudImageId: `${lineageId}@${revision}`,
});

const pinned = (...lineages: string[]): Pins =>
  lineages.reduce<Pins>((pins, lineage) => planAddPin(pins, version(lineage), false), NO_PINS);

const lineagesOf = ({ pins }: Pins): string[] => pins.map(({ lineageId }) => lineageId);

const refusal = (act: () => unknown): Pick<DomainError, 'code' | 'details'> => {
  try {
    act();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('Nothing was refused');
};

describe('R-5.1: the pins of a ServerTemplate', () => {
  test('the first becomes the default, a later one only when asked', () => {
    expect(pinned('a', 'b')).toMatchObject({ defaultLineageId: 'a' });
    expect(planAddPin(pinned('a'), version('b'), true)).toMatchObject({ defaultLineageId: 'b' });
  });

  test('name a lineage at most once', () => {
    expect(refusal(() => planAddPin(pinned('a'), version('a', 3), false, 'input', 'x'))).toMatchObject({
      code: 'INVALID',
      details: { path: ['input', 'x'] },
    });
  });

  test('are at most 100', () => {
    const full = pinned(...Array.from({ length: 100 }, (_, index) => `lineage ${index}`));
    expect(refusal(() => planAddPin(full, version('more'), false))).toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  test('removing the default needs another pinned one as the new default', () => {
    const pins = pinned('a', 'b', 'c');
    const path = { details: { path: ['input', 'newDefaultId'] } };
    expect(refusal(() => planRemovePin(pins, 'a@0', null))).toMatchObject({ code: 'INVALID', ...path });
    expect(refusal(() => planRemovePin(pins, 'a@0', 'a@0'))).toMatchObject({ code: 'INVALID', ...path });
    expect(refusal(() => planRemovePin(pins, 'a@0', 'z@0'))).toMatchObject({ code: 'NOT_FOUND', ...path });
    expect(planRemovePin(pins, 'a@0', 'c@0')).toMatchObject({ defaultLineageId: 'c' });
    expect(planRemovePin(pins, 'b@0', null)).toMatchObject({ defaultLineageId: 'a' });
    expect(planRemovePin(pins, 'b@0', 'c@0')).toMatchObject({ defaultLineageId: 'c' });
  });

  test('removing the last leaves no default', () => {
    expect(planRemovePin(pinned('a'), 'a@0', null)).toEqual(NO_PINS);
  });

  test('only the very version that is pinned can be named', () => {
    const path = (field: string) => ({ code: 'NOT_FOUND', details: { path: ['input', field] } });
    const pins = pinned('a');
    expect(refusal(() => planRemovePin(pins, 'a@1', null))).toMatchObject(path('multiCloudImageId'));
    expect(refusal(() => planDefault(pins, 'a@1'))).toMatchObject(path('multiCloudImageId'));
    expect(refusal(() => planRepin(pins, 'a@1', version('a', 2)))).toMatchObject(path('fromId'));
  });

  test('a pin moves within its lineage, keeping place and default', () => {
    const pins = pinned('a', 'b', 'c');
    const moved = planRepin(pins, 'a@0', version('a', 4));
    expect(moved).toEqual({
      pins: [{ ...version('a', 4), position: 0 }, ...pins.pins.slice(1)],
      defaultLineageId: 'a',
    });
    expect(refusal(() => planRepin(pins, 'a@0', version('d')))).toMatchObject({
      code: 'INVALID',
      details: { path: ['input', 'toId'] },
    });
  });

  test('differ by version, order, number or default', () => {
    const pins = pinned('a', 'b');
    expect(samePins(pins, pinned('a', 'b'))).toBe(true);
    expect(samePins(pins, planRepin(pins, 'b@0', version('b', 1)))).toBe(false);
    expect(samePins(pins, { ...pins, pins: pins.pins.toReversed() })).toBe(false);
    expect(samePins(pins, planDefault(pins, 'b@0'))).toBe(false);
    expect(samePins(pins, pinned('a'))).toBe(false);
    expect(samePins(pinned('a'), pins)).toBe(false);
  });

  test('whatever is done, there is exactly one default when there is any pin, and positions rise', () => {
    const lineage = fc.constantFrom('a', 'b', 'c', 'd');
    const steps = fc.array(
      fc.oneof(
        fc.record({ add: lineage, makeDefault: fc.boolean() }),
        fc.record({ remove: lineage, newDefault: fc.option(lineage, { nil: null }) }),
        fc.record({ choose: lineage }),
      ),
    );
    fc.assert(
      fc.property(steps, (todo) => {
        let pins = NO_PINS;
        for (const step of todo) {
          try {
            if ('add' in step) pins = planAddPin(pins, version(step.add), step.makeDefault);
            else if ('remove' in step)
              pins = planRemovePin(pins, `${step.remove}@0`, step.newDefault && `${step.newDefault}@0`);
            else pins = planDefault(pins, `${step.choose}@0`);
          } catch (error) {
            expect(error).toBeInstanceOf(DomainError);
          }
          const lineages = lineagesOf(pins);
          const defaults = lineages.filter((each) => each === pins.defaultLineageId);
          expect(defaults).toHaveLength(lineages.length === 0 ? 0 : 1);
          expect(pins.defaultLineageId === null).toBe(lineages.length === 0);
          const positions = pins.pins.map(({ position }) => position);
          expect(positions).toEqual([...new Set(positions)].toSorted((left, right) => left - right));
        }
      }),
    );
  });
});
