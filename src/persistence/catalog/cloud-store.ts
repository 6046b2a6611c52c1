import { randomUUID } from 'node:crypto';
import { IsNull, Not, type EntityManager } from 'typeorm';
import type { CloudPlace } from '../../domain/catalog/listing-extent';
import { Cloud } from '../../entities/catalog/cloud';

export type NewCloud = Pick<
  Cloud,
  'accountId' | 'cloudType' | 'region' | 'name' | 'displayName' | 'description' | 'createdAt'
>;

/** Makes a cloud and answers its key; `null`: its owner already has one of this type and region. */
export async function insertCloud(manager: EntityManager, cloud: NewCloud): Promise<string | null> {
  const id = randomUUID();
  const inserted = await manager
    .createQueryBuilder()
    .insert()
    .into(Cloud)
    .values({ ...cloud, id })
    .orIgnore()
    .returning('id')
    .execute();
  return (inserted.raw as { id: string }[]).length === 1 ? id : null;
}

/** Types and regions of the staged places for which this catalog has no cloud, nor the public one. */
export function placesWithoutCloud(
  manager: EntityManager,
  ownerAccountId: string | null,
): Promise<CloudPlace[]> {
  return manager.query<CloudPlace[]>(
    `SELECT DISTINCT place.cloud_type AS "cloudType", place.region
     FROM catalog_import_places AS place
     WHERE NOT EXISTS (SELECT FROM clouds AS cloud
       WHERE (cloud.cloud_type, cloud.region) = (place.cloud_type, place.region)
         AND (cloud.account_id IS NULL OR cloud.account_id = $1::uuid))
     ORDER BY place.cloud_type, place.region`,
    [ownerAccountId],
  );
}

/** Makes clouds that nobody else may have made meanwhile; answers the names of those that are new. */
export async function insertClouds(manager: EntityManager, clouds: readonly NewCloud[]): Promise<string[]> {
  if (clouds.length === 0) return [];
  const rows = await manager.query<{ name: string }[]>(
    `INSERT INTO clouds (id, account_id, cloud_type, region, name, display_name, description, created_at)
     SELECT gen_random_uuid(), cloud."accountId", cloud."cloudType", cloud.region, cloud.name, cloud."displayName",
       cloud.description, cloud."createdAt"
     FROM jsonb_to_recordset($1::jsonb) AS cloud("accountId" uuid, "cloudType" text, region text, name text,
       "displayName" text, description text, "createdAt" timestamptz(3))
     ON CONFLICT DO NOTHING RETURNING name`,
    [JSON.stringify(clouds)],
  );
  return rows.map(({ name }) => name).sort();
}

export async function isPrivateCloud(manager: EntityManager, id: string): Promise<boolean> {
  return manager.existsBy(Cloud, { id, accountId: Not(IsNull()) });
}
