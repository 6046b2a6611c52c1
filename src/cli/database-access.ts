import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { DataSource } from 'typeorm';
import type { Config } from '../config';
import { migrate, openDatabase } from '../database';
import { prepareNothing } from '../persistence/prepared-statement';
import {
  connectionOf,
  locateDataFolder,
  startEmbeddedDatabase,
  type DataFolderLocation,
} from '../embedded-database';

/** Folder of the package: the nearest one above, whether the program runs as modules or bundled. */
export const PACKAGE_FOLDER = folderWith('package.json', __dirname);

export interface OpenedDatabase {
  readonly dataSource: DataSource;
  /** `null`: a server of one's own, by DATABASE_URL. */
  readonly dataFolder: string | null;
  close(): Promise<void>;
}

const OLDEST_SERVER = 140_000;

function folderWith(file: string, folder: string): string {
  return existsSync(join(folder, file)) ? folder : folderWith(file, dirname(folder));
}

export function dataFolderOf(config: Config): DataFolderLocation {
  // An upgrade replaces an installed package as a whole: the data must lie outside it.
  const installed = PACKAGE_FOLDER.split(sep).includes('node_modules');
  const dataHome = installed ? process.cwd() : PACKAGE_FOLDER;
  return locateDataFolder({ projectFolder: PACKAGE_FOLDER, dataHome, configured: config.dataFolder });
}

/**
 * The database of the service: the server that DATABASE_URL names, else the embedded one, started here.
 *
 * @param onWait called when PostgreSQL has something to do for a while, and this process has not
 */
export async function openServiceDatabase(
  config: Config,
  onWait: () => void = () => undefined,
): Promise<OpenedDatabase> {
  if (config.databaseUrl !== null) {
    const opening = opened(config, config.databaseUrl, null, async () => undefined);
    onWait();
    return opening;
  }
  const location = dataFolderOf(config);
  if (location.reason !== undefined) toStandardError(location.reason);
  const server = await startEmbeddedDatabase({ location, log: toStandardError, onSpawn: onWait });
  return opened(config, server.url, location.folder, () => server.stop()).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
}

/** The same for a command beside a service that may be running: then its embedded server is used. */
export async function openCommandDatabase(config: Config): Promise<OpenedDatabase> {
  const running = config.databaseUrl === null ? await connectionOf(dataFolderOf(config)) : null;
  return running === null
    ? openServiceDatabase(config)
    : opened(config, running, null, async () => undefined);
}

async function opened(
  config: Config,
  url: string,
  dataFolder: string | null,
  stopServer: () => Promise<void>,
): Promise<OpenedDatabase> {
  const dataSource = await openDatabase(url, config.databasePoolSize).catch((cause: unknown) => {
    throw unreachable(config, cause);
  });
  if (!config.preparedStatements) prepareNothing(dataSource);
  try {
    await assertServerVersion(dataSource);
    await migrate(dataSource);
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
  return {
    dataSource,
    dataFolder,
    close: async () => {
      await dataSource.destroy();
      await stopServer();
    },
  };
}

/** The address by name, and never the password. */
function unreachable({ databaseUrl }: Config, cause: unknown): unknown {
  if (databaseUrl === null) return cause;
  const { hostname, port, pathname, username } = new URL(databaseUrl);
  const where = `${pathname.slice(1)} at ${hostname}:${port || '5432'} as ${username || 'the default user'}`;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Error(`DATABASE_URL: cannot open the database ${where}: ${why}`, { cause });
}

async function assertServerVersion(dataSource: DataSource): Promise<void> {
  const rows: { server_version_num: string }[] = await dataSource.query('SHOW server_version_num');
  const version = Number(rows[0]?.server_version_num);
  if (version < OLDEST_SERVER)
    throw new Error(
      `DATABASE_URL names a PostgreSQL ${Math.floor(version / 10_000)}; at least PostgreSQL 14 is needed.`,
    );
}

export function toStandardError(line: string): void {
  process.stderr.write(`${line}\n`);
}
