import { isObjectType, type GraphQLSchema } from 'graphql';
import { isNodeType, toGlobalId } from '../domain/global-id';

type ResolverMap = Record<string, object>;

/** `id` of every node type: the row's key becomes a global id in one place, not in every row. */
export function globalIdResolvers(schema: GraphQLSchema): ResolverMap {
  const nodeTypes = Object.values(schema.getTypeMap()).filter(
    (type) => isObjectType(type) && type.getInterfaces().some((parent) => parent.name === 'Node'),
  );
  return Object.fromEntries(
    nodeTypes.map(({ name }) => {
      if (!isNodeType(name)) throw new Error(`${name} is a Node without a prefix in domain/global-id.ts`);
      return [name, { id: (row: { id: string }) => toGlobalId(name, row.id) }];
    }),
  );
}
