import { invalid } from '../errors';
import type { LaunchField } from './configuration';

/** The values of which "explicitly none" makes sense: a launch always needs an image and a type. */
export type OmittableField = Extract<LaunchField, 'KERNEL_IMAGE' | 'RAMDISK_IMAGE' | 'USER_DATA'>;

const OMITTABLE: readonly LaunchField[] = ['KERNEL_IMAGE', 'RAMDISK_IMAGE', 'USER_DATA'];

const isOmittable = (field: LaunchField): field is OmittableField => OMITTABLE.includes(field);

/** Checks what is to be explicitly none, given which of those fields were also set to a value. */
export function assertNone(
  none: readonly LaunchField[],
  alsoSet: readonly LaunchField[],
  ...path: string[]
): OmittableField[] {
  return none.map((field) => {
    if (!isOmittable(field))
      throw invalid(
        `\`none\` can hold ${OMITTABLE.join(', ')}, but not ${field}: leave it out to inherit.`,
        ...path,
        'none',
      );
    if (alsoSet.includes(field))
      throw invalid(`${field} is both given a value and named in \`none\`: do one of them.`, ...path, 'none');
    return field;
  });
}
