import {
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import type { QueryLimits } from '../../config';
import { isObject } from '../is-object';
import { assertReadable } from '../limits/query-text';
import { assertRequestLimits } from '../limits/request-limits';
import { shapeRule } from '../limits/shape-rule';
import type { ListedOperations, OperationRequest } from '../listed-operations';
import { assertStorable } from '../storable-text';
import { badRequest, Refusal } from './refusal';
import { unconditionalRootRule } from './unconditional-root';

/** What a client sends to subscribe, over any transport: each value may be anything. */
export interface SubscriptionRequest extends OperationRequest {
  readonly operationName?: unknown;
  readonly variables?: unknown;
}

/** The rules of this installation, which are those for queries. */
export interface RequestRules {
  readonly schema: GraphQLSchema;
  readonly limits: QueryLimits;
  /** The only operations that are answered; `null`: any. */
  readonly listedOperations: ListedOperations | null;
}

/** A subscription that may be executed. */
export interface CheckedSubscription {
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Checks a request as those over HTTP are checked.
 * @throws GraphQLError or Refusal
 */
export function checkSubscription(
  request: SubscriptionRequest,
  { schema, limits, listedOperations }: RequestRules,
): CheckedSubscription {
  const text = listedOperations === null ? request.query : listedOperations.textOf(request);
  if (typeof text !== 'string' || text === '')
    throw badRequest('The request carries no operation: send `query` with the text of a subscription.');
  const { operationName, variables } = checkParameters(request);
  assertReadable(text, limits.tokens);
  const document = parsed(text);
  const errors = validate(schema, document, [...specifiedRules, shapeRule(limits), unconditionalRootRule]);
  if (errors.length > 0) throw new Refusal(errors.map(withCode('GRAPHQL_VALIDATION_FAILED')));
  const operation = getOperationAST(document, operationName);
  if (!operation)
    throw badRequest(
      operationName === null
        ? 'The document has several operations, or none: name the one that is meant with `operationName`.'
        : `The document has no operation named "${operationName.slice(0, 80)}".`,
    );
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION)
    throw badRequest(
      `Here subscriptions are answered only: send the ${operation.operation} to /graphql, with HTTP POST.`,
    );
  assertRequestLimits(limits, { schema, document, operation, variables });
  assertStorable(document, variables);
  return { document, operationName, variables };
}

function checkParameters({
  operationName = null,
  variables,
}: SubscriptionRequest): Omit<CheckedSubscription, 'document'> {
  if (operationName !== null && typeof operationName !== 'string')
    throw badRequest('`operationName` must be a string.');
  if (!isObject(variables ?? {})) throw badRequest('`variables` must be an object.');
  return { operationName, variables: { ...(variables as object | null | undefined) } };
}

function parsed(text: string): DocumentNode {
  try {
    return parse(text);
  } catch (error) {
    throw error instanceof GraphQLError ? withCode('GRAPHQL_PARSE_FAILED')(error) : error;
  }
}

/** The codes that Apollo gives the same errors; a limit has its own. */
const withCode =
  (code: string) =>
  (error: GraphQLError): GraphQLError =>
    new GraphQLError(error.message, { ...error, extensions: { code, ...error.extensions } });
