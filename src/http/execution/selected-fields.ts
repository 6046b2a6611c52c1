import {
  getArgumentValues,
  getNamedType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  visit,
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields';
import {
  Deferred,
  type FieldType,
  type SelectedField,
  type Selection,
} from '../../persistence/planner/selection';
import { NotPlanned } from '../../persistence/planner/statement';
import type { Operation } from './operation';

type Collected = ReadonlyMap<string, readonly FieldNode[]>;

/** What a query asks for, with these values of its variables. */
export class SelectedFields implements Selection {
  private readonly fragments: Record<string, FragmentDefinitionNode> = {};
  /** Arguments whose values may change while the plan stays. */
  private readonly deferred = new Set<ArgumentNode>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly operation: Operation,
    private readonly variables: Record<string, unknown>,
  ) {
    for (const definition of operation.document.definitions)
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments[definition.name.value] = definition;
  }

  of(typeName: string): readonly SelectedField[] {
    const type = this.objectType(typeName);
    const { definition } = this.operation;
    if (definition === undefined) throw new NotPlanned('there is no operation');
    const { selectionSet } = definition;
    return this.selected(
      type,
      collectFields(this.schema, this.fragments, this.variables, type, selectionSet),
    );
  }

  /** Names of the variables on whose values the selection depends. Of the others it counts whether they have one. */
  variablesOfPlan(): ReadonlySet<string> {
    return variablesIn(this.operation.document, this.deferred);
  }

  private selected(type: GraphQLObjectType, collected: Collected): SelectedField[] {
    return [...collected].flatMap(([key, nodes]) => {
      const [node] = nodes;
      return node === undefined ? [] : [this.field(type, key, node, nodes)];
    });
  }

  private field(
    type: GraphQLObjectType,
    key: string,
    node: FieldNode,
    nodes: readonly FieldNode[],
  ): SelectedField {
    const name = node.name.value;
    if (name === '__typename') return { ...TYPE_NAME, key };
    const field = type.getFields()[name];
    // Of the schema itself.
    if (field === undefined) throw new NotPlanned(name);
    return {
      name,
      key,
      type: typeOf(field),
      arguments: () => getArgumentValues(field, node, this.variables),
      deferred: (argument) => this.deferredValue(field, node, argument),
      selection: {
        of: (typeName) => {
          const child = this.objectType(typeName);
          return this.selected(
            child,
            collectSubfields(this.schema, this.fragments, this.variables, child, nodes),
          );
        },
      },
    };
  }

  private deferredValue(
    field: GraphQLField<unknown, unknown>,
    node: FieldNode,
    name: string,
  ): Deferred | null {
    const argument = node.arguments?.find((given) => given.name.value === name);
    if (argument?.value.kind !== Kind.VARIABLE) {
      const value = getArgumentValues(field, node, this.variables)[name] ?? null;
      return value === null ? null : new Deferred(() => value);
    }
    const variable = argument.value.name.value;
    // Whether there is one decides the plan; which it is, does not.
    if (this.variables[variable] == null) return null;
    this.deferred.add(argument);
    return new Deferred(({ variables }) => variables[variable]);
  }

  private objectType(name: string): GraphQLObjectType {
    const type = this.schema.getType(name);
    if (!isObjectType(type)) throw new NotPlanned(`${name} is no object type`);
    return type;
  }
}

const TYPE_NAME: Omit<SelectedField, 'key'> = {
  name: '__typename',
  type: { name: 'String', kind: 'scalar', list: false, nullable: false },
  arguments: () => ({}),
  deferred: () => null,
  selection: { of: () => [] },
};

function typeOf({ type }: GraphQLField<unknown, unknown>): FieldType {
  const named = getNamedType(type);
  return {
    name: named.name,
    kind: isEnumType(named) ? 'enum' : isLeafType(named) ? 'scalar' : 'object',
    list: isListType(isNonNullType(type) ? type.ofType : type),
    nullable: !isNonNullType(type),
  };
}

/** Variables that stand anywhere but in the arguments that are left out. */
function variablesIn(document: DocumentNode, leftOut: ReadonlySet<ArgumentNode>): ReadonlySet<string> {
  const names = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Argument: (node) => (leftOut.has(node) ? false : undefined),
    Variable: ({ name }) => void names.add(name.value),
  });
  return names;
}
