import {
  propose,
  type Candidate,
  type CloudMatches,
  type OfferedType,
  type PlacedMatcher,
} from '../../../src/domain/matching/propose';

const matcher = (id: string, changes: Partial<PlacedMatcher> = {}): PlacedMatcher => ({
  id,
  cloudType: null,
  fingerprint: null,
  namePattern: `${id}-*`,
  pick: 'NEWEST',
  instanceTypes: ['small'],
  userData: null,
  ...changes,
});

const found = (matcherId: string, changes: Partial<Candidate> = {}): Candidate => ({
  matcherId,
  cloudId: 'cloud',
  imageId: `image of ${matcherId}`,
  imageName: `${matcherId}-1`,
  cpuArchitecture: 'x86_64',
  matches: 1,
  ...changes,
});

const offered = (name: string, ...cpuArchitectures: string[]): OfferedType => ({
  id: `type ${name}`,
  cloudId: 'cloud',
  name,
  cpuArchitectures,
});

const cloud = (candidates: Candidate[], offeredTypes = [offered('small', 'x86_64')]): CloudMatches => ({
  cloudType: 'amazon',
  candidates,
  offeredTypes,
});

const proposed = (matcherId: string, instanceTypeId = 'type small', userData: string | null = null) => ({
  outcome: 'PROPOSED',
  imageId: `image of ${matcherId}`,
  instanceTypeId,
  userData,
});

describe('R-4.6: a proposal', () => {
  test('comes from the first matcher in order that proposes, with its user data', () => {
    const matchers = [matcher('a'), matcher('b', { userData: 'hello' }), matcher('c')];
    expect(propose(matchers, cloud([found('c'), found('b')]))).toEqual(proposed('b', 'type small', 'hello'));
  });

  test('passes over matchers with several matches or no type', () => {
    const matchers = [
      matcher('several', { pick: 'UNIQUE' }),
      matcher('typeless', { instanceTypes: ['huge'] }),
      matcher('good'),
    ];
    const candidates = [found('several', { matches: 2 }), found('typeless'), found('good')];
    expect(propose(matchers, cloud(candidates))).toEqual(proposed('good'));
  });

  test.each([
    ['UNIQUE', 1, 'PROPOSED'],
    ['UNIQUE', 2, 'SEVERAL_MATCHES'],
    ['NEWEST', 1, 'PROPOSED'],
    ['NEWEST', 2, 'PROPOSED'],
  ] as const)('%s with %i matches: %s', (pick, matches, outcome) => {
    expect(propose([matcher('a', { pick })], cloud([found('a', { matches })])).outcome).toBe(outcome);
  });

  test.each<[string, string | null, OfferedType[], string | null]>([
    [
      'the first listed, not the first offered',
      'x86_64',
      [offered('b', 'x86_64'), offered('a', 'x86_64')],
      'type a',
    ],
    [
      'the next when the first does not run it',
      'arm64',
      [offered('a', 'x86_64'), offered('b', 'arm64')],
      'type b',
    ],
    ['an unknown architecture of the image runs anywhere', null, [offered('a', 'arm64')], 'type a'],
    ['a type of unknown architectures runs anything', 'arm64', [offered('a')], 'type a'],
    ['none runs it', 'arm64', [offered('a', 'x86_64'), offered('b', 'i386', 'x86_64')], null],
    ['none is offered', 'x86_64', [offered('c', 'x86_64')], null],
  ])('instance type: %s', (_what, cpuArchitecture, offeredTypes, expected) => {
    const proposal = propose(
      [matcher('a', { instanceTypes: ['a', 'b'] })],
      cloud([found('a', { cpuArchitecture })], offeredTypes),
    );
    expect(proposal).toMatchObject(
      expected === null ? { outcome: 'NO_INSTANCE_TYPE' } : { outcome: 'PROPOSED', instanceTypeId: expected },
    );
  });
});

describe('R-4.6: without a proposal', () => {
  test.each([
    ['no matchers', [], [], 'The MultiCloud Image has no matchers: add one, or set the cloud by hand.'],
    [
      'no matcher for this type of cloud',
      [matcher('a', { cloudType: 'google' })],
      [],
      'No matcher is for clouds of type amazon.',
    ],
    ['nothing found', [matcher('a')], [], 'No available machine image of this cloud matches.'],
  ])('%s: NO_MATCH says so', (_what, matchers, candidates, message) => {
    expect(propose(matchers, cloud(candidates))).toEqual({ outcome: 'NO_MATCH', message });
  });

  test('several matches tell more than no type, and no type more than no match', () => {
    const several = matcher('several', { pick: 'UNIQUE' });
    const typeless = matcher('typeless', { instanceTypes: ['huge', 'giant'] });
    const nothing = matcher('nothing');
    const candidates = [found('several', { matches: 3 }), found('typeless')];
    for (const matchers of [
      [several, typeless, nothing],
      [nothing, typeless, several],
    ])
      expect(propose(matchers, cloud(candidates))).toEqual({
        outcome: 'SEVERAL_MATCHES',
        message:
          '3 images match "several-*", but the matcher takes an image only when it is the only match: narrow it, or pick NEWEST.',
      });
    expect(propose([nothing, typeless], cloud(candidates))).toEqual({
      outcome: 'NO_INSTANCE_TYPE',
      message:
        'The image typeless-1 matches "typeless-*", but the cloud offers none of the matcher\'s instance types that runs it: huge, giant.',
    });
  });

  test('of two equal reasons the first matcher tells', () => {
    const matchers = [matcher('a', { pick: 'UNIQUE' }), matcher('b', { pick: 'UNIQUE', fingerprint: null })];
    const proposal = propose(matchers, cloud([found('b', { matches: 9 }), found('a', { matches: 2 })]));
    expect(proposal).toMatchObject({ message: expect.stringContaining('2 images match "a-*"') });
  });
});
