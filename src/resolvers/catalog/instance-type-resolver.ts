import { Arg, Args, Authorized, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Cloud } from '../../entities/catalog/cloud';
import { InstanceType } from '../../entities/catalog/instance-type';
import type { RequestContext } from '../../loaders/request-context';
import { instanceTypeList } from '../../persistence/catalog/instance-type-list';
import type { Row } from '../../persistence/select';
import { withCloudKey } from '../decode';
import { InstanceTypeConnection } from '../types/connections';
import { InstanceTypeFilter } from '../types/filters';
import { PageArgs } from '../types/page-args';

@Resolver(() => InstanceType)
export class InstanceTypeResolver {
  @Authorized('OBSERVER')
  @Query(() => InstanceTypeConnection, { description: 'Instance types that this account sees, by name.' })
  instanceTypes(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => InstanceTypeFilter, { nullable: true, description: 'Narrows the list.' })
    filter: InstanceTypeFilter | null,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.root(instanceTypeList(viewer, withCloudKey(filter)), page);
  }

  @FieldResolver(() => Cloud, { description: 'The cloud that offers it.' })
  cloud(@Root() type: Row<InstanceType>, @Ctx() { loaders }: RequestContext) {
    return loaders.cloud.load(type.cloudId);
  }

  @FieldResolver(() => String, { description: 'Kind of its cloud.' })
  async cloudType(@Root() type: Row<InstanceType>, @Ctx() { loaders }: RequestContext) {
    return (await loaders.cloud.load(type.cloudId))?.cloudType;
  }

  @FieldResolver(() => String, { description: 'Region of its cloud.' })
  async region(@Root() type: Row<InstanceType>, @Ctx() { loaders }: RequestContext) {
    return (await loaders.cloud.load(type.cloudId))?.region;
  }
}
