import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, Kind, visit, type DocumentNode } from 'graphql';

const storable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/**
 * No text that PostgreSQL cannot hold gets further: NUL characters and half surrogate pairs are the client's mistake,
 * wherever they stand, and would otherwise fail deep inside as if they were ours.
 */
export const storableText: ApolloServerPlugin = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ document, request }) => assertStorable(document, request.variables ?? {}),
  }),
};

/** Apollo keeps documents that came before. */
const storableDocuments = new WeakSet<DocumentNode>();

/** @throws GraphQLError if a literal or variable holds text that PostgreSQL cannot hold */
export function assertStorable(document: DocumentNode, variables: Readonly<Record<string, unknown>>): void {
  const where =
    unstorableVariable(variables, 'variables') ??
    (storableDocuments.has(document) ? null : unstorableLiteral(document));
  if (where === null) storableDocuments.add(document);
  if (where === null) return;
  throw new GraphQLError(`\`${where}\` holds a NUL character or half a surrogate pair: remove it.`, {
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });
}

/** Without recursion: JSON may be nested deeper than the stack. */
function unstorableVariable(variables: unknown, name: string): string | null {
  const pending: [unknown, string][] = [[variables, name]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [value, path] = next;
    if (typeof value === 'string' && !storable(value)) return path;
    if (typeof value === 'object' && value !== null)
      for (const [key, child] of Object.entries(value).reverse()) pending.push([child, `${path}.${key}`]);
  }
  return null;
}

function unstorableLiteral(document: DocumentNode): string | null {
  let found: string | null = null;
  visit(document, {
    [Kind.STRING]: (node) => {
      if (!storable(node.value)) found = 'query';
    },
  });
  return found;
}
