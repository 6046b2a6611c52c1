import { originOf, type VersionOrigin } from '../../../src/domain/versioning/version-origin';

const PRIVATE = { revision: 3, snapshot: false, originalId: null };
const COPY = { ...PRIVATE, originalId: 'the original' };

test.each<[string, Parameters<typeof originOf>, VersionOrigin]>([
  ['a revision', [PRIVATE, false], 'PRIVATE'],
  ['a HEAD', [{ ...PRIVATE, revision: 0 }, false], 'PRIVATE'],
  ['a snapshot of a HEAD', [{ ...PRIVATE, revision: 0, snapshot: true }, false], 'FROZEN'],
  ['an imported revision', [COPY, false], 'IMPORTED'],
  ['a subscribed HEAD', [{ ...COPY, revision: 0 }, false], 'SUBSCRIBED'],
  ['the same without access', [{ ...COPY, revision: 0 }, true], 'SUBSCRIPTION_ENDED'],
])('R-9.4 the origin of %s', (_title, facts, origin) => {
  expect(originOf(...facts)).toBe(origin);
});
