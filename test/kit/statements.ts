import { Client } from 'pg';

/** The SQL statements that this process sends to PostgreSQL while something runs, over any connection. */
export async function statementsDuring(act: () => Promise<unknown>): Promise<string[]> {
  const spy = jest.spyOn(Client.prototype, 'query');
  try {
    await act();
    return spy.mock.calls.map(([query]: readonly unknown[]) => textOf(query));
  } finally {
    spy.mockRestore();
  }
}

function textOf(query: unknown): string {
  if (typeof query === 'string') return query;
  if (typeof query === 'object' && query !== null && 'text' in query) return String(query.text);
  throw new Error('A statement without text was sent');
}
