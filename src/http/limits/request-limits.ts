import type { ApolloServerPlugin } from '@apollo/server';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { QueryLimits } from '../../config';
import { BoundedMap } from '../bounded-map';
import { LimitError } from './limit-error';
import { longestList } from './list-items';
import { QueryCost } from './query-cost';

/** An operation as it is about to run. */
interface Request {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The limits that depend on the variables, as `assertRequestLimits` has them, for Apollo. */
export function requestLimits(limits: QueryLimits): ApolloServerPlugin {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, document, operation, request: { variables = {} } }) =>
        assertRequestLimits(limits, { schema, document, operation, variables }),
    }),
  };
}

/**
 * The limits that depend on the variables, which validation rules don't see: checked once the operation is known,
 * before any field is resolved. 0 means no limit.
 */
export function assertRequestLimits(
  limits: QueryLimits,
  { schema, document, operation, variables }: Request,
): void {
  if (limits.listItems > 0) {
    const actual = longestList(document, variables);
    if (actual > limits.listItems)
      throw new LimitError(
        'MAX_LIST_ITEMS_LIMIT',
        `The request has a list of ${actual} items; at most ${limits.listItems} are allowed: send them in several requests.`,
        { limit: limits.listItems, actual },
      );
  }
  if (limits.cost > 0 && operation !== undefined) {
    const actual = costOf(operation, variables, () => new QueryCost(schema, document, variables));
    if (actual > limits.cost)
      throw new LimitError(
        'COST_ESTIMATED_TOO_EXPENSIVE',
        `The ${operation.operation} can answer with objects of a cost of ${actual}; at most ${limits.cost} is allowed: ask for smaller pages (\`first\`, \`last\`), fewer lists inside lists, or several requests.`,
        { limit: limits.cost, actual },
        [operation],
      );
  }
}

/** Costs of operations that came before, by what they depend on. Apollo keeps their documents. */
const costs = new WeakMap<OperationDefinitionNode, BoundedMap<number>>();
const MOST_COSTS = 100;

/** Of the variables, numbers and the lengths of lists count. */
function costOf(
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  count: () => QueryCost,
): number {
  const known = costs.get(operation) ?? new BoundedMap<number>(MOST_COSTS);
  costs.set(operation, known);
  const key = JSON.stringify(
    Object.entries(variables).map(([name, value]) => [
      name,
      Array.isArray(value) ? [value.length] : typeof value === 'number' ? value : value === undefined,
    ]),
  );
  let cost = known.get(key);
  if (cost === undefined) known.set(key, (cost = count().ofOperation(operation)));
  return cost;
}
