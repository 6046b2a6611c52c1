import type { Matcher } from '../matching/matcher';
import type { Sequence } from '../merge/content';
import type { MatcherAtom } from './component-content';

/** What tells matchers apart: what they look for, and among equal ones their number. */
type MatcherKey = readonly [
  cloudType: string | null,
  fingerprint: string | null,
  namePattern: string | null,
  operatingSystem: string | null,
  cpuArchitecture: string | null,
  number?: number,
];

/** Matchers as content: by what they look for, in order of precedence. */
export function toMatcherSequence(matchers: readonly Matcher[]): Sequence<MatcherAtom> {
  const items = new Map<string, MatcherAtom>();
  for (const matcher of matchers) {
    const { cloudType, fingerprint, namePattern, operatingSystem, cpuArchitecture } = matcher;
    const criteria: MatcherKey = [cloudType, fingerprint, namePattern, operatingSystem, cpuArchitecture];
    let key = JSON.stringify(criteria);
    for (let number = 2; items.has(key); number += 1) key = JSON.stringify([...criteria, number]);
    items.set(key, {
      pick: matcher.pick,
      instanceTypes: matcher.instanceTypes,
      userData: matcher.userData,
    });
  }
  return { order: [...items.keys()], items };
}

/** What a matcher's key says that it looks for. */
export function matcherCriteria(key: string): Omit<Matcher, keyof MatcherAtom> {
  const [cloudType, fingerprint, namePattern, operatingSystem, cpuArchitecture] = JSON.parse(
    key,
  ) as MatcherKey;
  return { cloudType, fingerprint, namePattern, operatingSystem, cpuArchitecture };
}

/** Which one a matcher is of those that look for the same, from 1. */
export function matcherNumber(key: string): number {
  return (JSON.parse(key) as MatcherKey)[5] ?? 1;
}
