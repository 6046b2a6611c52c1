import {
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';

export interface Operation {
  readonly source: string;
  readonly variables: Record<string, unknown>;
}

export interface RootField {
  readonly operation: 'query' | 'mutation';
  readonly field: GraphQLField<unknown, unknown>;
}

/** Every field of Query and Mutation. */
export function rootFields(schema: GraphQLSchema): RootField[] {
  return (['query', 'mutation'] as const).flatMap((operation) => {
    const type = operation === 'query' ? schema.getQueryType() : schema.getMutationType();
    return Object.values(type?.getFields() ?? {}).map((field) => ({ operation, field }));
  });
}

export interface Dummies {
  /** The id to put where an argument or a field of an input wants one, by its name. */
  readonly id: (name: string) => string;
  /** Which optional arguments and input fields to give beside those required; none unless told. */
  readonly optional?: (name: string) => boolean;
}

/** The smallest valid operation on a root field. Without `selection` nothing but the type's name is asked for. */
export function minimalOperation(
  { operation, field }: RootField,
  dummies: Dummies,
  selection = '__typename',
): Operation {
  const wanted = field.args.filter(
    (argument) => isRequiredArgument(argument) || dummies.optional?.(argument.name) === true,
  );
  const declared = wanted.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const passed = wanted.map(({ name }) => `${name}: $${name}`).join(', ');
  const fields = isCompositeType(getNamedType(field.type)) ? ` { ${selection} }` : '';
  return {
    source: `${operation}${declared && `(${declared})`} { ${field.name}${passed && `(${passed})`}${fields} }`,
    variables: Object.fromEntries(wanted.map(({ name, type }) => [name, minimalValue(name, type, dummies)])),
  };
}

const SCALARS: Record<string, unknown> = {
  String: 'x',
  Int: 1,
  Float: 1,
  Boolean: false,
  DateTime: '2099-01-01T00:00:00.000Z',
  JSON: {},
};

/** The smallest valid value of a type, for the argument or field of this name. */
export function minimalValue(name: string, type: GraphQLInputType, dummies: Dummies): unknown {
  if (isNonNullType(type)) return minimalValue(name, type.ofType, dummies);
  if (isListType(type)) return [minimalValue(name, type.ofType, dummies)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type))
    return Object.fromEntries(
      Object.values(type.getFields())
        .filter((field) => isRequiredInputField(field) || dummies.optional?.(field.name) === true)
        .map((field) => [field.name, minimalValue(field.name, field.type, dummies)]),
    );
  if (type.name === 'ID') return dummies.id(name);
  if (type.name === '_Any') return { __typename: 'Cloud', id: dummies.id('id') };
  if (!(type.name in SCALARS)) throw new Error(`There is no dummy for ${type.name} yet: add one`);
  return SCALARS[type.name];
}
