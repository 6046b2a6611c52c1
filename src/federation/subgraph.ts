import { buildSubgraphSchema } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { isObjectType, parse, type GraphQLSchema } from 'graphql';
import { createResolversMap } from 'type-graphql';
import { globalIdResolvers } from './node-resolvers';
import { resolveReference } from './reference-resolvers';

const LINK = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.14"
  import: ["@key", "@shareable", "@inaccessible", "@tag"]
)
`;

/** A Federation 2 subgraph from type-graphql's schema (docs/adr/0005). */
export function toSubgraph(base: GraphQLSchema): GraphQLSchema {
  const resolvers = createResolversMap(base) as Record<string, object>;
  const types = [globalIdResolvers(base), referenceResolvers(base)];
  for (const additions of types)
    for (const [type, fields] of Object.entries(additions))
      resolvers[type] = { ...resolvers[type], ...fields };
  return buildSubgraphSchema({
    typeDefs: parse(LINK + printSchemaWithDirectives(base)),
    // The resolvers map is the one that type-graphql made for the same schema.
    resolvers: resolvers as Parameters<typeof buildSubgraphSchema>[0] extends infer M
      ? Extract<M, { resolvers?: unknown }>['resolvers']
      : never,
  });
}

/** Every entity (a type with `@key`) gets a reference resolver: none can be forgotten. */
function referenceResolvers(base: GraphQLSchema): Record<string, object> {
  const entities = Object.values(base.getTypeMap()).filter(
    (type) =>
      isObjectType(type) && type.astNode?.directives?.some((directive) => directive.name.value === 'key'),
  );
  return Object.fromEntries(entities.map(({ name }) => [name, { __resolveReference: resolveReference }]));
}
