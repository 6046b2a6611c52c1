import { invalid } from '../errors';
import { assertStorable } from '../text';

const MAXIMUM_LENGTH = 1024;

/** The cloud's own id of a machine or an image, as a launcher or an agent tells it. @throws DomainError INVALID */
export function assertResourceUid(resourceUid: string): void {
  assertStorable(resourceUid, 'input', 'resourceUid');
  if (resourceUid.trim() === '' || resourceUid !== resourceUid.trim())
    throw invalid(
      "`resourceUid` is empty, or starts or ends with a space: give the cloud's own id.",
      'input',
      'resourceUid',
    );
  if (resourceUid.length > MAXIMUM_LENGTH)
    throw invalid(
      `\`resourceUid\` has ${resourceUid.length} characters; at most ${MAXIMUM_LENGTH} are allowed.`,
      'input',
      'resourceUid',
    );
}

/**
 * A machine keeps its id.
 *
 * @param known `null`: none is known yet
 * @throws DomainError INVALID
 */
export function assertSameResourceUid(known: string | null, told: string): void {
  if (known !== null && known !== told)
    throw invalid(
      `The instance is known as the machine ${known}, not ${told}: a machine keeps its id.`,
      'input',
      'resourceUid',
    );
}
