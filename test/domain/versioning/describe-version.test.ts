import { describeVersion } from '../../../src/domain/versioning/describe-version';

test.each([
  [3, false, 'M [rev 3]'],
  [0, false, 'M [HEAD]'],
  [0, true, 'M [snapshot]'],
])('R-6.8: revision %i, snapshot %s: %s', (revision, snapshot, described) => {
  expect(describeVersion({ name: 'M', revision, snapshot })).toBe(described);
});
