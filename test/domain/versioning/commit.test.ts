import {
  assertCommitMessage,
  buriedObstacle,
  commitObstacle,
  nothingToCommit,
} from '../../../src/domain/versioning/commit';
import type {
  MultiCloudImageContent,
  ServerTemplateContent,
} from '../../../src/domain/versioning/component-content';

const NO_SEQUENCE = { order: [], items: new Map() };
const SHARED = { name: 'a', description: null, tags: new Map() };

const MCI: MultiCloudImageContent = { ...SHARED, settings: new Map(), matchers: NO_SEQUENCE };
const TEMPLATE: ServerTemplateContent = {
  ...SHARED,
  multiCloudImages: new Map(),
  defaultMultiCloudImage: null,
  scripts: { BOOT: NO_SEQUENCE, OPERATIONAL: NO_SEQUENCE, DECOMMISSION: NO_SEQUENCE },
};

describe('R-6.2: the message of a commit', () => {
  test.each(['x', ' x ', 'two\nlines', 'x'.repeat(10_000)])('may be %j', (message) => {
    expect(() => assertCommitMessage(message)).not.toThrow();
  });

  test.each([
    ['', '`message` is empty: say what the commit is about.'],
    [' \n\t', '`message` is empty: say what the commit is about.'],
    ['x'.repeat(10_001), '`message` has 10001 characters; at most 10000 are allowed.'],
    ['a\0b', '`message` holds a NUL character or half a surrogate pair: remove it.'],
    ['a\ud83d', '`message` holds a NUL character or half a surrogate pair: remove it.'],
  ])('may not be %j', (message, refusal) => {
    expect(() => assertCommitMessage(message)).toThrow(
      expect.objectContaining({ code: 'INVALID', message: refusal, details: { path: ['input', 'message'] } }),
    );
  });
});

describe('what may be committed', () => {
  const setting = {
    imageId: 'img_1',
    instanceTypeId: 'typ_1',
    kernelImageId: null,
    ramdiskImageId: null,
    userData: null,
  };

  test('R-4.4: a MultiCloud Image with a setting', () => {
    expect(commitObstacle('MultiCloudImage', MCI)).toMatch(/needs at least one setting .*R-4\.4/);
    expect(commitObstacle('MultiCloudImage', { ...MCI, settings: new Map([['cld_1', setting]]) })).toBeNull();
  });

  test('R-4.4: matchers alone are no setting', () => {
    const matchers = {
      order: ['a'],
      items: new Map([['a', { pick: 'NEWEST' as const, instanceTypes: ['large'], userData: null }]]),
    };
    expect(commitObstacle('MultiCloudImage', { ...MCI, matchers })).not.toBeNull();
  });

  test('R-5.3: a ServerTemplate with a MultiCloud Image', () => {
    expect(commitObstacle('ServerTemplate', TEMPLATE)).toMatch(
      /needs at least one MultiCloud Image .*R-5\.3/,
    );
    const pinning = { ...TEMPLATE, multiCloudImages: new Map([['lineage', { revision: 0 }]]) };
    expect(commitObstacle('ServerTemplate', pinning)).toBeNull();
  });

  test('any RightScript', () => {
    expect(commitObstacle('RightScript', { ...SHARED, source: 'true' })).toBeNull();
  });
});

test('R-6.8: why a merge may not bury what HEAD has, and the cures', () => {
  expect(buriedObstacle('MultiCloudImage', MCI)).toBe(
    'HEAD has uncommitted work, which the merge commits first so that it can be undone, but: ' +
      'A MultiCloud Image needs at least one setting to be committed (R-4.4): add one with `setMultiCloudImageSetting`, or restore a revision first.',
  );
  expect(buriedObstacle('RightScript', { ...SHARED, source: 'true' })).toBeNull();
});

test('R-6.2: NOTHING_TO_COMMIT names the revision that has it all', () => {
  expect(nothingToCommit('RightScript', 7)).toMatchObject({
    code: 'NOTHING_TO_COMMIT',
    message: 'Nothing changed since revision 7 of the RightScript: use that revision.',
    details: { path: ['input', 'id'] },
  });
});
