import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLError } from 'graphql';
import type { AnonymousContext, RequestContext } from '../loaders/request-context';
import { isFault } from './format-error';

export interface Log {
  error(details: { err: unknown; reqId?: string }, message: string): void;
}

/** Logs what is masked to the client, under the id of its request. */
export function logFaults(log: Log): ApolloServerPlugin<RequestContext | AnonymousContext> {
  return {
    requestDidStart: async () => ({
      didEncounterErrors: async ({ errors, contextValue }) => {
        logFaultsIn(errors, contextValue.requestId, log);
      },
    }),
    unexpectedErrorProcessingRequest: async ({ error, requestContext }) =>
      log.error(
        { err: error, reqId: requestContext.contextValue.requestId },
        'a request could not be processed',
      ),
  };
}

/** Logs the faults among errors. */
export function logFaultsIn(errors: readonly GraphQLError[], reqId: string, log: Log): void {
  for (const error of errors)
    if (isFault(error))
      log.error({ err: error.originalError ?? error, reqId }, 'a field could not be resolved');
}
