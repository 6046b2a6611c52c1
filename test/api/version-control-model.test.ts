import fc from 'fast-check';
import { startApi, type TestApi } from '../kit/api';
import { SOAK } from '../kit/soak';
import {
  multiCloudImageModel,
  RIGHT_SCRIPT_MODEL,
  serverTemplateModel,
  type ModelKind,
} from '../kit/version-model-kinds';
import { ModelSession, NUMBERS_PER_STEP, type Step, type StepVerb } from '../kit/version-model-session';

/** Of each kind. */
const SEQUENCES = 8 * SOAK;

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const VERBS: [StepVerb, number][] = [
  ['edit', 10],
  ['commit', 3],
  ['merge', 7],
  ['clone', 3],
  ['restore', 2],
  ['create', 1],
  ['stale', 1],
];

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    verb: fc.oneof(...VERBS.map(([verb, weight]) => ({ weight, arbitrary: fc.constant(verb) }))),
    numbers: fc.array(fc.nat({ max: 999 }), {
      minLength: NUMBERS_PER_STEP,
      maxLength: NUMBERS_PER_STEP,
    }),
  }),
  { minLength: 12, maxLength: 18 },
);

/** Each sequence in the same account, on components of its own; the seed of a failure is in its message. */
async function neverDiffers(
  model: ModelKind,
  account: Awaited<ReturnType<TestApi['account']>>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 999 }), { minLength: 1, maxLength: 2 }),
      steps,
      async (seeds, taken) => {
        const session = new ModelSession(account, model);
        await session.start(seeds);
        for (const step of taken) await session.take(step);
        await session.end();
      },
    ),
    { numRuns: SEQUENCES },
  );
}

describe('random histories of edits, commits, clones, merges and restores are as a simple model says (R-6.1 – R-6.9)', () => {
  test(
    'MultiCloud Images',
    async () => {
      await neverDiffers(await multiCloudImageModel(api.dataSource), await api.account());
    },
    600_000 * SOAK,
  );

  test(
    'ServerTemplates',
    async () => {
      const account = await api.account();
      await neverDiffers(await serverTemplateModel(account, api.dataSource), account);
    },
    600_000 * SOAK,
  );

  test(
    'RightScripts',
    async () => {
      await neverDiffers(RIGHT_SCRIPT_MODEL, await api.account());
    },
    600_000 * SOAK,
  );
});
