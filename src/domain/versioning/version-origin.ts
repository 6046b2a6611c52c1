/**
 * How a version came to where it is: made there; a HEAD's content that was kept, which never changes; imported;
 * subscribed, so that it changes with its publisher's; subscribed once, keeping its last content.
 */
export type VersionOrigin = 'PRIVATE' | 'FROZEN' | 'IMPORTED' | 'SUBSCRIBED' | 'SUBSCRIPTION_ENDED';

interface VersionFacts {
  readonly revision: number;
  readonly snapshot: boolean;
  /** The publisher's version that it is a copy of; `null`: none. */
  readonly originalId: string | null;
}

/** Whether it is a copy whose content follows its publisher's. */
export const isSubscribedHead = ({
  originalId,
  revision,
}: Pick<VersionFacts, 'originalId' | 'revision'>): boolean => originalId !== null && revision === 0;

/** @param ended whether the access to what it subscribed to has ended */
export function originOf(version: VersionFacts, ended: boolean): VersionOrigin {
  if (isSubscribedHead(version)) return ended ? 'SUBSCRIPTION_ENDED' : 'SUBSCRIBED';
  if (version.originalId !== null) return 'IMPORTED';
  return version.snapshot ? 'FROZEN' : 'PRIVATE';
}
