import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isListType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { MAXIMUM_PAGE_SIZE } from '../../domain/paging';
import { bounded } from './bounded';
import { ASSUMED_LIST_SIZE, SIZED_BY_ARGUMENT } from '../../federation/field-costs';
import { declaredCost, type DeclaredCost } from './declared-costs';

/** Lists inside an object whose size its own field's arguments say: the edges of a connection. */
interface Sized {
  readonly fields: readonly string[];
  readonly size: number;
}

const NONE: Sized = { fields: [], size: 0 };

/**
 * An upper bound, known before anything is read, of the objects that an operation can answer with: each object costs 1
 * or the weight that `@cost` gives it, each list multiplies what is inside by the size that `@listSize` says, scalars
 * and introspection are free. Of an abstract type the dearest possible type counts. What `@skip` and `@include` leave
 * out counts as well.
 *
 * Each selection set is looked at once per type and page size, so fragments that spread each other cost no time.
 */
export class QueryCost {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly defaults = new Map<string, ValueNode>();
  private readonly known = new Map<SelectionSetNode, Map<string, number>>();

  /** `variables`: as they came; wrong ones count like missing ones, and are refused when they are coerced. */
  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {
    this.fragments = new Map(
      document.definitions
        .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
        .map((fragment) => [fragment.name.value, fragment]),
    );
  }

  /** Of one operation of the document, which must be valid. Stops at the largest exact number. */
  ofOperation(operation: OperationDefinitionNode): number {
    const root = this.schema.getRootType(operation.operation);
    if (root == null) return 0;
    for (const { variable, defaultValue } of operation.variableDefinitions ?? [])
      if (defaultValue !== undefined) this.defaults.set(variable.name.value, defaultValue);
    return this.ofSelectionSet(operation.selectionSet, root, NONE);
  }

  private ofSelectionSet(set: SelectionSetNode, type: GraphQLObjectType, sized: Sized): number {
    const key = `${type.name} ${sized.size} ${sized.fields.join()}`;
    const costs = this.known.get(set) ?? new Map<string, number>();
    this.known.set(set, costs);
    const known = costs.get(key);
    if (known !== undefined) return known;
    const cost = set.selections.reduce(
      (sum, selection) => bounded(sum + this.ofSelection(selection, type, sized)),
      0,
    );
    costs.set(key, cost);
    return cost;
  }

  private ofSelection(selection: SelectionNode, type: GraphQLObjectType, sized: Sized): number {
    if (selection.kind === Kind.FIELD) return this.ofField(selection, type, sized);
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : this.fragments.get(selection.name.value);
    if (fragment === undefined || !this.applies(fragment.typeCondition?.name.value, type)) return 0;
    return this.ofSelectionSet(fragment.selectionSet, type, sized);
  }

  private applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const conditional = this.schema.getType(condition);
    return isAbstractType(conditional) && this.schema.isSubType(conditional, type);
  }

  private ofField(node: FieldNode, parent: GraphQLObjectType, sized: Sized): number {
    // Those that introspect (`__schema`, `__type`) belong to no type's fields.
    const field = parent.getFields()[node.name.value];
    if (field === undefined) return 0;
    const declared = declaredCost(this.schema, field);
    const each = declared.weight ?? (isLeafType(getNamedType(field.type)) ? 0 : 1);
    const count = isListType(getNullableType(field.type))
      ? this.countOf(node, `${parent.name}.${field.name}`, declared, sized)
      : 1;
    return bounded(count * (each + this.insideField(node, field, declared)));
  }

  private insideField(
    node: FieldNode,
    field: GraphQLField<unknown, unknown>,
    declared: DeclaredCost,
  ): number {
    const type = getNamedType(field.type);
    const { selectionSet } = node;
    if (selectionSet === undefined || !isCompositeType(type)) return 0;
    const { sizedFields: fields } = declared;
    const sized = fields.length === 0 ? NONE : { fields, size: this.sliceOf(node, declared) };
    const types = isAbstractType(type) ? this.schema.getPossibleTypes(type) : [type];
    return Math.max(0, ...types.map((possible) => this.ofSelectionSet(selectionSet, possible, sized)));
  }

  /** How many values a list has. */
  private countOf(node: FieldNode, coordinate: string, declared: DeclaredCost, sized: Sized): number {
    if (sized.fields.includes(node.name.value)) return sized.size;
    const sizing = SIZED_BY_ARGUMENT.get(coordinate);
    return sizing === undefined ? this.sliceOf(node, declared) : this.lengthOf(this.argument(node, sizing));
  }

  /** A page that is too large is refused where the list is read: no more than the largest is ever read. */
  private sliceOf(node: FieldNode, { slicingArguments, assumedSize }: DeclaredCost): number {
    const asked = slicingArguments
      .map((name) => this.numberOf(this.argument(node, name)))
      .filter((number) => number !== null);
    if (asked.length === 0) return assumedSize ?? ASSUMED_LIST_SIZE;
    return Math.min(Math.max(...asked, 0), MAXIMUM_PAGE_SIZE);
  }

  private argument(node: FieldNode, name: string): ValueNode | undefined {
    return node.arguments?.find((argument) => argument.name.value === name)?.value;
  }

  private numberOf(value: ValueNode | undefined): number | null {
    if (value?.kind === Kind.INT) return Number(value.value);
    if (value?.kind !== Kind.VARIABLE) return null;
    const given = this.variables[value.name.value];
    if (given === undefined) return this.numberOf(this.defaults.get(value.name.value));
    return typeof given === 'number' && Number.isInteger(given) ? given : null;
  }

  private lengthOf(value: ValueNode | undefined): number {
    if (value?.kind === Kind.LIST) return value.values.length;
    if (value?.kind !== Kind.VARIABLE) return 1;
    const given = this.variables[value.name.value];
    if (given === undefined) return this.lengthOf(this.defaults.get(value.name.value));
    return Array.isArray(given) ? given.length : 1;
  }
}
