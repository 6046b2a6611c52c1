import fc from 'fast-check';
import { NO_CHOICES, type ChosenKeys } from '../../../src/domain/launch/chosen-keys';
import { changedChoices, planChoices, type ChoiceChanges } from '../../../src/domain/servers/choices';

const OMITTABLE = {
  KERNEL_IMAGE: 'kernelImageId',
  RAMDISK_IMAGE: 'ramdiskImageId',
  USER_DATA: 'userData',
} as const;
const FIELDS = Object.keys(OMITTABLE) as (keyof typeof OMITTABLE)[];

const value = fc.constantFrom('a', 'b', null, undefined);
/** What the checks of an input let through: no field has a value and is in `none`. */
const changes: fc.Arbitrary<ChoiceChanges> = fc
  .record({
    multiCloudImageId: value,
    imageId: value,
    instanceTypeId: value,
    kernelImageId: value,
    ramdiskImageId: value,
    userData: value,
    none: fc.option(fc.option(fc.subarray(FIELDS)), { nil: undefined }),
  })
  .filter(({ none, ...values }) => !none?.some((field) => values[OMITTABLE[field]] != null));
const choices: fc.Arbitrary<ChosenKeys> = changes.map((given) => planChoices(NO_CHOICES, given));

describe('R-7.2: choices after a request', () => {
  test('never hold a value of what is explicitly nothing', () => {
    fc.assert(
      fc.property(choices, changes, (current, given) => {
        const planned = planChoices(current, given);
        for (const field of planned.none) expect(planned[OMITTABLE[field]]).toBeNull();
      }),
    );
  });

  test('hold what was said of each field last, and keep what was left out', () => {
    fc.assert(
      fc.property(choices, changes, (current, given) => {
        const planned = planChoices(current, given);
        for (const field of ['multiCloudImageId', 'imageId', 'instanceTypeId'] as const)
          expect(planned[field]).toBe(given[field] === undefined ? current[field] : given[field]);
        for (const field of FIELDS) {
          const said = given[OMITTABLE[field]];
          const listed =
            given.none === undefined
              ? said === undefined && current.none.includes(field)
              : given.none?.includes(field);
          expect(planned.none.includes(field)).toBe(listed ?? false);
          if (!listed)
            expect(planned[OMITTABLE[field]]).toBe(said === undefined ? current[OMITTABLE[field]] : said);
        }
      }),
    );
  });

  test('stay when nothing, or the same again, is asked for; then no choice counts as changed', () => {
    fc.assert(
      fc.property(choices, (current) => {
        expect(planChoices(current, {})).toEqual(current);
        expect(planChoices(current, current)).toEqual(current);
        expect(changedChoices(current, planChoices(current, current))).toEqual({});
      }),
    );
  });

  test('differ from the earlier ones exactly in what counts as changed', () => {
    fc.assert(
      fc.property(choices, choices, (before, after) => {
        expect({ ...before, ...changedChoices(before, after) }).toEqual(after);
      }),
    );
  });
});
