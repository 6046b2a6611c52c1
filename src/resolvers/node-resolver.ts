import { Arg, Authorized, Ctx, Directive, ID, Query, Resolver } from 'type-graphql';
import { invalid } from '../domain/errors';
import { parseGlobalId } from '../domain/global-id';
import { MAXIMUM_NODES } from '../domain/paging';
import { Node } from '../entities/node';
import { loadNode } from '../loaders/node';
import type { RequestContext } from '../loaders/request-context';

@Resolver()
export class NodeResolver {
  @Authorized('OBSERVER')
  @Directive('@shareable')
  @Directive('@inaccessible')
  @Query(() => Node, {
    nullable: true,
    description: 'Anything by its global id; null when it is not visible or does not exist.',
  })
  node(
    @Arg('id', () => ID, { description: 'Global id.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<Node | null> {
    return find(context, id, 'id');
  }

  @Authorized('OBSERVER')
  @Directive('@shareable')
  @Directive('@inaccessible')
  @Query(() => [Node], {
    nullable: 'items',
    description:
      'Up to 100 things by their global ids, in that order; null for what is not visible or does not exist.',
  })
  nodes(
    @Arg('ids', () => [ID], { description: 'Global ids, at most 100.' }) ids: string[],
    @Ctx() context: RequestContext,
  ): Promise<(Node | null)[]> {
    if (ids.length > MAXIMUM_NODES)
      throw invalid(`\`ids\` holds ${ids.length} ids; at most ${MAXIMUM_NODES} are allowed.`, 'ids');
    return Promise.all(ids.map((id) => find(context, id, 'ids')));
  }
}

async function find(context: RequestContext, id: string, path: string): Promise<Node | null> {
  const parsed = parseGlobalId(id);
  if (parsed === null)
    throw invalid(
      `"${id.slice(0, 80)}" is not an id of this graph: pass an \`id\` that a query returned, unchanged.`,
      path,
    );
  return loadNode(context, parsed);
}
