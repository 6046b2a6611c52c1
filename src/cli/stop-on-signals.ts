import type { FastifyInstance } from 'fastify';
import type { Config } from '../config';
import type { OpenedDatabase } from './database-access';

/**
 * SIGTERM and SIGINT: no new requests, finish those under way for at most the configured time, then close the database.
 * A second signal doesn't wait.
 */
export function stopOnSignals(
  app: FastifyInstance,
  database: OpenedDatabase,
  { shutdownSeconds, runByNpm }: Config,
): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return app.server.closeAllConnections();
    stopping = true;
    app.log.info({ signal }, 'stopping');
    const timer = setTimeout(() => app.server.closeAllConnections(), shutdownSeconds * 1000);
    closeInOrder(app, database)
      .catch((error: unknown) => {
        app.log.error({ err: error }, 'stopping failed');
        process.exitCode = 1;
      })
      .finally(() => clearTimeout(timer));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (runByNpm) onceOrphaned(() => stop('SIGTERM'));
}

const ORPHAN_CHECK = 500;

/** npm ends its shell at SIGTERM, and the shell tells nobody: that it is gone is the signal. */
function onceOrphaned(stop: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, ORPHAN_CHECK).unref();
}

async function closeInOrder(app: FastifyInstance, database: OpenedDatabase): Promise<void> {
  await app.close();
  await database.close();
}
