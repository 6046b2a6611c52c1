import fc from 'fast-check';
import { startApi, type TestApi } from '../kit/api';
import { TestCatalog } from '../kit/catalog';
import { MARKET_VERBS, MarketSession, type MarketStep } from '../kit/marketplace-session';
import { SOAK } from '../kit/soak';

const SEQUENCES = 4 * SOAK;

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const WEIGHTS: Partial<Record<MarketStep['verb'], number>> = {
  create: 6,
  edit: 4,
  publish: 10,
  republish: 3,
  bring: 14,
  join: 4,
  revoke: 1,
  widen: 1,
};

const steps: fc.Arbitrary<MarketStep[]> = fc.array(
  fc.record({
    verb: fc.oneof(
      ...MARKET_VERBS.map((verb) => ({ weight: WEIGHTS[verb] ?? 2, arbitrary: fc.constant(verb) })),
    ),
    numbers: fc.array(fc.nat({ max: 999 }), { minLength: 3, maxLength: 3 }),
  }),
  { minLength: 40, maxLength: 70 },
);

let runs = 0;

describe('random publishers, groups and importers see, import and keep what a simple model says (section 9, R-2.2)', () => {
  test(
    'no leak, no loss',
    async () => {
      const catalog = new TestCatalog(api.dataSource);
      const open = await catalog.place();
      await fc.assert(
        fc.asyncProperty(steps, async (taken) => {
          const accounts = [await api.account(), await api.account(), await api.account()];
          runs += 1;
          const session = await MarketSession.start(
            accounts,
            async ({ key }) => ({
              open,
              secret: await catalog.place({ image: { ownerAccountId: key, name: `secret image of ${key}` } }),
            }),
            `run${runs}`,
          );
          for (const [index, step] of taken.entries()) {
            await session.take(step);
            if (index % 12 === 11) await session.compare();
          }
          await session.compare();
        }),
        { numRuns: SEQUENCES, endOnFailure: true },
      );
    },
    600_000 * SOAK,
  );
});
