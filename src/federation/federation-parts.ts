import { buildSubgraphSchema, printSubgraphSchema } from '@apollo/subgraph';
import {
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLUnionType,
  graphqlSync,
  isIntrospectionType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
  isUnionType,
  Kind,
  parse,
  type GraphQLDirective,
  type GraphQLFieldMap,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SchemaExtensionNode,
} from 'graphql';
import type { FederationVersion } from './version';

/** What a subgraph has besides its own graph. */
export interface FederationParts {
  readonly types: readonly GraphQLNamedType[];
  readonly directives: readonly GraphQLDirective[];
  /** `_entities` and `_service`, with their resolvers. */
  readonly queryFields: GraphQLFieldMap<unknown, unknown>;
  /** The link to the federation specification. */
  readonly schemaExtensions: readonly SchemaExtensionNode[];
}

const OWN_TYPES = ['Query', 'Entity', '_Entity'];

const smallestGraph = (version: FederationVersion): string => `
extend schema @link(
  url: "https://specs.apollo.dev/federation/${version}"
  import: ["@key", "@shareable", "@inaccessible", "@tag", "@cost", "@listSize"]
)
type Query { entity: Entity }
type Entity @key(fields: "id") { id: ID! }
`;

/**
 * Taken from the smallest subgraph that there is, which takes no time to make.
 *
 * @param entities the types that `_entities` can answer
 * @param subgraph the schema that the parts became parts of
 */
export function federationParts(
  version: FederationVersion,
  entities: readonly GraphQLObjectType[],
  subgraph: () => GraphQLSchema,
): FederationParts {
  const document = parse(smallestGraph(version));
  const smallest = buildSubgraphSchema({ typeDefs: document });
  const union = smallest.getType('_Entity');
  const { _entities, _service } = smallest.getQueryType()?.toConfig().fields ?? {};
  if (!isUnionType(union) || !_entities || !_service)
    throw new Error('A subgraph has no fields of federation');

  const entity = new GraphQLUnionType({ ...union.toConfig(), types: [...entities], astNode: undefined });
  let service: unknown;
  const fields = new GraphQLObjectType({
    name: 'Query',
    fields: {
      _entities: {
        ..._entities,
        type: new GraphQLNonNull(new GraphQLList(entity)),
        astNode: undefined,
      },
      _service: { ..._service, resolve: () => (service ??= serviceOf(subgraph())) },
    },
  });
  return {
    types: [
      ...Object.values(smallest.getTypeMap()).filter(
        (type) =>
          !isIntrospectionType(type) && !isSpecifiedScalarType(type) && !OWN_TYPES.includes(type.name),
      ),
      entity,
    ],
    directives: smallest.getDirectives().filter((directive) => !isSpecifiedDirective(directive)),
    queryFields: fields.getFields(),
    schemaExtensions: document.definitions.filter((node) => node.kind === Kind.SCHEMA_EXTENSION),
  };
}

/** Apollo's answer to `_service`; made for the first who asks, because it takes as long as all the rest of a start. */
function serviceOf(subgraph: GraphQLSchema): unknown {
  const rebuilt = buildSubgraphSchema({ typeDefs: parse(printSubgraphSchema(subgraph)) });
  return graphqlSync({ schema: rebuilt, source: '{ _service { sdl } }' }).data?.['_service'];
}
