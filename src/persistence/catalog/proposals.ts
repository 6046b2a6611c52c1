import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import { propose, type Proposal } from '../../domain/matching/propose';
import type { MultiCloudImageMatcher } from '../../entities/components/multi-cloud-image-matcher';
import { matchersByMultiCloudImage } from '../batches';
import {
  findCandidates,
  findOfferedTypes,
  readMatchedClouds,
  type CloudKeys,
} from '../components/matcher-store';

/** Proposals of one MCI by cloud, in the order of the clouds' names. */
export type Proposals = ReadonlyMap<string, Proposal>;

/**
 * What the matchers of these MCI versions propose for each cloud, as the viewer sees the catalog.
 * Four statements, however many MCIs, matchers, clouds and images there are.
 */
export async function proposalsFor(
  manager: EntityManager,
  viewer: Viewer,
  multiCloudImageIds: readonly string[],
  cloudIds: CloudKeys,
): Promise<Map<string, Proposals>> {
  const matchers = await matchersByMultiCloudImage(manager, multiCloudImageIds);
  const clouds = await readMatchedClouds(manager, viewer, cloudIds);
  const candidates = await findCandidates(
    manager,
    viewer,
    matchers,
    clouds.map(({ id }) => id),
  );
  const offeredTypes = await findOfferedTypes(
    manager,
    viewer,
    [...new Set(candidates.map(({ cloudId }) => cloudId))],
    [...new Set(matchers.flatMap(({ instanceTypes }) => instanceTypes))],
  );
  const matchersOf = groupBy(matchers, ({ multiCloudImageId }) => multiCloudImageId);
  const candidatesIn = groupBy(candidates, ({ cloudId }) => cloudId);
  const typesIn = groupBy(offeredTypes, ({ cloudId }) => cloudId);
  const proposalsOf = (placed: readonly MultiCloudImageMatcher[]): Proposals =>
    new Map(
      clouds.map(({ id, cloudType }) => [
        id,
        propose(placed, {
          cloudType,
          candidates: candidatesIn.get(id) ?? [],
          offeredTypes: typesIn.get(id) ?? [],
        }),
      ]),
    );
  return new Map(multiCloudImageIds.map((id) => [id, proposalsOf(matchersOf.get(id) ?? [])]));
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

interface ProposalKey {
  readonly multiCloudImageId: string;
  readonly cloudId: string;
}

/** The proposals for pairs of MCI version and cloud; a pair whose cloud the viewer doesn't see has none. */
export async function proposalsByMultiCloudImageAndCloud(
  manager: EntityManager,
  viewer: Viewer,
  keys: readonly ProposalKey[],
): Promise<(ProposalKey & { readonly proposal: Proposal })[]> {
  const multiCloudImageIds = [...new Set(keys.map((key) => key.multiCloudImageId))];
  const cloudIds = [...new Set(keys.map((key) => key.cloudId))];
  const found = await proposalsFor(manager, viewer, multiCloudImageIds, cloudIds);
  return keys.flatMap((key) => {
    const proposal = found.get(key.multiCloudImageId)?.get(key.cloudId);
    return proposal === undefined ? [] : [{ ...key, proposal }];
  });
}
