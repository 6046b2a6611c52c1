import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server';
import { GraphQLError } from 'graphql';

/** Stands for an operation that is refused until Apollo takes a refusal as such; the operation's text is not parsed. */
const NOTHING = '{ __typename }';

/**
 * Decides on each operation before its text is read: `admit` may change the request, or throw a GraphQLError.
 * Apollo would answer what its earlier hooks throw as if it were a fault of ours.
 */
export function admission(admit: (request: GraphQLRequest) => void): ApolloServerPlugin {
  return {
    requestDidStart: async ({ request }) => {
      try {
        admit(request);
        return {};
      } catch (refusal) {
        if (!(refusal instanceof GraphQLError)) throw refusal;
        request.query = NOTHING;
        request.operationName = undefined;
        request.variables = undefined;
        request.extensions = undefined;
        return {
          didResolveOperation: async () => {
            throw refusal;
          },
        };
      }
    },
  };
}
