import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import type { Matcher } from '../../domain/matching/matcher';
import type { Candidate, OfferedType } from '../../domain/matching/propose';
import { MultiCloudImageMatcher } from '../../entities/components/multi-cloud-image-matcher';
import { likePattern } from '../search';
import { cloudVisible, effectiveLifecycle, imageAvailable, instanceTypeVisible } from '../visibility';

export async function insertMatcher(
  manager: EntityManager,
  multiCloudImageId: string,
  position: number,
  matcher: Matcher,
): Promise<string> {
  const id = randomUUID();
  const instanceTypes = [...matcher.instanceTypes];
  await manager.insert(MultiCloudImageMatcher, {
    ...matcher,
    instanceTypes,
    id,
    multiCloudImageId,
    position,
  });
  return id;
}

/** Makes these, in this order, the matchers of a locked HEAD. Those that stay keep their ids. */
export async function replaceMatchers(
  manager: EntityManager,
  multiCloudImageId: string,
  matchers: readonly (Matcher & { readonly id: string | undefined })[],
): Promise<void> {
  await manager.delete(MultiCloudImageMatcher, { multiCloudImageId });
  if (matchers.length === 0) return;
  await manager.insert(
    MultiCloudImageMatcher,
    matchers.map(({ id = randomUUID(), instanceTypes, ...matcher }, position) => ({
      ...matcher,
      id,
      instanceTypes: [...instanceTypes],
      multiCloudImageId,
      position,
    })),
  );
}

export async function deleteMatcher(manager: EntityManager, id: string): Promise<void> {
  await manager.delete(MultiCloudImageMatcher, { id });
}

/** Which clouds are asked about: these, or with `null` all that the viewer sees. */
export type CloudKeys = readonly string[] | null;

/** A cloud that matchers are asked about. */
export interface MatchedCloud {
  readonly id: string;
  readonly cloudType: string;
}

/** The clouds among `ids` that the viewer sees, by name. */
export async function readMatchedClouds(
  manager: EntityManager,
  viewer: Viewer,
  ids: CloudKeys,
): Promise<MatchedCloud[]> {
  return manager
    .createQueryBuilder()
    .select('cloud.id', 'id')
    .addSelect('cloud.cloud_type', 'cloudType')
    .from('clouds', 'cloud')
    .where(cloudVisible('cloud'), { viewer: viewer.accountId })
    .andWhere('(:ids::uuid[] IS NULL OR cloud.id = ANY(:ids))', { ids })
    .orderBy('cloud.name')
    .addOrderBy('cloud.id')
    .getRawMany<MatchedCloud>();
}

const CRITERIA = `jsonb_to_recordset(:matchers::jsonb) AS matcher(id uuid, "cloudType" text, fingerprint text,
  pattern text, "operatingSystem" text, "cpuArchitecture" text)`;

const COLUMNS = `matcher.id AS matcher_id, image.id, image.cloud_id, image.resource_uid, image.name, image.cpu_architecture,
  image.published_at, image.owner_account_id, ${effectiveLifecycle('image')} = 'DEPRECATED' AS deprecated`;

/** What every matcher asks of an image besides its fingerprint or name. */
const FITTING = `image.image_type = 'MACHINE' AND ${imageAvailable('image')} AND image.cloud_id = ANY(:clouds)
  AND (matcher."cpuArchitecture" IS NULL OR image.cpu_architecture = matcher."cpuArchitecture")
  AND (matcher."operatingSystem" IS NULL OR image.operating_system = matcher."operatingSystem"
    OR starts_with(image.operating_system, matcher."operatingSystem" || ' '))
  AND (matcher."cloudType" IS NULL OR EXISTS (
    SELECT FROM clouds AS cloud WHERE cloud.id = image.cloud_id AND cloud.cloud_type = matcher."cloudType"))`;

/**
 * Two branches, so that each runs through its own index: fingerprints by the B-tree, names by the trigrams of name and
 * description. The combined text starts with the name and a space, so what the name matches, the longer pattern does too.
 */
const FOUND = `
  SELECT ${COLUMNS} FROM ${CRITERIA} JOIN cloud_images AS image ON image.fingerprint = matcher.fingerprint
  WHERE ${FITTING}
  UNION ALL
  SELECT ${COLUMNS} FROM ${CRITERIA}
  JOIN cloud_images AS image ON (image.name || ' ' || coalesce(image.description, '')) LIKE matcher.pattern || ' %'
  WHERE image.name LIKE matcher.pattern AND ${FITTING}`;

/** One image may be listed twice, by the account and publicly; a lookup by uid gives the account's own. */
const DISTINCT_IMAGES = `
  SELECT DISTINCT ON (found.matcher_id, found.cloud_id, found.resource_uid) found.*
  FROM (${FOUND}) AS found
  ORDER BY found.matcher_id, found.cloud_id, found.resource_uid,
    CASE WHEN found.owner_account_id = :viewer THEN 0 WHEN found.owner_account_id IS NULL THEN 1 ELSE 2 END, found.id`;

/** Deprecated images count only where there is no other. */
const NEWEST_CANDIDATES = `
  SELECT DISTINCT ON (candidate.matcher_id, candidate.cloud_id)
    candidate.matcher_id AS "matcherId", candidate.cloud_id AS "cloudId", candidate.id AS "imageId",
    candidate.name AS "imageName", candidate.cpu_architecture AS "cpuArchitecture",
    (count(*) OVER (PARTITION BY candidate.matcher_id, candidate.cloud_id, candidate.deprecated))::int AS matches
  FROM (${DISTINCT_IMAGES}) AS candidate
  ORDER BY candidate.matcher_id, candidate.cloud_id, candidate.deprecated,
    coalesce(candidate.published_at, '-infinity') DESC, candidate.resource_uid DESC`;

/**
 * What each matcher finds in each of the clouds: at most one candidate per pair.
 * One statement, however many matchers, clouds and images there are.
 */
export async function findCandidates(
  manager: EntityManager,
  viewer: Viewer,
  matchers: readonly MultiCloudImageMatcher[],
  cloudIds: readonly string[],
): Promise<Candidate[]> {
  if (matchers.length === 0 || cloudIds.length === 0) return [];
  const criteria = matchers.map(
    ({ id, cloudType, fingerprint, namePattern, operatingSystem, cpuArchitecture }) => ({
      id,
      cloudType,
      fingerprint,
      pattern: namePattern === null ? null : likePattern(namePattern),
      operatingSystem,
      cpuArchitecture,
    }),
  );
  return manager
    .createQueryBuilder()
    .select('chosen.*')
    .from(`(${NEWEST_CANDIDATES})`, 'chosen')
    .setParameters({
      matchers: JSON.stringify(criteria),
      clouds: cloudIds,
      viewer: viewer.accountId,
      now: viewer.now,
    })
    .getRawMany<Candidate>();
}

/** The offered instance types of these names in these clouds, the viewer's own before the public ones. */
export async function findOfferedTypes(
  manager: EntityManager,
  viewer: Viewer,
  cloudIds: readonly string[],
  names: readonly string[],
): Promise<OfferedType[]> {
  if (cloudIds.length === 0) return [];
  return manager
    .createQueryBuilder()
    .select('type.id', 'id')
    .addSelect('type.cloud_id', 'cloudId')
    .addSelect('type.name', 'name')
    .addSelect('type.cpu_architectures', 'cpuArchitectures')
    .from('instance_types', 'type')
    .where('type.cloud_id = ANY(:cloudIds) AND type.name = ANY(:names) AND type.offered', { cloudIds, names })
    .andWhere(instanceTypeVisible('type'), { viewer: viewer.accountId })
    .orderBy('type.owner_account_id IS NULL')
    .addOrderBy('type.id')
    .getRawMany<OfferedType>();
}
