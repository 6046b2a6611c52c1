// The rules of graphql-eslint for `schema.graphql`. Every rule for schemas that the plugin has is decided here;
// loading fails where one is not, so that a new version's rules are not overlooked.
import graphql from '@graphql-eslint/eslint-plugin';

const ON = {
  // What GraphQL itself demands of a schema.
  'known-argument-names': 'error',
  'known-directives': 'error',
  'known-type-names': 'error',
  'lone-schema-definition': 'error',
  'possible-type-extension': 'error',
  'provided-required-arguments': 'error',
  'unique-directive-names': 'error',
  'unique-directive-names-per-location': 'error',
  'unique-enum-value-names': 'error',
  'unique-field-definition-names': 'error',
  'unique-operation-types': 'error',
  'unique-type-names': 'error',

  // Everything says what it means, where tools find it.
  'require-description': [
    'error',
    {
      types: true,
      rootField: true,
      FieldDefinition: true,
      InputValueDefinition: true,
      EnumValueDefinition: true,
      DirectiveDefinition: true,
    },
  ],
  'description-style': ['error', { style: 'block' }],
  'no-hashtag-description': 'error',
  'require-deprecation-reason': 'error',

  // Connections, edges and page information as Relay defines them.
  'relay-arguments': ['error', { includeBoth: true }],
  'relay-connection-types': 'error',
  // Edges may hold values (a cloud's coverage); plain lists may be, bounded: see test/kit/schema-rules.ts.
  'relay-edge-types': [
    'error',
    { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
  ],
  'relay-page-info': 'error',

  'input-name': ['error', { checkInputType: false, checkMutations: true, checkQueries: false }],
  'no-scalar-result-type-on-mutation': 'error',
  'no-unreachable-types': 'error',
  'require-nullable-fields-with-oneof': 'error',
  'naming-convention': [
    'error',
    {
      types: 'PascalCase',
      FieldDefinition: 'camelCase',
      InputValueDefinition: 'camelCase',
      DirectiveDefinition: 'camelCase',
      EnumValueDefinition: 'UPPER_CASE',
      InputObjectTypeDefinition: { style: 'PascalCase', requiredSuffixes: ['Input', 'Filter'] },
      InterfaceTypeDefinition: { forbiddenPrefixes: ['Interface'], forbiddenSuffixes: ['Interface'] },
      EnumTypeDefinition: { forbiddenPrefixes: ['Enum'], forbiddenSuffixes: ['Enum'] },
      // An instance type is what clouds call it, so the suffix is not forbidden.
      ObjectTypeDefinition: { forbiddenPrefixes: ['Type'] },
      'FieldDefinition[parent.name.value=Query]': {
        forbiddenPrefixes: ['query', 'get', 'list'],
        forbiddenSuffixes: ['Query'],
      },
      'FieldDefinition[parent.name.value=Mutation]': {
        forbiddenPrefixes: ['mutation'],
        forbiddenSuffixes: ['Mutation'],
      },
      'FieldDefinition[parent.name.value=Subscription]': {
        forbiddenPrefixes: ['subscription'],
        forbiddenSuffixes: ['Subscription'],
      },
    },
  ],
};

/** What is off, and why. */
const OFF = {
  alphabetize: 'related fields stand together, the most important ones first',
  'no-root-type': 'the graph has queries, mutations and subscriptions',
  'no-typename-prefix':
    'it compares letters, not words (Import.importedAt), and Cloud.cloudType is a natural key',
  'no-unused-fields': 'the graph is for operations that other people write',
  'require-deprecation-date': 'GraphQL has no such argument; the reason says when a field goes',
  'require-field-of-type-query-in-mutation-result':
    'payloads carry what was changed; anything else is a field of the next request',
  'require-nullable-result-in-root':
    'connections and payloads are always there: refusals are data, and what is not visible is null inside',
  'require-type-pattern-with-oneof': 'results of our mutations are payloads with `userErrors`, not unions',
  'strict-id-in-types': 'what can be fetched again is a Node, which has an id; values of it need none',
};

const decided = new Set([...Object.keys(ON), ...Object.keys(OFF)]);
const undecided = Object.entries(graphql.rules)
  .filter(([name, { meta }]) => [meta.docs.category].flat().includes('Schema') && !decided.has(name))
  .map(([name]) => name);
if (undecided.length > 0)
  throw new Error(`Decide these rules of graphql-eslint in eslint.schema.mjs: ${undecided.join(', ')}`);

export default {
  files: ['schema.graphql'],
  languageOptions: {
    parser: graphql.parser,
    parserOptions: { graphQLConfig: { schema: './schema.graphql' } },
  },
  plugins: { '@graphql-eslint': graphql },
  rules: Object.fromEntries(
    Object.entries(ON).map(([name, setting]) => [`@graphql-eslint/${name}`, setting]),
  ),
};
