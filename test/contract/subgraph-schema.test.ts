import { buildSubgraphSchema, printSubgraphSchema } from '@apollo/subgraph';
import { isObjectType, lexicographicSortSchema, parse, printSchema, type GraphQLSchema } from 'graphql';
import { createSchema } from '../../src/schema';

let served: GraphQLSchema;
let rebuilt: GraphQLSchema;

beforeAll(async () => {
  served = await createSchema();
  // This also checks the rules of federation.
  rebuilt = buildSubgraphSchema({ typeDefs: parse(printSubgraphSchema(served)) });
});

test("the schema that is served is what Apollo's library makes of its text", () => {
  const sorted = (schema: GraphQLSchema): string => printSchema(lexicographicSortSchema(schema));
  expect(sorted(served)).toBe(sorted(rebuilt));
});

test('each type with @key, and no other, resolves references', () => {
  const entities = Object.values(served.getTypeMap()).filter(
    (type) => isObjectType(type) && type.extensions['apollo'] !== undefined,
  );
  expect(entities.map(({ name }) => name).sort()).toEqual(
    Object.values(rebuilt.getTypeMap())
      .filter((type) => type.astNode?.directives?.some(({ name }) => name.value === 'key'))
      .map(({ name }) => name)
      .sort(),
  );
  expect(entities.length).toBeGreaterThan(20);
});
