import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { AnonymousContext, RequestContext } from '../../loaders/request-context';

/** An operation as Apollo hands it over: parsed, valid, and within the limits. */
export interface Operation {
  readonly document: DocumentNode;
  /** `undefined`: the document has none of that name. */
  readonly definition: OperationDefinitionNode | undefined;
  /** The text. */
  readonly source: string;
  /** SHA-256 of the text. */
  readonly queryHash: string;
  /** As it was sent: a document with one operation needs none. */
  readonly operationName: string | undefined;
  /** The variables, as they were sent. */
  readonly sent: Readonly<Record<string, unknown>> | undefined;
  readonly context: RequestContext | AnonymousContext;
}

/** What caches know an operation by. */
export const keyOfOperation = ({
  queryHash,
  operationName,
}: Pick<Operation, 'queryHash' | 'operationName'>): string => `${queryHash} ${operationName ?? ''}`;
