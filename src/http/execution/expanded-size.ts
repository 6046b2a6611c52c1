import {
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * How many fields the code of an operation has, with fragments expanded and once more for each type that an interface or
 * union may be; counted up to `most`.
 */
export function expandedSize(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  most: number,
): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  let size = 0;

  const count = (selections: SelectionSetNode, type: GraphQLNamedType | undefined): void => {
    for (const selection of selections.selections) {
      if (size >= most) return;
      if (selection.kind === Kind.FIELD) {
        size++;
        if (selection.selectionSet)
          countOfType(selection.selectionSet, fieldType(type, selection.name.value));
      } else if (selection.kind === Kind.INLINE_FRAGMENT) count(selection.selectionSet, type);
      else {
        const fragment = fragments.get(selection.name.value);
        if (fragment) count(fragment.selectionSet, type);
      }
    }
  };
  const countOfType = (selections: SelectionSetNode, type: GraphQLNamedType | undefined): void => {
    if (!isAbstractType(type)) return count(selections, type);
    for (const possible of schema.getPossibleTypes(type)) count(selections, possible);
  };
  countOfType(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined);
  return size;
}

function fieldType(parent: GraphQLNamedType | undefined, name: string): GraphQLNamedType | undefined {
  const field = isObjectType(parent) ? parent.getFields()[name] : undefined;
  return field && getNamedType(field.type);
}
