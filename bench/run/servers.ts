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

const PRODUCTION = { NODE_ENV: 'production' };

const ANNOUNCEMENT = /graphql +(http:\S+)\/graphql\n/;

/** The service as it is built. */
export const startService = (databaseUrl: string): Promise<Child> =>
  startChild({
    name: 'service',
    command: process.execPath,
    args: [join(COMPILED, 'src', 'index.js')],
    environment: { ...PRODUCTION, ...SETTINGS, DATABASE_URL: databaseUrl },
    announcement: ANNOUNCEMENT,
  });

/** The same by the command that people type, which looks first whether it is built. The process is npm's. */
export const startServiceByNpm = (databaseUrl: string): Promise<Child> =>
  startChild({
    name: 'service',
    command: 'npm',
    args: ['start'],
    environment: { ...SETTINGS, DATABASE_URL: databaseUrl },
    announcement: ANNOUNCEMENT,
    leads: true,
  });

/** What hand-written SQL behind bare HTTP reaches. */
export const startLimit = (databaseUrl: string): Promise<Child> =>
  startChild({
    name: 'limit',
    command: process.execPath,
    args: [join(COMPILED, 'bench', 'limit.js')],
    environment: { ...PRODUCTION, DATABASE_POOL_SIZE: String(POOL_SIZE), DATABASE_URL: databaseUrl },
    announcement: /limit +(http:\S+)\n/,
  });
