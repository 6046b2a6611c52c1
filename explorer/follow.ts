import type { FetcherParams } from '@graphiql/toolkit';
import { GraphQLError, type ExecutionResult } from 'graphql';
import { createClient } from 'graphql-ws';

/**
 * The events of a subscription, through a WebSocket of its own. What ends it is an answer to read, too.
 *
 * @param parameters of the connection: a browser's WebSocket has no headers
 */
export function follow(
  address: string,
  parameters: Record<string, unknown>,
  { query, operationName, variables }: FetcherParams,
): AsyncIterableIterator<ExecutionResult> {
  const client = createClient({
    url: address,
    connectionParams: parameters,
    // Silently connecting again would hide that events were missed, or that the token isn't accepted.
    retryAttempts: 0,
  });
  // GraphiQL's types want errors as graphql-js makes them; it only prints them.
  const events = client.iterate({
    query,
    operationName,
    variables: variables as Record<string, unknown> | undefined,
  }) as AsyncIterableIterator<ExecutionResult>;
  return {
    next: () =>
      events.next().catch((ending: unknown) => ({ value: { errors: errorsOf(ending) }, done: false })),
    return: async () => (await events.return?.()) ?? { value: undefined, done: true },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function errorsOf(ending: unknown): readonly GraphQLError[] {
  // What the service answers instead of events.
  if (Array.isArray(ending)) return ending as GraphQLError[];
  if (!(ending instanceof CloseEvent)) return [new GraphQLError(String(ending))];
  return [new GraphQLError(ending.reason || `The connection was closed, with the code ${ending.code}.`)];
}
