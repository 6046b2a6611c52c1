import type { Matcher } from './matcher';

/** How a matcher is told in the audit log: of the user data only its size. */
export function describeMatcher({ userData, ...matcher }: Matcher): Record<string, unknown> {
  const { cloudType, fingerprint, namePattern, operatingSystem, cpuArchitecture, pick, instanceTypes } =
    matcher;
  return {
    cloudType,
    fingerprint,
    namePattern,
    operatingSystem,
    cpuArchitecture,
    pick,
    instanceTypes,
    userDataBytes: userData === null ? null : Buffer.byteLength(userData, 'utf8'),
  };
}
