import { isAbstractType, isObjectType, type GraphQLSchema } from 'graphql';

/**
 * What graphql-jit needs of a schema (docs/adr/0016): it neither waits for the type of an object, nor calls functions that
 * a row holds.
 */
export function makeCompilable(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) type.resolveType = (row: { __typename: string }) => row.__typename;
    const { totalCount } = isObjectType(type) ? type.getFields() : {};
    if (totalCount) totalCount.resolve = (page: { totalCount: () => unknown }) => page.totalCount();
  }
}
