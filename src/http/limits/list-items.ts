import { Kind, visit, type DocumentNode } from 'graphql';

/** The longest list among the variables and the document's literals, at any depth; 0 without lists. */
export function longestList(document: DocumentNode, variables: Readonly<Record<string, unknown>>): number {
  return Math.max(longestLiteral(document), longestVariable(variables));
}

/** Apollo keeps documents that came before. */
const longestLiterals = new WeakMap<DocumentNode, number>();

function longestLiteral(document: DocumentNode): number {
  let longest = longestLiterals.get(document);
  if (longest === undefined) longestLiterals.set(document, (longest = findLongestLiteral(document)));
  return longest;
}

function findLongestLiteral(document: DocumentNode): number {
  let longest = 0;
  visit(document, {
    [Kind.LIST]: ({ values }) => {
      longest = Math.max(longest, values.length);
    },
  });
  return longest;
}

/** Without recursion: JSON may be nested deeper than the stack. */
function longestVariable(variables: Readonly<Record<string, unknown>>): number {
  let longest = 0;
  const pending: object[] = [variables];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (Array.isArray(value)) longest = Math.max(longest, value.length);
    for (const child of Object.values(value) as unknown[])
      if (typeof child === 'object' && child !== null) pending.push(child);
  }
  return longest;
}
