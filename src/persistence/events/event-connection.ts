import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import type { Connection } from './event-store';

const CHANNEL = 'mci_graph_events';
/** Milliseconds: a network that swallows everything does not break a connection, and nobody would be told of anything. */
const ANSWER_WITHIN = 60_000;

/** What is done about what the connection tells. */
export interface ConnectionReactions {
  /** Events were written, or the connection broke: look. */
  readonly onNews: () => void;
}

/**
 * A connection beside the pool that hears of events. One that broke is replaced when it is needed next: what was notified
 * meanwhile is in the table.
 */
export class EventConnection {
  private readonly dataSource: DataSource;
  private readonly onNews: () => void;
  private client: Client | null = null;

  constructor(dataSource: DataSource, { onNews }: ConnectionReactions) {
    this.dataSource = dataSource;
    this.onNews = onNews;
  }

  /** Does something on it; an error ends the connection, since what it was at is unknown. */
  async use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const client = (this.client ??= await this.connect());
    try {
      return await work({
        query: async <R>(statement: string, values: readonly unknown[] = []) =>
          (await client.query(statement, [...values])).rows as R[],
      });
    } catch (error) {
      await this.end();
      throw error;
    }
  }

  async end(): Promise<void> {
    const { client } = this;
    this.client = null;
    await client?.end();
  }

  private async connect(): Promise<Client> {
    const client = new Client(this.settings());
    let ownProcess: number | null = null;
    // What it told others itself, it knows.
    client.on('notification', ({ processId }) => {
      if (processId !== ownProcess) this.onNews();
    });
    // Unheard, an error would end the process. Looking connects anew.
    client.on('error', () => {
      if (this.client !== client) return;
      this.client = null;
      this.onNews();
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      const { rows } = await client.query<{ process: number }>('SELECT pg_backend_pid() AS process');
      ownProcess = rows[0]?.process ?? null;
      return client;
    } catch (error) {
      await client.end();
      throw error;
    }
  }

  /** Those of the pool. */
  private settings(): object {
    const { options } = this.dataSource;
    if (options.type !== 'postgres') throw new Error(`The database is ${options.type}, not PostgreSQL.`);
    return {
      connectionString: options.url,
      application_name: `${options.applicationName ?? 'mci-graph'} events`,
      ...(options.extra as object | undefined),
      query_timeout: ANSWER_WITHIN,
      keepAlive: true,
    };
  }
}
