import {
  ADVISORY_CODES,
  type Advisory,
  type AdvisoryCode,
  type Severity,
} from '../../../src/domain/advisories/advisory';
import { orderAdvisories } from '../../../src/domain/advisories/order-advisories';

const advisory = (severity: Severity, code: AdvisoryCode, message = ''): Advisory => ({
  code,
  severity,
  message,
  subject: null,
});

test('Section 11: severity counts before the code', () => {
  const info = advisory('INFO', 'CLOUD_NOT_SUPPORTED');
  const warning = advisory('WARNING', 'IMAGE_INVALID');
  const blocking = advisory('BLOCKING', 'NO_DEFAULT_MCI');
  expect(orderAdvisories([info, warning, blocking])).toEqual([blocking, warning, info]);
});

test('Section 11: of one severity the codes come in their order, and equals as given', () => {
  const inOrder = ADVISORY_CODES.flatMap((code) => [
    advisory('INFO', code, 'one'),
    advisory('INFO', code, 'two'),
  ]);
  const shuffled = [...inOrder].sort((left, right) => (left.message < right.message ? -1 : 1)).reverse();
  const ones = shuffled.filter(({ message }) => message === 'one');
  const twos = shuffled.filter(({ message }) => message === 'two');
  expect(orderAdvisories([...ones, ...twos])).toEqual(inOrder);
});
