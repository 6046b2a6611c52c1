import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import { Kind, parse, type OperationDefinitionNode } from 'graphql';
import { follow } from './follow';

/**
 * Sends queries and mutations by HTTP, and subscriptions through a WebSocket at the same address, each with the token
 * and the headers of the tab.
 */
export function createFetcher(endpoint: string, token: string): Fetcher {
  const credentials: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const ask = createGraphiQLFetcher({ url: endpoint, headers: credentials });
  const socketAddress = new URL(endpoint, location.href);
  socketAddress.protocol = socketAddress.protocol.replace('http', 'ws');
  return (given, options) => {
    const operations = operationsOf(given.query);
    // What is asked for stands in the text: GraphiQL learns of it some time after the last key.
    const parameters =
      operations.length === 1 ? { ...given, operationName: operations[0]?.name?.value } : given;
    const asked = operations.find(({ name }) => name?.value === parameters.operationName);
    return asked?.operation === 'subscription'
      ? follow(socketAddress.href, { ...credentials, ...options?.headers }, parameters)
      : ask(parameters, { headers: options?.headers });
  };
}

/** Of a text that can't be parsed: none. The service says what is wrong about it. */
function operationsOf(query: string): OperationDefinitionNode[] {
  try {
    return parse(query).definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  } catch {
    return [];
  }
}
