import type { MatcherAtom } from '../versioning/component-content';
import { matcherCriteria, matcherNumber } from '../versioning/matcher-atom';
import { isOrder, keyOfPath, placedLines, userDataLines, type FieldPresentation } from './field-presentation';
import { onOneLine } from './names';

export const MATCHERS: FieldPresentation = {
  label: (path) => (isOrder(path) ? 'Order of the matchers' : `Matcher for ${whatItFinds(keyOfPath(path))}`),

  show: (path, value) => (isOrder(path) ? (value as readonly string[]).map(matcherCriteria) : value),

  lines: placedLines((value, other) => {
    const { pick, instanceTypes, userData } = value as MatcherAtom;
    return [
      `pick ${pick}`,
      `instance types ${instanceTypes.map(onOneLine).join(', ')}`,
      ...userDataLines(userData, (other as MatcherAtom | null)?.userData),
    ];
  }),
};

function whatItFinds(key: string): string {
  const { cloudType, fingerprint, namePattern, operatingSystem, cpuArchitecture } = matcherCriteria(key);
  const number = matcherNumber(key);
  const words = [
    namePattern ?? `the fingerprint ${fingerprint}`,
    ...(operatingSystem === null ? [] : ['with', operatingSystem]),
    ...(cpuArchitecture === null ? [] : ['on', cpuArchitecture]),
    ...(cloudType === null ? [] : ['in', cloudType]),
    ...(number === 1 ? [] : [`(number ${number})`]),
  ];
  return onOneLine(words.join(' '));
}
