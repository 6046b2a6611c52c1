import {
  GraphQLError,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';

const CONDITIONS: ReadonlySet<string> = new Set([GraphQLSkipDirective.name, GraphQLIncludeDirective.name]);

/** Refuses `@skip` and `@include` around the field of a subscription: without it there is nothing to follow. */
export const unconditionalRootRule: ValidationRule = (context) => {
  const visited = new Set<SelectionSetNode>();
  const check = (set: SelectionSetNode): void => {
    if (visited.has(set)) return;
    visited.add(set);
    for (const selection of set.selections) {
      const condition = selection.directives?.find(({ name }) => CONDITIONS.has(name.value));
      if (condition !== undefined)
        context.reportError(
          new GraphQLError(
            `A subscription's own field takes no \`@${condition.name.value}\`: leave it out, or do not subscribe.`,
            { nodes: [condition] },
          ),
        );
      const inside = fragmentOf(selection);
      if (inside !== undefined) check(inside);
    }
  };
  const fragmentOf = (selection: SelectionNode): SelectionSetNode | undefined => {
    if (selection.kind === Kind.FIELD) return undefined;
    if (selection.kind === Kind.INLINE_FRAGMENT) return selection.selectionSet;
    return context.getFragment(selection.name.value)?.selectionSet;
  };
  return {
    OperationDefinition({ operation, selectionSet }) {
      if (operation === OperationTypeNode.SUBSCRIPTION) check(selectionSet);
    },
  };
};
