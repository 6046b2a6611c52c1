import { canonicalArchitecture } from '../catalog/cpu-architecture';
import { DomainError, invalid } from '../errors';
import { assertName, assertStorable, assertUserData, MAXIMUM_NAME_LENGTH } from '../text';
import { assertListLength, MAXIMUM_LIST_LENGTH } from '../versioning/component-input';

export const MAXIMUM_MATCHERS = 100;

/** What a matcher looks for, and what it makes of it. */
export interface Matcher {
  /** Only clouds of this type; `null`: all clouds. */
  readonly cloudType: string | null;
  /** Exactly one of fingerprint and name pattern is given. */
  readonly fingerprint: string | null;
  readonly namePattern: string | null;
  readonly operatingSystem: string | null;
  readonly cpuArchitecture: string | null;
  readonly pick: 'UNIQUE' | 'NEWEST';
  /** Names, the preferred one first. */
  readonly instanceTypes: readonly string[];
  readonly userData: string | null;
}

/** A matcher as a request gives it. */
export type MatcherInput = { readonly [K in keyof Matcher]?: Matcher[K] | null } & Pick<
  Matcher,
  'pick' | 'instanceTypes'
>;

/**
 * Checks a new matcher. The architecture is brought to the spelling of the catalog.
 *
 * @throws DomainError INVALID or LIMIT_EXCEEDED, naming the field
 */
export function checkMatcher(input: MatcherInput): Matcher {
  const { fingerprint = null, namePattern = null, cpuArchitecture = null } = input;
  if (fingerprint === null && namePattern === null)
    throw invalid(
      'Give `fingerprint` or `namePattern`: what the images are found by.',
      'input',
      'namePattern',
    );
  if (fingerprint !== null && namePattern !== null)
    throw invalid('Give `fingerprint` or `namePattern`, not both.', 'input', 'fingerprint');
  for (const field of ['cloudType', 'fingerprint', 'operatingSystem', 'cpuArchitecture'] as const) {
    const value = input[field];
    if (value != null) assertName(value, 'input', field);
  }
  if (namePattern !== null) assertNamePattern(namePattern);
  assertInstanceTypes(input.instanceTypes);
  assertUserData(input.userData, 'input', 'userData');
  return {
    cloudType: input.cloudType ?? null,
    fingerprint,
    namePattern,
    operatingSystem: input.operatingSystem ?? null,
    cpuArchitecture: cpuArchitecture === null ? null : canonicalArchitecture(cpuArchitecture),
    pick: input.pick,
    instanceTypes: [...input.instanceTypes],
    userData: input.userData ?? null,
  };
}

function assertNamePattern(pattern: string): void {
  const path = ['input', 'namePattern'];
  assertStorable(pattern, ...path);
  if (pattern.length > MAXIMUM_NAME_LENGTH)
    throw invalid(
      `\`namePattern\` has ${pattern.length} characters; at most ${MAXIMUM_NAME_LENGTH} are allowed.`,
      ...path,
    );
  if (!/[^*?\s]/.test(pattern))
    throw invalid(
      '`namePattern` holds only wildcards, so it would match any image: give at least one character of the name.',
      ...path,
    );
}

function assertInstanceTypes(names: readonly string[]): void {
  const path = ['input', 'instanceTypes'];
  if (names.length === 0)
    throw invalid(
      '`instanceTypes` is empty: name at least one instance type, the preferred one first.',
      ...path,
    );
  assertListLength(names, MAXIMUM_LIST_LENGTH, ...path);
  for (const name of names) assertName(name, ...path);
}

export function tooManyMatchers(): DomainError {
  return new DomainError(
    'LIMIT_EXCEEDED',
    `A MultiCloud Image has at most ${MAXIMUM_MATCHERS} matchers: remove one first.`,
    { path: ['input', 'multiCloudImageId'] },
  );
}
