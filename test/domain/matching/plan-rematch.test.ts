import fc from 'fast-check';
import { planRematch, type ExistingSetting } from '../../../src/domain/matching/plan-rematch';
import type { Proposal } from '../../../src/domain/matching/propose';

const setting = (cloudId: string, changes: Partial<ExistingSetting> = {}): ExistingSetting => ({
  id: `setting ${cloudId}`,
  cloudId,
  imageId: 'image',
  instanceTypeId: 'type',
  kernelImageId: null,
  ramdiskImageId: null,
  userData: null,
  madeBy: 'MATCHER',
  ...changes,
});

const proposal = (
  changes: { imageId?: string; instanceTypeId?: string; userData?: string | null } = {},
): Proposal => ({
  outcome: 'PROPOSED',
  imageId: 'image',
  instanceTypeId: 'type',
  userData: null,
  ...changes,
});

const without = (outcome: 'NO_MATCH' | 'SEVERAL_MATCHES' | 'NO_INSTANCE_TYPE'): Proposal => ({
  outcome,
  message: `because of ${outcome}`,
});

const made = (cloudId: string, changes: object = {}) => ({
  cloudId,
  imageId: 'image',
  instanceTypeId: 'type',
  kernelImageId: null,
  ramdiskImageId: null,
  userData: null,
  ...changes,
});

const NOTHING = { created: [], updated: [], removed: [], unmatched: [] };

describe('R-4.6: rematch', () => {
  test('creates where there is a proposal and no setting', () => {
    expect(planRematch([], new Map([['a', proposal({ userData: 'u' })]]))).toEqual({
      ...NOTHING,
      created: [made('a', { userData: 'u' })],
    });
  });

  test.each([{ imageId: 'newer' }, { instanceTypeId: 'larger' }, { userData: 'other' }])(
    'updates what differs in %j',
    (changes) => {
      const before = setting('a');
      expect(planRematch([before], new Map([['a', proposal(changes)]]))).toEqual({
        ...NOTHING,
        updated: [{ before, after: made('a', changes) }],
      });
    },
  );

  test('leaves what is the same', () => {
    expect(planRematch([setting('a')], new Map([['a', proposal()]]))).toEqual(NOTHING);
  });

  test('removes, and reports, what nothing matches any more', () => {
    expect(planRematch([setting('a')], new Map([['a', without('NO_MATCH')]]))).toEqual({
      ...NOTHING,
      removed: [setting('a')],
      unmatched: [{ cloudId: 'a', reason: 'NO_MATCH', message: 'because of NO_MATCH' }],
    });
  });

  test.each(['SEVERAL_MATCHES', 'NO_INSTANCE_TYPE'] as const)('keeps, and reports, on %s', (reason) => {
    expect(planRematch([setting('a')], new Map([['a', without(reason)]]))).toEqual({
      ...NOTHING,
      unmatched: [{ cloudId: 'a', reason, message: `because of ${reason}` }],
    });
  });

  test('leaves settings of clouds that it was not asked about', () => {
    expect(planRematch([setting('hidden')], new Map())).toEqual(NOTHING);
  });

  const clouds = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const proposals = fc
    .uniqueArray(
      fc.tuple(
        clouds,
        fc.oneof(
          fc.record({ imageId: fc.constantFrom('image', 'newer') }).map(proposal),
          fc
            .constantFrom('NO_MATCH' as const, 'SEVERAL_MATCHES' as const, 'NO_INSTANCE_TYPE' as const)
            .map(without),
        ),
      ),
      { selector: ([cloudId]) => cloudId },
    )
    .map((entries) => new Map(entries));
  const settings = fc.uniqueArray(
    fc
      .record({ cloudId: clouds, madeBy: fc.constantFrom('HAND' as const, 'MATCHER' as const) })
      .map(({ cloudId, madeBy }) => setting(cloudId, { madeBy })),
    { selector: ({ cloudId }) => cloudId },
  );

  test('never touches nor reports what was made by hand', () => {
    fc.assert(
      fc.property(settings, proposals, (existing, found) => {
        const plan = planRematch(existing, found);
        const touched = [
          ...plan.created,
          ...plan.updated.map(({ after }) => after),
          ...plan.removed,
          ...plan.unmatched,
        ].map(({ cloudId }) => cloudId);
        const byHand = existing.filter(({ madeBy }) => madeBy === 'HAND').map(({ cloudId }) => cloudId);
        expect(touched.filter((cloudId) => byHand.includes(cloudId))).toEqual([]);
      }),
    );
  });

  test('is done after once: a second plan changes nothing and reports the same', () => {
    fc.assert(
      fc.property(settings, proposals, (existing, found) => {
        const first = planRematch(existing, found);
        const after = new Map(existing.map((each) => [each.cloudId, each]));
        for (const { cloudId } of first.removed) after.delete(cloudId);
        for (const content of [...first.created, ...first.updated.map((change) => change.after)])
          after.set(content.cloudId, setting(content.cloudId, content));
        expect(planRematch([...after.values()], found)).toEqual({ ...NOTHING, unmatched: first.unmatched });
      }),
    );
  });
});
