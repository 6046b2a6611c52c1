import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { bounded } from './bounded';

/** How large an operation is, all fragments expanded. Counts stop at the largest exact number. */
export interface QueryShape {
  /** Fields inside each other, the root field and the leaf included. */
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly directives: number;
}

const EMPTY: QueryShape = { depth: 0, aliases: 0, rootFields: 0, directives: 0 };

/** Measures operations of one document. Each fragment is looked at once, however often it is spread. */
export class QueryShapes {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly measured = new Map<string, QueryShape>();

  constructor(document: DocumentNode) {
    this.fragments = new Map(
      document.definitions
        .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
        .map((fragment) => [fragment.name.value, fragment]),
    );
  }

  ofOperation(operation: OperationDefinitionNode): QueryShape {
    const shape = this.ofSelectionSet(operation.selectionSet);
    const variables = operation.variableDefinitions ?? [];
    const onVariables = variables.reduce((sum, { directives }) => sum + (directives?.length ?? 0), 0);
    return withDirectives(shape, (operation.directives?.length ?? 0) + onVariables);
  }

  private ofSelectionSet({ selections }: SelectionSetNode): QueryShape {
    return selections.reduce((sum, selection) => together(sum, this.ofSelection(selection)), EMPTY);
  }

  private ofSelection(selection: SelectionNode): QueryShape {
    return withDirectives(this.withoutDirectives(selection), selection.directives?.length ?? 0);
  }

  private withoutDirectives(selection: SelectionNode): QueryShape {
    switch (selection.kind) {
      case Kind.FIELD: {
        const { selectionSet, alias } = selection;
        const inside = selectionSet === undefined ? EMPTY : this.ofSelectionSet(selectionSet);
        return {
          ...inside,
          depth: inside.depth + 1,
          aliases: bounded(inside.aliases + (alias === undefined ? 0 : 1)),
          rootFields: 1,
        };
      }
      case Kind.INLINE_FRAGMENT:
        return this.ofSelectionSet(selection.selectionSet);
      case Kind.FRAGMENT_SPREAD:
        return this.ofFragment(selection.name.value);
    }
  }

  private ofFragment(name: string): QueryShape {
    const known = this.measured.get(name);
    if (known !== undefined) return known;
    const fragment = this.fragments.get(name);
    // Missing fragments and cycles are refused by the specification's own rules, which run at the same time.
    this.measured.set(name, EMPTY);
    if (fragment === undefined) return EMPTY;
    const shape = withDirectives(
      this.ofSelectionSet(fragment.selectionSet),
      fragment.directives?.length ?? 0,
    );
    this.measured.set(name, shape);
    return shape;
  }
}

const together = (left: QueryShape, right: QueryShape): QueryShape => ({
  depth: Math.max(left.depth, right.depth),
  aliases: bounded(left.aliases + right.aliases),
  rootFields: bounded(left.rootFields + right.rootFields),
  directives: bounded(left.directives + right.directives),
});

const withDirectives = (shape: QueryShape, directives: number): QueryShape => ({
  ...shape,
  directives: bounded(shape.directives + directives),
});
