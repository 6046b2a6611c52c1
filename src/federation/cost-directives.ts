import {
  getNamedType,
  getNullableType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  parseConstValue,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import { ASSUMED_FIELD_SIZES, ASSUMED_LIST_SIZE, ASSUMED_LIST_SIZES, FIELD_WEIGHTS } from './field-costs';

/** The list of a connection, which its page arguments size. */
const EDGES = 'edges';

/** Writes what fields cost into the text of the schema: `@cost` and `@listSize`. */
export function withCostDirectives(document: DocumentNode, base: GraphQLSchema): DocumentNode {
  const addTo = (typeName: string, field: FieldDefinitionNode): FieldDefinitionNode => {
    const type = base.getType(typeName);
    const definition =
      isObjectType(type) || isInterfaceType(type) ? type.getFields()[field.name.value] : undefined;
    if (definition === undefined) throw new Error(`${typeName}.${field.name.value} is not in the schema`);
    return {
      ...field,
      directives: [...(field.directives ?? []), ...directivesOf(typeName, definition)],
    };
  };
  return visit(document, {
    [Kind.OBJECT_TYPE_DEFINITION]: (node) => ({
      ...node,
      fields: node.fields?.map((field) => addTo(node.name.value, field)),
    }),
    [Kind.INTERFACE_TYPE_DEFINITION]: (node) => ({
      ...node,
      fields: node.fields?.map((field) => addTo(node.name.value, field)),
    }),
  });
}

function directivesOf(typeName: string, field: GraphQLField<unknown, unknown>): ConstDirectiveNode[] {
  const coordinate = `${typeName}.${field.name}`;
  const weight = FIELD_WEIGHTS.get(coordinate);
  const size = listSizeOf(coordinate, field);
  return [
    ...(weight === undefined ? [] : [directive('cost', { weight })]),
    ...(size === null ? [] : [directive('listSize', size)]),
  ];
}

/** `null`: nothing to say, because it is no list, its values are free, or the connection around it says. */
function listSizeOf(coordinate: string, field: GraphQLField<unknown, unknown>): object | null {
  const type = getNamedType(field.type);
  if (isConnection(type.name) && !isListType(getNullableType(field.type)))
    return {
      assumedSize: ASSUMED_LIST_SIZE,
      slicingArguments: ['first', 'last'],
      sizedFields: [EDGES],
      requireOneSlicingArgument: false,
    };
  if (!isListType(getNullableType(field.type)) || isLeafType(type)) return null;
  if (field.name === EDGES && isConnection(coordinate.replace(/\..*/, ''))) return null;
  return {
    assumedSize:
      ASSUMED_FIELD_SIZES.get(coordinate) ?? ASSUMED_LIST_SIZES.get(type.name) ?? ASSUMED_LIST_SIZE,
  };
}

const isConnection = (typeName: string): boolean => typeName.endsWith('Connection');

/** JSON of numbers, truth values, texts and lists of them is written in GraphQL as it is. */
const directive = (name: string, values: object): ConstDirectiveNode => ({
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: name },
  arguments: Object.entries(values).map(([argument, value]) => ({
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: argument },
    value: parseConstValue(JSON.stringify(value)),
  })),
});
