import { Client } from 'pg';
import { isOfFeed } from './statements';

/** A statement of a run, counted from 1, and whether its connection dies before it is sent or before it is answered. */
export interface Crash {
  readonly at: number;
  readonly when: 'UNSENT' | 'UNANSWERED';
}

/** What a client knows of its server process, though its types don't tell. */
interface Connected {
  readonly processID: number;
}

/**
 * Runs something while the connection of one of its statements, whichever connection that is, gets killed at the server.
 * Nothing else may use the database meanwhile but the event feed, whose statements don't count.
 *
 * @returns the statements that were sent before the killed one, and that one's text; `null`: there were not so many
 */
export async function crashDuring(
  { at, when }: Crash,
  act: () => Promise<unknown>,
): Promise<{ readonly before: readonly string[]; readonly killed: string | null }> {
  const assassin = new Client({ connectionString: process.env['TEST_SERVER_URL'] });
  await assassin.connect();
  const send = Reflect.get(Client.prototype, 'query') as (...query: unknown[]) => Promise<unknown>;
  const kill = async (victim: Client): Promise<void> => {
    const { processID } = victim as unknown as Connected;
    // The server process holds nothing any more when its connection ends; PostgreSQL's own waiting for that looks only
    // every tenth of a second.
    const dead = new Promise((resolve) => victim.once('end', resolve));
    await send.call(assassin, 'SELECT pg_terminate_backend($1)', [processID]);
    await dead;
  };
  const before: string[] = [];
  let killed: string | null = null;
  let killing = Promise.resolve();
  const sendOrKill: (this: Client, ...query: unknown[]) => unknown = async function (...query) {
    if (isOfFeed(this)) return send.apply(this, query);
    const text = String(query[0]);
    if (killed !== null || before.length + 1 < at) {
      if (killed === null) before.push(text);
      return send.apply(this, query);
    }
    killed = text;
    if (when === 'UNANSWERED') await send.apply(this, query);
    await (killing = kill(this));
    if (when === 'UNANSWERED') throw new Error('Connection terminated unexpectedly');
    return send.apply(this, query);
  };
  const spy = jest.spyOn(Client.prototype, 'query').mockImplementation(sendOrKill);
  try {
    await act();
  } finally {
    spy.mockRestore();
    // A pool tells who asked of a broken connection before the killer has its answer.
    await killing;
    await assassin.end();
  }
  return { before, killed };
}
