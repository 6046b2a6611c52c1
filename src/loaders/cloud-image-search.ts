import {
  cloudImageList,
  type CloudImageFilter,
  type CloudImageOrder,
} from '../persistence/catalog/cloud-image-list';
import { cloudIdsOf } from '../persistence/catalog/cloud-list';
import type { RequestContext } from './request-context';

/**
 * The list of images for a filter, with the clouds of a type and region looked up first: PostgreSQL would otherwise
 * guess how many images they have, and read the whole catalog for a cloud that has few.
 */
export async function cloudImageSearch(
  { dataSource, viewer }: Pick<RequestContext, 'dataSource' | 'viewer'>,
  { cloudType, region, ...filter }: CloudImageFilter,
  order: CloudImageOrder,
): Promise<ReturnType<typeof cloudImageList>> {
  if (cloudType == null && region == null) return cloudImageList(viewer, filter, order);
  const cloudIds = await cloudIdsOf(dataSource.manager, viewer, { cloudType, region });
  return cloudImageList(viewer, { ...filter, cloudIds }, order);
}
