import type { SelectQueryBuilder } from 'typeorm';
import type { ImageLifecycle, ImageType } from '../../domain/catalog/cloud-image';
import type { Viewer } from '../../domain/access/viewer';
import { CloudImage } from '../../entities/catalog/cloud-image';
import type { ListQuery, Order } from '../keyset-page';
import { whereContains, whereSearch, whereTag } from '../search';
import { selectRows } from '../select';
import { imageVisible, privateImageVisible } from '../visibility';

export interface CloudImageFilter {
  cloudId?: string | null;
  /** Clouds that were looked up before: known ones let PostgreSQL tell how many images they have. */
  cloudIds?: readonly string[];
  cloudType?: string | null;
  region?: string | null;
  resourceUid?: string | null;
  name?: string | null;
  search?: string | null;
  imageType?: ImageType | null;
  lifecycle?: ImageLifecycle | null;
  visibility?: 'PUBLIC' | 'PRIVATE' | null;
  cpuArchitecture?: string | null;
  operatingSystem?: string | null;
  fingerprint?: string | null;
  tag?: string | null;
}

export type CloudImageOrder = 'NAME_ASC' | 'NAME_DESC' | 'PUBLISHED_AT_ASC' | 'PUBLISHED_AT_DESC';

const NAME = [
  { expression: 'image.name', property: 'name', type: 'text' },
  { expression: 'image.id', property: 'id', type: 'uuid' },
] as const;

const PUBLISHED_AT = [
  { expression: "coalesce(image.published_at, '-infinity')", property: 'publishedAt', type: 'timestamptz' },
  { expression: 'image.resource_uid', property: 'resourceUid', type: 'text' },
  { expression: 'image.id', property: 'id', type: 'uuid' },
] as const;

const ORDERS: Record<CloudImageOrder, Order> = {
  NAME_ASC: { keys: NAME, descending: false },
  NAME_DESC: { keys: NAME, descending: true },
  PUBLISHED_AT_ASC: { keys: PUBLISHED_AT, descending: false },
  PUBLISHED_AT_DESC: { keys: PUBLISHED_AT, descending: true },
};

/** Columns that a filter compares for equality. */
const EQUAL = {
  cloudId: 'cloud_id',
  resourceUid: 'resource_uid',
  imageType: 'image_type',
  cpuArchitecture: 'cpu_architecture',
  operatingSystem: 'operating_system',
  fingerprint: 'fingerprint',
} as const;

/**
 * What `effectiveLifecycle` says, as conditions whose rows PostgreSQL can estimate: time changes only these two. The others
 * are rare, and found by the index on the column.
 */
function whereLifecycle(query: SelectQueryBuilder<CloudImage>, lifecycle: ImageLifecycle): void {
  const due = 'image.deprecates_at <= :now';
  if (lifecycle === 'AVAILABLE') query.andWhere(`image.lifecycle = 'AVAILABLE' AND (${due}) IS NOT TRUE`);
  else if (lifecycle === 'DEPRECATED')
    query.andWhere(`(image.lifecycle = 'DEPRECATED' OR image.lifecycle = 'AVAILABLE' AND ${due})`);
  else query.andWhere('image.lifecycle = :lifecycle', { lifecycle });
}

/** Images that the viewer sees of a cloud (the parent), by name. */
export const imagesOfCloud = (viewer: Viewer, filter: CloudImageFilter = {}): ListQuery<CloudImage> => ({
  ...cloudImageList(viewer, filter),
  name: 'imagesOfCloud',
});

/** Of one cloud (the parent) it is asked once: asked of each image, all of a cloud that is another would be read. */
function cloudFits(parent: string | null): string {
  const fits = `cloud.cloud_type = coalesce(:cloudType, cloud.cloud_type) AND cloud.region = coalesce(:region, cloud.region)`;
  return parent === null
    ? `image.cloud_id IN (SELECT cloud.id FROM clouds AS cloud WHERE ${fits})`
    : `EXISTS (SELECT FROM clouds AS cloud WHERE cloud.id = ${parent} AND ${fits})`;
}

/** Images that the viewer sees; with a parent, those of that cloud. */
export function cloudImageList(
  viewer: Viewer,
  filter: CloudImageFilter = {},
  order: CloudImageOrder = 'NAME_ASC',
): ListQuery<CloudImage> {
  return {
    name: `cloudImages/${order}`,
    order: ORDERS[order],
    rows: (manager, parent) => {
      const visible = filter.visibility === 'PRIVATE' ? privateImageVisible('image') : imageVisible('image');
      const query = selectRows(manager, CloudImage, 'image').where(visible, {
        viewer: viewer.accountId,
        now: viewer.now,
      });
      if (parent !== null) query.andWhere(`image.cloud_id = ${parent}`);
      for (const [field, column] of Object.entries(EQUAL)) {
        const value = filter[field as keyof typeof EQUAL];
        if (value != null) query.andWhere(`image.${column} = :${field}`, { [field]: value });
      }
      if (filter.cloudIds !== undefined)
        query.andWhere('image.cloud_id = ANY(:cloudIds)', { cloudIds: filter.cloudIds });
      if (filter.cloudType != null || filter.region != null)
        query.andWhere(cloudFits(parent), {
          cloudType: filter.cloudType ?? null,
          region: filter.region ?? null,
        });
      if (filter.visibility === 'PUBLIC') query.andWhere('image.owner_account_id IS NULL');
      if (filter.lifecycle != null) whereLifecycle(query, filter.lifecycle);
      if (filter.search != null) whereSearch(query, 'image', filter.search);
      if (filter.name != null) whereContains(query, 'image', 'name', filter.name);
      if (filter.tag != null) {
        const tagged = manager
          .createQueryBuilder()
          .select('tagged.cloud_image_id')
          .from('cloud_image_tags', 'tagged')
          .where('tagged.account_id = :viewer');
        whereTag(tagged, 'tagged.tags', filter.tag);
        query.andWhere(`image.id IN (${tagged.getQuery()})`, tagged.getParameters());
      }
      return query;
    },
  };
}
