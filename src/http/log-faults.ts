import type { ApolloServerPlugin } from '@apollo/server';
import type { AnonymousContext, RequestContext } from '../loaders/request-context';
import { isFault } from './format-error';

interface Log {
  error(details: { err: unknown; reqId?: string }, message: string): void;
}

/** Logs what is masked to the client, under the id of its request. */
export function logFaults(log: Log): ApolloServerPlugin<RequestContext | AnonymousContext> {
  return {
    requestDidStart: async () => ({
      didEncounterErrors: async ({ errors, contextValue }) => {
        for (const error of errors)
          if (isFault(error))
            log.error(
              { err: error.originalError ?? error, reqId: contextValue.requestId },
              'a field could not be resolved',
            );
      },
    }),
    unexpectedErrorProcessingRequest: async ({ error, requestContext }) =>
      log.error(
        { err: error, reqId: requestContext.contextValue.requestId },
        'a request could not be processed',
      ),
  };
}
