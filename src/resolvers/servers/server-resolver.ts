import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import { Deployment } from '../../entities/servers/deployment';
import { Server } from '../../entities/servers/server';
import type { RequestContext } from '../../loaders/request-context';
import type { Row } from '../../persistence/select';
import { SERVERS } from '../../persistence/servers/definition-kind';
import { definitionList } from '../../persistence/servers/server-list';
import { serverFilter } from '../decode';
import { ServerConnection } from '../types/connections';
import { ServerFilter } from '../types/filters';
import { PageArgs } from '../types/page-args';

@Resolver(() => Server)
export class ServerResolver {
  @Authorized('OBSERVER')
  @Query(() => ServerConnection, { description: 'Servers of this account, by name.' })
  servers(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ServerFilter, { nullable: true, description: 'Narrows the list.' })
    filter: ServerFilter | null,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.root(definitionList(SERVERS, viewer, serverFilter(filter)), page);
  }

  @Authorized('OBSERVER')
  @Query(() => Server, { nullable: true, description: 'One server by its global id.' })
  server(@Arg('id', () => ID, { description: 'Global id.' }) id: string, @Ctx() { loaders }: RequestContext) {
    return loaders.server.load(keyOf('Server', id, 'id'));
  }

  @FieldResolver(() => Deployment, { description: 'The deployment that it belongs to.' })
  deployment(@Root() server: Row<Server>, @Ctx() { loaders }: RequestContext) {
    return loaders.deployment.load(server.deploymentId);
  }
}
