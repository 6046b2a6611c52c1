import type { ApolloServerPlugin, HTTPGraphQLRequest } from '@apollo/server';
import { admission } from './admission';
import type { ListedOperations } from './listed-operations';

/** Answers only listed operations. */
export function onlyListedOperations(operations: ListedOperations): ApolloServerPlugin {
  return admission((request) => {
    request.query = operations.textOf({ ...request, documentId: documentIdOf(request.http) });
    // The name is spent: Apollo would look for the text in its own store.
    const { persistedQuery: _named, ...extensions } = request.extensions ?? {};
    request.extensions = extensions;
  });
}

/** Apollo passes on only what it knows of a request. */
function documentIdOf(http: HTTPGraphQLRequest | undefined): unknown {
  if (http?.method === 'GET') return new URLSearchParams(http.search).get('documentId');
  const body = http?.body;
  return typeof body === 'object' && body !== null && 'documentId' in body ? body.documentId : undefined;
}
