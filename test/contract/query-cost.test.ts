import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printSubgraphSchema } from '@apollo/subgraph';
import {
  buildSchema,
  getIntrospectionQuery,
  getNamedType,
  getNullableType,
  graphql,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  parse,
  print,
  validate,
  visit,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { readConfig } from '../../src/config';
import {
  ASSUMED_FIELD_SIZES,
  ASSUMED_LIST_SIZES,
  FIELD_WEIGHTS,
  SIZED_BY_ARGUMENT,
} from '../../src/federation/field-costs';
import { QueryCost } from '../../src/http/limits/query-cost';
import { shapeRule } from '../../src/http/limits/shape-rule';
import { createSchema } from '../../src/schema';

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await createSchema();
});

function costOf(source: string, variables: Record<string, unknown> = {}): number {
  const document = parse(source);
  const [operation] = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('The document has no operation');
  return new QueryCost(schema, document, variables).ofOperation(operation);
}

describe('what a query may cost', () => {
  test.each([
    ['a scalar is free', '{ __typename }', 0],
    ['an object costs 1', '{ viewer { roles } }', 1],
    ['a list multiplies by what is assumed of it', '{ viewer { accounts { name } } }', 1 + 25],
    [
      'a connection by its page, each row with its edge',
      '{ clouds(first: 10) { edges { node { name } } } }',
      21,
    ],
    ['from the end, too', '{ clouds(last: 10) { edges { node { name } } } }', 21],
    ['without a page it is the default', '{ clouds { edges { node { name } } } }', 51],
    ['null is the default', '{ clouds(first: null) { edges { node { name } } } }', 51],
    [
      'a page is never more than the largest',
      '{ clouds(first: 2000000000) { edges { node { name } } } }',
      201,
    ],
    ['nor less than none', '{ clouds(first: -5) { edges { node { name } } } }', 1],
    [
      'pageInfo costs 1, totalCount nothing',
      '{ clouds(first: 10) { totalCount pageInfo { endCursor } } }',
      2,
    ],
    [
      'lists multiply each other',
      '{ clouds(first: 10) { edges { node { instanceTypes(first: 5) { edges { node { name } } } } } } }',
      1 + 10 * (2 + 1 + 5 * 2),
    ],
    [
      'fields of one object add up, also under one name',
      '{ clouds(first: 3) { edges { node { name } } } b: clouds(first: 4) { edges { node { name } } } }',
      7 + 9,
    ],
    ['nodes are as many as their ids', '{ nodes(ids: ["a", "b", "c"]) { id } }', 3],
    ['a single id is a list of one', '{ nodes(ids: "a") { id } }', 1],
    ['introspection is free', getIntrospectionQuery(), 0],
    [
      'of several types the dearest counts',
      '{ node(id: "a") { ... on Cloud { instanceTypes(first: 3) { totalCount } } ... on MultiCloudImage { settings { id } } } }',
      1 + 25,
    ],
    [
      'a fragment on an interface counts for its types',
      '{ node(id: "a") { ... on Component { lineageId advisories { code } } } }',
      11,
    ],
    ['a computed field has a weight', '{ diff(fromId: "a", toId: "b") { text } }', 101],
  ])('%s', (_what, source, cost) => {
    expect(costOf(source)).toBe(cost);
  });

  const PAGED = 'query ($first: Int = 7) { clouds(first: $first) { edges { node { name } } } }';
  test.each([
    ['a variable sizes its page', PAGED, { first: 40 }, 81],
    ['its default does when it is missing', PAGED, {}, 15],
    ['null is the default page, whatever the variable’s default', PAGED, { first: null }, 51],
    ['a wrong one counts like none', PAGED, { first: 'all' }, 51],
    ['a list in a variable', 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['a', 'b'] }, 2],
    [
      'representations in a variable',
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Cloud { name } } }',
      { of: [{ __typename: 'Cloud' }, { __typename: 'Cloud' }, { __typename: 'Cloud' }] },
      3,
    ],
  ])('%s', (_what, source, variables, cost) => {
    expect(costOf(source, variables)).toBe(cost);
  });

  test('a fragment has the page of where it is spread', () => {
    const source = `{ a: clouds(first: 2) { ...rows } b: clouds(first: 30) { ...rows } }
      fragment rows on CloudConnection { edges { node { name } } }`;
    expect(costOf(source)).toBe(1 + 2 * 2 + 1 + 30 * 2);
  });

  test('fragments that spread the next one ten times each are looked at once: 10^60 objects', () => {
    const levels = Array.from({ length: 60 }, (_value, level) => {
      const spreads = Array.from({ length: 10 }, (_, n) => `a${n}: head { ...f${level + 1} }`);
      return `fragment f${level} on MultiCloudImage { ${spreads.join(' ')} }`;
    });
    const source = `{ multiCloudImage(id: "a") { ...f0 } } ${levels.join(' ')} fragment f60 on MultiCloudImage { id }`;
    expect(costOf(source)).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('abstract types inside each other are looked at once per type: 4^200 ways', () => {
    const types = ['A', 'B', 'C', 'D'].map((name) => `type ${name} implements Link { next: Link }`);
    const chain = buildSchema(`interface Link { next: Link } ${types.join(' ')} type Query { first: Link }`);
    const document = parse(`{ first { ${'next { '.repeat(200)} __typename ${'} '.repeat(200)} } }`);
    const [operation] = document.definitions;
    expect(new QueryCost(chain, document, {}).ofOperation(operation as OperationDefinitionNode)).toBe(201);
  });

  test('every field and type with a cost of its own is in the schema', () => {
    const coordinates = [...FIELD_WEIGHTS.keys(), ...ASSUMED_FIELD_SIZES.keys(), ...SIZED_BY_ARGUMENT.keys()];
    const missing = coordinates.filter((coordinate) => {
      const [type = '', field = ''] = coordinate.split('.');
      const found = schema.getType(type);
      return found === undefined || !('getFields' in found) || found.getFields()[field] === undefined;
    });
    expect(missing).toEqual([]);
    for (const [coordinate, name] of SIZED_BY_ARGUMENT) {
      const field = schema.getQueryType()?.getFields()[coordinate.replace('Query.', '')];
      expect(field?.args.map((argument) => argument.name)).toContain(name);
    }
    for (const type of ASSUMED_LIST_SIZES.keys()) expect(schema.getType(type)).toBeDefined();
  });
});

describe('the text of the schema says what its fields cost', () => {
  /** `Type.field` and the directives about cost that it has, of every field in the text. */
  const declared = (): Map<string, string> => {
    const fields = new Map<string, string>();
    visit(parse(printSubgraphSchema(schema)), {
      enter: (node) => {
        if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return;
        for (const { name, directives = [] } of node.fields ?? []) {
          const costs = directives.filter((directive) => ['cost', 'listSize'].includes(directive.name.value));
          fields.set(`${node.name.value}.${name.value}`, costs.map(print).join(' '));
        }
      },
    });
    return fields;
  };
  const PAGE =
    '@listSize(assumedSize: 25, slicingArguments: ["first", "last"], sizedFields: ["edges"], requireOneSlicingArgument: false)';

  test('every list of objects has a size, every connection is sized by its page, weights are those of the table', () => {
    const fields = declared();
    expect(fields.size).toBeGreaterThan(700);
    for (const [coordinate, costs] of fields) {
      const [typeName = '', fieldName = ''] = coordinate.split('.');
      const type = schema.getType(typeName);
      const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[fieldName] : undefined;
      if (field === undefined) throw new Error(`${coordinate} is not in the schema`);
      const named = getNamedType(field.type);
      const isList = isListType(getNullableType(field.type));
      const weight = FIELD_WEIGHTS.get(coordinate);
      const ofEdges = fieldName === 'edges' && typeName.endsWith('Connection');
      const expected = named.name.endsWith('Connection')
        ? PAGE
        : isList && !isLeafType(named) && !ofEdges
          ? expect.stringMatching(/^@listSize\(assumedSize: \d+\)$/)
          : weight === undefined
            ? ''
            : `@cost(weight: ${weight})`;
      expect([coordinate, costs]).toEqual([coordinate, expected]);
    }
    expect(
      ['CreateTokenPayload.userErrors', 'Instance.drift', 'Query.nodes', 'Viewer.accounts'].map((name) =>
        fields.get(name),
      ),
    ).toEqual([
      '@listSize(assumedSize: 1)',
      '@listSize(assumedSize: 10)',
      '@listSize(assumedSize: 100)',
      '@listSize(assumedSize: 25)',
    ]);
  });

  test('the subgraph gives the same text to a gateway', async () => {
    const { data } = await graphql({ schema, source: '{ _service { sdl } }' });
    const { sdl } = (data as { _service: { sdl: string } })._service;
    expect(sdl).toContain(`): MultiCloudImageConnection! ${PAGE}`);
    expect(sdl).toMatch(/\): Diff @cost\(weight: 101\)/);
    expect(sdl).toMatch(/@link\(url: "https:\/\/specs.apollo.dev\/federation\/.*"@cost", "@listSize"/);
  });

  test('the budget is what the text says: another weight, another size', () => {
    const other = buildSchema(`
      directive @cost(weight: Int!) on FIELD_DEFINITION
      directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
      type Thing { name: String }
      type Page { rows: [Thing], count: Int }
      type Query {
        dear: Thing @cost(weight: 7)
        scalar: Int @cost(weight: 3)
        few: [Thing] @listSize(assumedSize: 2)
        some(limit: Int): [Thing] @listSize(assumedSize: 4, slicingArguments: ["limit"])
        page(limit: Int): Page @listSize(assumedSize: 4, slicingArguments: ["limit"], sizedFields: ["rows"])
        plain: [Thing]
      }`);
    const cost = (source: string) => {
      const document = parse(source);
      return new QueryCost(other, document, {}).ofOperation(
        document.definitions[0] as OperationDefinitionNode,
      );
    };
    expect(
      [
        '{ dear { name } }',
        '{ scalar }',
        '{ few { name } }',
        '{ some { name } }',
        '{ some(limit: 3) { name } }',
      ].map(cost),
    ).toEqual([7, 3, 2, 4, 3]);
    expect(
      ['{ page { rows { name } } }', '{ page(limit: 9) { rows { name } count } }', '{ plain { name } }'].map(
        cost,
      ),
    ).toEqual([5, 10, 25]);
  });
});

describe('the defaults', () => {
  const limits = readConfig({}).queryLimits;
  const folder = join(__dirname, '../../explorer/examples');
  const saved = readdirSync(folder).filter((name) => name.endsWith('.graphql'));

  test('let every saved query pass, at a hundredth of the budget', () => {
    expect(saved.length).toBeGreaterThan(10);
    for (const name of saved) {
      const source = readFileSync(join(folder, name), 'utf8');
      expect(validate(schema, parse(source), [shapeRule(limits)])).toEqual([]);
      expect([name, costOf(source) <= limits.cost / 100]).toEqual([name, true]);
    }
  });

  const nested = (levels: number): string =>
    `{ multiCloudImages(first: 100) { edges { node { ${'revisions(first: 100) { edges { node { '.repeat(levels - 1)} id ${'} } }'.repeat(levels)} }`;

  test('pages of 100 pass twice inside each other, not three or four times', () => {
    expect([2, 3, 4].map((levels) => costOf(nested(levels)))).toEqual([20_301, 2_030_301, 203_030_301]);
    expect(limits.cost).toBe(1_000_000);
  });
});
