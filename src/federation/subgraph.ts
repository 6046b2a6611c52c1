import { getDocumentNodeFromSchema } from '@graphql-tools/utils';
import { GraphQLSchema, isInterfaceType, isIntrospectionType, isObjectType, Kind } from 'graphql';
import { makeCompilable } from './compilable';
import { withCostDirectives } from './cost-directives';
import { checkEntityReferences } from './entity-references';
import { federationParts } from './federation-parts';
import { resolveGlobalIds } from './node-resolvers';
import { resolveReference } from './reference-resolvers';
import type { FederationVersion } from './version';

/**
 * Makes type-graphql's schema a Federation 2 subgraph (docs/adr/0005), with Apollo's types, directives and resolvers. The
 * schema is used up: its types are changed. Whether a federation's rules are kept is checked when it is printed.
 */
export function toSubgraph(base: GraphQLSchema, version: FederationVersion): GraphQLSchema {
  const { query, ...config } = base.toConfig();
  if (!query) throw new Error('The schema has no queries');
  const types = config.types.filter((type) => !isIntrospectionType(type));
  // An entity is a type with `@key`. Each gets a reference resolver: none can be forgotten.
  const entities = types
    .filter((type) => isObjectType(type))
    .filter(({ astNode }) => astNode?.directives?.some(({ name }) => name.value === 'key'));
  for (const entity of entities)
    entity.extensions = { ...entity.extensions, apollo: { subgraph: { resolveReference } } };
  resolveGlobalIds(base);
  makeCompilable(base);
  addDirectives(base);

  const parts = federationParts(version, entities, () => schema);
  Object.assign(query.getFields(), parts.queryFields);
  const schema: GraphQLSchema = new GraphQLSchema({
    ...config,
    query,
    types: [...types, ...parts.types],
    directives: [...parts.directives, ...config.directives],
    extensionASTNodes: parts.schemaExtensions,
  });
  checkEntityReferences(schema, new Set(entities.map(({ name }) => name)));
  return schema;
}

/** Type-graphql's nodes hold directives and nothing else; with all the rest, and what fields cost, they can be printed. */
function addDirectives(schema: GraphQLSchema): void {
  for (const node of withCostDirectives(getDocumentNodeFromSchema(schema), schema).definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const type = schema.getType(node.name.value);
    if (isObjectType(type) && node.kind === Kind.OBJECT_TYPE_DEFINITION) type.astNode = node;
    else if (isInterfaceType(type) && node.kind === Kind.INTERFACE_TYPE_DEFINITION) type.astNode = node;
    else throw new Error(`${node.name.value} is not in the schema`);
    const fields = type.getFields();
    for (const field of node.fields ?? []) {
      const definition = fields[field.name.value];
      if (definition) definition.astNode = field;
    }
  }
}
