import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { invalid } from '../../domain/errors';
import { keyOf } from '../../domain/global-id';
import { Cloud } from '../../entities/catalog/cloud';
import type { RequestContext } from '../../loaders/request-context';
import { imagesOfCloud } from '../../persistence/catalog/cloud-image-list';
import { cloudList } from '../../persistence/catalog/cloud-list';
import { instanceTypesOfCloud } from '../../persistence/catalog/instance-type-list';
import type { Row } from '../../persistence/select';
import { withCloudKey } from '../decode';
import { CloudConnection, CloudImageConnection, InstanceTypeConnection } from '../types/connections';
import { CloudFilter, CloudImageFilter } from '../types/filters';
import { PageArgs } from '../types/page-args';

@Resolver(() => Cloud)
export class CloudResolver {
  @Authorized('OBSERVER')
  @Query(() => CloudConnection, {
    description: 'Public clouds and the private ones of this account, by name.',
  })
  clouds(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => CloudFilter, { nullable: true, description: 'Narrows the list.' })
    filter: CloudFilter | null,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.root(cloudList(viewer, filter ?? {}), page);
  }

  @Authorized('OBSERVER')
  @Query(() => Cloud, { nullable: true, description: 'One cloud: by `id`, or by `cloudType` and `region`.' })
  cloud(
    @Arg('id', () => ID, { nullable: true, description: 'Global id.' }) id: string | null,
    @Arg('cloudType', () => String, { nullable: true, description: 'Kind of cloud.' })
    cloudType: string | null,
    @Arg('region', () => String, { nullable: true, description: 'Region, with `cloudType`.' })
    region: string | null,
    @Ctx() { loaders }: RequestContext,
  ) {
    if (id) return loaders.cloud.load(keyOf('Cloud', id, 'id'));
    if (cloudType && region) return loaders.cloudByNaturalKey.load({ cloudType, region });
    throw invalid('Give `id`, or both `cloudType` and `region`.', 'id');
  }

  @FieldResolver(() => Boolean, { description: 'Whether every account sees it.' })
  public(@Root() cloud: Row<Cloud>): boolean {
    return cloud.accountId === null;
  }

  @FieldResolver(() => CloudImageConnection, {
    description: 'Images in this cloud that this account sees, by name.',
  })
  images(
    @Root() cloud: Row<Cloud>,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => CloudImageFilter, { nullable: true, description: 'Narrows the list.' })
    filter: CloudImageFilter | null,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.of(cloud.id, imagesOfCloud(viewer, withCloudKey(filter)), page, filter ?? {});
  }

  @FieldResolver(() => InstanceTypeConnection, { description: 'Instance types of this cloud, by name.' })
  instanceTypes(
    @Root() cloud: Row<Cloud>,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.of(cloud.id, instanceTypesOfCloud(viewer), page);
  }
}
