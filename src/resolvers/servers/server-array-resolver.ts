import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import { Deployment } from '../../entities/servers/deployment';
import { ServerArray } from '../../entities/servers/server-array';
import type { RequestContext } from '../../loaders/request-context';
import type { Row } from '../../persistence/select';
import { SERVER_ARRAYS } from '../../persistence/servers/definition-kind';
import { definitionList } from '../../persistence/servers/server-list';
import { serverFilter } from '../decode';
import { ServerArrayConnection } from '../types/connections';
import { ServerFilter } from '../types/filters';
import { PageArgs } from '../types/page-args';

@Resolver(() => ServerArray)
export class ServerArrayResolver {
  @Authorized('OBSERVER')
  @Query(() => ServerArrayConnection, { description: 'Server arrays of this account, by name.' })
  serverArrays(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ServerFilter, { nullable: true, description: 'Narrows the list.' })
    filter: ServerFilter | null,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.root(definitionList(SERVER_ARRAYS, viewer, serverFilter(filter)), page);
  }

  @Authorized('OBSERVER')
  @Query(() => ServerArray, { nullable: true, description: 'One server array by its global id.' })
  serverArray(
    @Arg('id', () => ID, { description: 'Global id.' }) id: string,
    @Ctx() { loaders }: RequestContext,
  ) {
    return loaders.serverArray.load(keyOf('ServerArray', id, 'id'));
  }

  @FieldResolver(() => Deployment, { description: 'The deployment that it belongs to.' })
  deployment(@Root() array: Row<ServerArray>, @Ctx() { loaders }: RequestContext) {
    return loaders.deployment.load(array.deploymentId);
  }
}
