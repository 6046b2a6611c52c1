import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printSubgraphSchema } from '@apollo/subgraph';
import {
  Kind,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  parse,
  print,
  type FieldDefinitionNode,
  type GraphQLArgument,
  type GraphQLNamedType,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  type TypeDefinitionNode,
} from 'graphql';
import { createSchema } from '../../src/schema';

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await createSchema();
});

const names = parse(readFileSync(join(__dirname, 'public-names.graphql'), 'utf8'))
  .definitions as TypeDefinitionNode[];

interface Typed {
  readonly name: string;
  readonly type: { toString(): string };
}

const typed = (node: FieldDefinitionNode | InputValueDefinitionNode): string =>
  `${node.name.value}: ${print(node.type)}`;
const emitted = ({ name, type }: Typed): string => `${name}: ${type.toString()}`;

/** Fields as `field: Type` and arguments as `field(argument: Type)`. */
const withArguments = (name: string, args: readonly string[]): string[] =>
  args.map((arg) => `${name}(${arg})`);

function promised(definition: TypeDefinitionNode): string[] {
  switch (definition.kind) {
    case Kind.ENUM_TYPE_DEFINITION:
      return (definition.values ?? []).map((value) => value.name.value);
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return (definition.fields ?? []).map(typed);
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION:
      return [
        ...(definition.interfaces ?? []).map((parent) => `implements ${parent.name.value}`),
        ...(definition.fields ?? []).flatMap((field) => [
          typed(field),
          ...withArguments(field.name.value, (field.arguments ?? []).map(typed)),
        ]),
      ];
    default:
      return [];
  }
}

function given(type: GraphQLNamedType | undefined): string[] {
  if (isEnumType(type)) return type.getValues().map((value) => value.name);
  if (isInputObjectType(type)) return Object.values(type.getFields()).map(emitted);
  if (isObjectType(type) || isInterfaceType(type))
    return [
      ...type.getInterfaces().map((parent) => `implements ${parent.name}`),
      ...Object.values(type.getFields()).flatMap((field) => [
        emitted(field),
        ...withArguments(field.name, field.args.map(emitted)),
      ]),
    ];
  return [];
}

const KINDS: Record<string, (type: unknown) => boolean> = {
  ScalarTypeDefinition: isScalarType,
  EnumTypeDefinition: isEnumType,
  InputObjectTypeDefinition: isInputObjectType,
  ObjectTypeDefinition: isObjectType,
  InterfaceTypeDefinition: isInterfaceType,
};

describe('public names', () => {
  test.each(names.map((definition) => [definition.name.value, definition] as const))(
    '%s',
    (name, definition) => {
      const type = schema.getType(name);
      expect(KINDS[definition.kind]?.(type)).toBe(true);
      const have = new Set(given(type));
      expect(promised(definition).filter((promise) => !have.has(promise))).toEqual([]);
    },
  );

  test('a component carries everything of the interface', () => {
    const component = schema.getType('Component');
    if (!isInterfaceType(component)) throw new Error('Component is no interface');
    expect(
      schema
        .getPossibleTypes(component)
        .map((type) => type.name)
        .sort(),
    ).toEqual(['MultiCloudImage', 'RightScript', 'ServerTemplate']);
  });
});

/** Types of ours: not GraphQL's own, nor what federation adds. */
const ownTypes = (): GraphQLNamedType[] =>
  Object.values(schema.getTypeMap()).filter(
    (type) =>
      !type.name.startsWith('_') &&
      !type.name.includes('__') &&
      !['String', 'Int', 'Float', 'Boolean', 'ID'].includes(type.name),
  );

const PAGE = ['first: Int', 'after: String', 'last: Int', 'before: String'];

// Which lists are no connections, and what bounds them: test/kit/bounded-lists.ts, held by schema-rules.test.ts.
describe('lists', () => {
  const outputFields = () =>
    ownTypes().flatMap((type) =>
      isObjectType(type) || isInterfaceType(type)
        ? Object.values(type.getFields())
            .filter((field) => !field.name.startsWith('_'))
            .map((field) => ({ at: `${type.name}.${field.name}`, field }))
        : [],
    );

  test('every connection takes a page in both directions, and has edges, page information and a total', () => {
    const connections = outputFields().filter(({ field }) =>
      getNamedType(field.type).name.endsWith('Connection'),
    );
    expect(connections.length).toBeGreaterThan(15);
    for (const { at, field } of connections) {
      expect({ at, args: field.args.map(emitted) }).toEqual({ at, args: expect.arrayContaining(PAGE) });
      const name = getNamedType(field.type).name;
      expect(given(schema.getType(name))).toEqual(
        expect.arrayContaining([
          `edges: [${name.replace(/Connection$/, 'Edge')}!]!`,
          'pageInfo: PageInfo!',
          'totalCount: Int!',
        ]),
      );
    }
  });

  test('every mutation takes one input and answers userErrors', () => {
    const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
    expect(mutations.length).toBeGreaterThan(20);
    for (const { name, args, type } of mutations) {
      expect({ name, args: args.map((arg: GraphQLArgument) => arg.name) }).toEqual({ name, args: ['input'] });
      expect({ name, fields: given(getNamedType(type)) }).toEqual({
        name,
        fields: expect.arrayContaining(['userErrors: [UserError!]!']),
      });
    }
  });
});

test('schema.graphql is the emitted schema', () => {
  const file = join(__dirname, '..', '..', 'schema.graphql');
  expect(existsSync(file)).toBe(true);
  expect(`${printSubgraphSchema(schema).trim()}\n`).toBe(readFileSync(file, 'utf8'));
});
