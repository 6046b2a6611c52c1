import { buildSubgraphSchema } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { isAbstractType, isObjectType, parse, type DocumentNode, type GraphQLSchema } from 'graphql';
import { createResolversMap } from 'type-graphql';
import { withCostDirectives } from './cost-directives';
import { checkEntityReferences } from './entity-references';
import { globalIdResolvers } from './node-resolvers';
import { resolveReference } from './reference-resolvers';
import type { FederationVersion } from './version';

const link = (version: FederationVersion): string => `extend schema @link(
  url: "https://specs.apollo.dev/federation/${version}"
  import: ["@key", "@shareable", "@inaccessible", "@tag", "@cost", "@listSize"]
)
`;

/** What Apollo takes; its own name for the type of the resolvers isn't exported. */
type SubgraphModule = Extract<
  Parameters<typeof buildSubgraphSchema>[0],
  { typeDefs: DocumentNode | DocumentNode[] }
>;

/** A Federation 2 subgraph from type-graphql's schema (docs/adr/0005). */
export function toSubgraph(base: GraphQLSchema, version: FederationVersion): GraphQLSchema {
  const resolvers = createResolversMap(base) as Record<string, object>;
  const references = referenceResolvers(base);
  for (const additions of [globalIdResolvers(base), references, typeResolvers(base), totalCounts(base)])
    for (const [type, fields] of Object.entries(additions))
      resolvers[type] = { ...resolvers[type], ...fields };
  const typeDefs = withCostDirectives(parse(link(version) + printSchemaWithDirectives(base)), base);
  const schema = buildSubgraphSchema({ typeDefs, resolvers } as SubgraphModule);
  checkEntityReferences(schema, new Set(Object.keys(references)));
  return schema;
}

/** Every entity (a type with `@key`) gets a reference resolver: none can be forgotten. */
function referenceResolvers(base: GraphQLSchema): Record<string, object> {
  const entities = Object.values(base.getTypeMap()).filter(
    (type) =>
      isObjectType(type) && type.astNode?.directives?.some((directive) => directive.name.value === 'key'),
  );
  return Object.fromEntries(entities.map(({ name }) => [name, { __resolveReference: resolveReference }]));
}

/** Which type an object is, it says itself: at once, since compiled code does not wait for it. */
const typeResolvers = (base: GraphQLSchema): Record<string, object> =>
  Object.fromEntries(
    Object.values(base.getTypeMap())
      .filter(isAbstractType)
      .map(({ name }) => [name, { __resolveType: (row: { __typename: string }) => row.__typename }]),
  );

/** Counted when it is asked for. Compiled code does not call what a row holds. */
const totalCounts = (base: GraphQLSchema): Record<string, object> =>
  Object.fromEntries(
    Object.values(base.getTypeMap())
      .filter((type) => isObjectType(type) && 'totalCount' in type.getFields())
      .map(({ name }) => [name, { totalCount: (page: { totalCount: () => unknown }) => page.totalCount() }]),
  );
