import { DomainError } from '../../../src/domain/errors';
import { checkMatcher, type MatcherInput } from '../../../src/domain/matching/matcher';

const input = (changes: Partial<MatcherInput> = {}): MatcherInput => ({
  namePattern: 'fedora-*',
  pick: 'NEWEST',
  instanceTypes: ['m7i.large'],
  ...changes,
});

const refusal = (changes: Partial<MatcherInput>): DomainError => {
  try {
    checkMatcher(input(changes));
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('Nothing was refused');
};

describe('R-4.6: a new matcher', () => {
  test('fills what is left out with null', () => {
    expect(checkMatcher(input())).toEqual({
      cloudType: null,
      fingerprint: null,
      namePattern: 'fedora-*',
      operatingSystem: null,
      cpuArchitecture: null,
      pick: 'NEWEST',
      instanceTypes: ['m7i.large'],
      userData: null,
    });
  });

  test.each([
    ['aarch64', 'arm64'],
    ['AMD64', 'x86_64'],
    ['riscv64', 'riscv64'],
  ])('spells the architecture %s as the catalog does: %s', (written, spelled) => {
    expect(checkMatcher(input({ cpuArchitecture: written })).cpuArchitecture).toBe(spelled);
  });

  test.each<[string, Partial<MatcherInput>, string, string]>([
    ['neither criterion', { namePattern: null }, 'INVALID', 'namePattern'],
    ['both criteria', { fingerprint: 'f' }, 'INVALID', 'fingerprint'],
    ['an empty pattern', { namePattern: '' }, 'INVALID', 'namePattern'],
    ['a pattern without a literal character', { namePattern: ' *? ' }, 'INVALID', 'namePattern'],
    ['a pattern of 256 characters', { namePattern: 'x'.repeat(256) }, 'INVALID', 'namePattern'],
    ['a pattern with a NUL', { namePattern: 'a\0' }, 'INVALID', 'namePattern'],
    ['an empty operating system', { operatingSystem: '' }, 'INVALID', 'operatingSystem'],
    ['no instance types', { instanceTypes: [] }, 'INVALID', 'instanceTypes'],
    ['too much user data', { userData: 'é'.repeat(8_193) }, 'LIMIT_EXCEEDED', 'userData'],
  ])('refuses %s', (_what, changes, code, field) => {
    expect(refusal(changes)).toMatchObject({ code, details: { path: ['input', field] } });
  });
});
