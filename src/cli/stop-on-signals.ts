import type { FastifyInstance } from 'fastify';
import type { OpenedDatabase } from './database-access';

/**
 * SIGTERM and SIGINT: no new requests, finish those under way for at most `seconds`, then close the database.
 * A second signal doesn't wait.
 */
export function stopOnSignals(app: FastifyInstance, database: OpenedDatabase, seconds: number): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return app.server.closeAllConnections();
    stopping = true;
    app.log.info({ signal }, 'stopping');
    const timer = setTimeout(() => app.server.closeAllConnections(), seconds * 1000);
    closeInOrder(app, database)
      .catch((error: unknown) => {
        app.log.error({ err: error }, 'stopping failed');
        process.exitCode = 1;
      })
      .finally(() => clearTimeout(timer));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function closeInOrder(app: FastifyInstance, database: OpenedDatabase): Promise<void> {
  await app.close();
  await database.close();
}
