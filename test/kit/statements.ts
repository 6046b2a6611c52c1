import { Client } from 'pg';

/**
 * The SQL statements that this process sends to PostgreSQL while something runs, over any connection but that of the
 * event feed, which reads in its own time.
 */
export async function statementsDuring(act: () => Promise<unknown>): Promise<string[]> {
  const spy = jest.spyOn(Client.prototype, 'query');
  try {
    await act();
    const { calls, contexts } = spy.mock;
    return calls
      .filter((_call, index) => !isOfFeed(contexts[index]))
      .map(([query]: readonly unknown[]) => textOf(query));
  } finally {
    spy.mockRestore();
  }
}

/** Whether a client of PostgreSQL is the connection of the event feed. */
export const isOfFeed = (client: unknown): boolean =>
  client instanceof Client &&
  'connectionParameters' in client &&
  String(Object(client.connectionParameters).application_name).endsWith(' events');

function textOf(query: unknown): string {
  if (typeof query === 'string') return query;
  if (typeof query === 'object' && query !== null && 'text' in query) return String(query.text);
  throw new Error('A statement without text was sent');
}
