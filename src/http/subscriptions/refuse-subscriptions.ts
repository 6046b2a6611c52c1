import type { ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import { badRequest } from './refusal';

/** Apollo would run a subscription as if it were a query, once and without an event. */
export const refuseSubscriptions: ApolloServerPlugin = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation }) => {
      if (operation?.operation === OperationTypeNode.SUBSCRIPTION)
        throw badRequest(
          'A request has one answer, a subscription has many: subscribe by WebSocket (graphql-ws) at /graphql, or by server-sent events at /graphql/stream.',
        );
    },
  }),
};
