import { isObjectType, type GraphQLSchema } from 'graphql';
import { isNodeType, toGlobalId } from '../domain/global-id';

/** `id` of every node type: the row's key becomes a global id in one place, not in every row. */
export function resolveGlobalIds(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || !type.getInterfaces().some((parent) => parent.name === 'Node')) continue;
    const { name } = type;
    const { id } = type.getFields();
    if (!isNodeType(name) || id === undefined)
      throw new Error(`${name} is a Node without an id, or without a prefix in domain/global-id.ts`);
    id.resolve = (row: { id: string }) => toGlobalId(name, row.id);
  }
}
