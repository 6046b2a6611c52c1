import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import { Deployment } from '../../entities/servers/deployment';
import type { RequestContext } from '../../loaders/request-context';
import type { Row } from '../../persistence/select';
import { SERVER_ARRAYS, SERVERS } from '../../persistence/servers/definition-kind';
import { definitionsOfDeployment, deploymentList } from '../../persistence/servers/server-list';
import { DeploymentConnection, ServerArrayConnection, ServerConnection } from '../types/connections';
import { DeploymentFilter } from '../types/filters';
import { PageArgs } from '../types/page-args';

@Resolver(() => Deployment)
export class DeploymentResolver {
  @Authorized('OBSERVER')
  @Query(() => DeploymentConnection, { description: 'Deployments of this account, by name.' })
  deployments(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => DeploymentFilter, { nullable: true, description: 'Narrows the list.' })
    filter: DeploymentFilter | null,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.root(deploymentList(viewer, filter ?? {}), page);
  }

  @Authorized('OBSERVER')
  @Query(() => Deployment, { nullable: true, description: 'One deployment by its global id.' })
  deployment(
    @Arg('id', () => ID, { description: 'Global id.' }) id: string,
    @Ctx() { loaders }: RequestContext,
  ) {
    return loaders.deployment.load(keyOf('Deployment', id, 'id'));
  }

  @FieldResolver(() => ServerConnection, { description: 'Its servers, by name.' })
  servers(
    @Root() deployment: Row<Deployment>,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.of(deployment.id, definitionsOfDeployment(SERVERS, viewer), page);
  }

  @FieldResolver(() => ServerArrayConnection, { description: 'Its server arrays, by name.' })
  serverArrays(
    @Root() deployment: Row<Deployment>,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.of(deployment.id, definitionsOfDeployment(SERVER_ARRAYS, viewer), page);
  }
}
