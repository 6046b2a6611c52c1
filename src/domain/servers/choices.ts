import { toGlobalId, type NodeType } from '../global-id';
import { NO_CHOICES, type ChosenKeys } from '../launch/chosen-keys';
import type { OmittableField } from '../launch/requested-none';

/** Choices as a request gives them. Absent: as they are. `null`: inherit. `none`, when given, replaces the whole list. */
export type ChoiceChanges = { readonly [F in keyof ChosenKeys]?: ChosenKeys[F] | null };

const OMITTABLE = {
  KERNEL_IMAGE: 'kernelImageId',
  RAMDISK_IMAGE: 'ramdiskImageId',
  USER_DATA: 'userData',
} as const satisfies Record<OmittableField, keyof ChosenKeys>;

const OMITTABLE_FIELDS = Object.keys(OMITTABLE) as OmittableField[];

/**
 * The choices after a request. What was said of a field last holds: a value, or `null`, takes it out of `none`;
 * naming it in `none` takes its value.
 */
export function planChoices(current: ChosenKeys, changes: ChoiceChanges): ChosenKeys {
  const none = OMITTABLE_FIELDS.filter((field) =>
    changes.none === undefined
      ? current.none.includes(field) && changes[OMITTABLE[field]] === undefined
      : changes.none?.includes(field),
  );
  const planned: Writable<ChosenKeys> = { ...pick(current), ...given(changes), none };
  for (const field of none) planned[OMITTABLE[field]] = null;
  return planned;
}

type Writable<T> = { -readonly [F in keyof T]: T[F] };

const FIELDS = Object.keys(NO_CHOICES) as (keyof ChosenKeys)[];

/** A row of a server holds much else. */
const pick = (choices: ChosenKeys): ChosenKeys =>
  Object.fromEntries(FIELDS.map((field) => [field, choices[field]])) as unknown as ChosenKeys;

const given = (changes: ChoiceChanges): Partial<Omit<ChosenKeys, 'none'>> =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));

/** Those of the planned choices that differ from the current ones. */
export function changedChoices(current: ChosenKeys, planned: ChosenKeys): Partial<ChosenKeys> {
  const differs = (field: keyof ChosenKeys): boolean =>
    field === 'none'
      ? current.none.length !== planned.none.length ||
        current.none.some((omitted) => !planned.none.includes(omitted))
      : current[field] !== planned[field];
  return Object.fromEntries(FIELDS.filter(differs).map((field) => [field, planned[field]]));
}

const ID_TYPES: { readonly [F in keyof ChosenKeys]?: NodeType } = {
  multiCloudImageId: 'MultiCloudImage',
  imageId: 'CloudImage',
  instanceTypeId: 'InstanceType',
  kernelImageId: 'CloudImage',
  ramdiskImageId: 'CloudImage',
};

/** How choices are told in the audit log: ids, and of the user data, which may hold secrets, only the size. */
export function describeChoices({ userData, none, ...keys }: Partial<ChosenKeys>): Record<string, unknown> {
  const ids = Object.entries(keys).map(([field, key]): [string, string | null] => {
    const type = ID_TYPES[field as keyof ChosenKeys];
    return [field, type === undefined || key === null ? null : toGlobalId(type, key)];
  });
  return {
    ...Object.fromEntries(ids),
    ...(userData !== undefined && {
      userDataBytes: userData === null ? null : Buffer.byteLength(userData, 'utf8'),
    }),
    ...(none !== undefined && { none }),
  };
}
