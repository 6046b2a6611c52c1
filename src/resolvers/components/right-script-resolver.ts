import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import { RightScript } from '../../entities/components/right-script';
import type { RequestContext } from '../../loaders/request-context';
import { rightScriptList, type ComponentOrder as Order } from '../../persistence/components/component-list';
import type { Row } from '../../persistence/select';
import { serverTemplatesUsingRightScript } from '../../persistence/servers/where-used-list';
import { componentVersionsResolver } from './component-versions-resolver';
import { componentFilter } from '../decode';
import { RightScriptConnection, ServerTemplateConnection } from '../types/connections';
import { ComponentFilter, ComponentOrder } from '../types/filters';
import { PageArgs } from '../types/page-args';

@Resolver(() => RightScript)
export class RightScriptResolver extends componentVersionsResolver(
  RightScript,
  RightScriptConnection,
  (loaders) => loaders.rightScripts,
) {
  @Authorized('OBSERVER')
  @Query(() => RightScriptConnection, { description: 'RightScripts of the local collection.' })
  rightScripts(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ComponentFilter, {
      nullable: true,
      description: 'Narrows the list. Scripts have no clouds: `cloudId` is refused.',
    })
    filter: ComponentFilter | null,
    @Arg('orderBy', () => ComponentOrder, { nullable: true, description: 'Order; by name unless told.' })
    orderBy: Order | null,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.root(
      rightScriptList(viewer, componentFilter(filter), orderBy ?? 'NAME_ASC'),
      page,
    );
  }

  @Authorized('OBSERVER')
  @Query(() => RightScript, {
    nullable: true,
    description: 'One version of a RightScript by its global id.',
  })
  rightScript(
    @Arg('id', () => ID, { description: 'Global id.' }) id: string,
    @Ctx() { loaders }: RequestContext,
  ) {
    return loaders.rightScripts.byId.load(keyOf('RightScript', id, 'id'));
  }

  @FieldResolver(() => String)
  async source(@Root() script: Row<RightScript>, @Ctx() { loaders }: RequestContext): Promise<string> {
    const found = await loaders.rightScriptSource.load(script.id);
    if (found === null) throw new Error(`RightScript ${script.id} was read without its source`);
    return found.source;
  }

  @FieldResolver(() => ServerTemplateConnection, {
    description: 'ServerTemplate versions that run this very version in any phase, each once (R-5.6).',
  })
  serverTemplates(
    @Root() script: Row<RightScript>,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.of(script.id, serverTemplatesUsingRightScript(viewer), page);
  }
}
