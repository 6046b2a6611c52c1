import { runsArchitecture } from '../versioning/check-setting';
import type { Matcher } from './matcher';

/** A matcher in its place; lists of them are in order of precedence. */
export type PlacedMatcher = Pick<
  Matcher,
  'cloudType' | 'pick' | 'instanceTypes' | 'userData' | 'fingerprint' | 'namePattern'
> & { readonly id: string };

/** What a matcher found in one cloud: the newest of the images that count, and how many count. */
export interface Candidate {
  readonly matcherId: string;
  readonly cloudId: string;
  readonly imageId: string;
  readonly imageName: string;
  readonly cpuArchitecture: string | null;
  readonly matches: number;
}

/** An instance type that a cloud offers to the account. */
export interface OfferedType {
  readonly id: string;
  readonly cloudId: string;
  readonly name: string;
  readonly cpuArchitectures: readonly string[];
}

export type NoProposalReason = 'NO_MATCH' | 'SEVERAL_MATCHES' | 'NO_INSTANCE_TYPE';

/** What the matchers of an MCI propose for a cloud, or why they propose nothing. */
export type Proposal =
  | {
      readonly outcome: 'PROPOSED';
      readonly imageId: string;
      readonly instanceTypeId: string;
      readonly userData: string | null;
    }
  | { readonly outcome: NoProposalReason; readonly message: string };

/** Everything known about one cloud. */
export interface CloudMatches {
  readonly cloudType: string;
  /** At most one per matcher. */
  readonly candidates: readonly Candidate[];
  /** The preferred one of a name first (the account's own before the public one). */
  readonly offeredTypes: readonly OfferedType[];
}

const TELLING: Record<NoProposalReason, number> = { SEVERAL_MATCHES: 2, NO_INSTANCE_TYPE: 1, NO_MATCH: 0 };

/**
 * the first matcher that proposes wins. If none does, the most telling reason is given:
 * several matches before no instance type before no match; of equal ones the first matcher's.
 */
export function propose(matchers: readonly PlacedMatcher[], cloud: CloudMatches): Proposal {
  let reason: Exclude<Proposal, { outcome: 'PROPOSED' }> = nothingFits(matchers, cloud);
  for (const matcher of matchers) {
    const candidate = cloud.candidates.find(({ matcherId }) => matcherId === matcher.id);
    if (candidate === undefined) continue;
    const proposal = proposalOf(matcher, candidate, cloud.offeredTypes);
    if (proposal.outcome === 'PROPOSED') return proposal;
    if (TELLING[proposal.outcome] > TELLING[reason.outcome]) reason = proposal;
  }
  return reason;
}

function nothingFits(matchers: readonly PlacedMatcher[], { cloudType }: CloudMatches) {
  const outcome = 'NO_MATCH' as const;
  if (matchers.length === 0)
    return { outcome, message: 'The MultiCloud Image has no matchers: add one, or set the cloud by hand.' };
  if (!matchers.some((matcher) => matcher.cloudType === null || matcher.cloudType === cloudType))
    return { outcome, message: `No matcher is for clouds of type ${cloudType}.` };
  return { outcome, message: 'No available machine image of this cloud matches.' };
}

function proposalOf(
  matcher: PlacedMatcher,
  candidate: Candidate,
  offeredTypes: readonly OfferedType[],
): Proposal {
  const criterion = matcher.namePattern ?? matcher.fingerprint;
  if (matcher.pick === 'UNIQUE' && candidate.matches > 1)
    return {
      outcome: 'SEVERAL_MATCHES',
      message: `${candidate.matches} images match "${criterion}", but the matcher takes an image only when it is the only match: narrow it, or pick NEWEST.`,
    };
  const instanceType = firstRunning(matcher.instanceTypes, candidate, offeredTypes);
  if (instanceType === undefined)
    return {
      outcome: 'NO_INSTANCE_TYPE',
      message: `The image ${candidate.imageName} matches "${criterion}", but the cloud offers none of the matcher's instance types that runs it: ${matcher.instanceTypes.join(', ')}.`,
    };
  return {
    outcome: 'PROPOSED',
    imageId: candidate.imageId,
    instanceTypeId: instanceType.id,
    userData: matcher.userData,
  };
}

function firstRunning(
  names: readonly string[],
  { cpuArchitecture }: Candidate,
  offeredTypes: readonly OfferedType[],
): OfferedType | undefined {
  for (const name of names) {
    const found = offeredTypes.find((type) => type.name === name && runsArchitecture(type, cpuArchitecture));
    if (found !== undefined) return found;
  }
  return undefined;
}
