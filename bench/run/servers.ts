import { join } from 'node:path';
import { startChild, type Child } from './child';

/** Connections to PostgreSQL, of the service and of the limit. */
export const POOL_SIZE = 10;

/** What was compiled lies here. */
const COMPILED = join(__dirname, '..', '..');

/** Settings of the measured service that are not its defaults. Requests aren't logged: the limit logs none, either. */
const SETTINGS = {
  DATABASE_POOL_SIZE: String(POOL_SIZE),
  MCI_GRAPH_PORT: '0',
  MCI_GRAPH_DEMO: 'false',
  MCI_GRAPH_LOG_LEVEL: 'warn',
};

/** The service as it is built. */
export const startService = (databaseUrl: string): Promise<Child> =>
  startChild({
    name: 'service',
    script: join(COMPILED, 'src', 'index.js'),
    environment: { ...SETTINGS, DATABASE_URL: databaseUrl },
    announcement: /graphql +(http:\S+)\/graphql\n/,
  });

/** What hand-written SQL behind bare HTTP reaches. */
export const startLimit = (databaseUrl: string): Promise<Child> =>
  startChild({
    name: 'limit',
    script: join(COMPILED, 'bench', 'limit.js'),
    environment: { DATABASE_POOL_SIZE: String(POOL_SIZE), DATABASE_URL: databaseUrl },
    announcement: /limit +(http:\S+)\n/,
  });
