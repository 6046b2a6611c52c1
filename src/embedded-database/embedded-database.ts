import { Client, escapeIdentifier } from 'pg';
import { createCluster, databaseName } from './database-cluster';
import { boundLog, keepPassword, openDataFolder, readPassword, removeLeftovers } from './data-folder';
import type { DataFolderLocation } from './data-folder-location';
import { EmbeddedDatabaseError } from './embedded-database-error';
import { messageOf } from './file-system';
import { endOrphanedServer, readServerStatus, runningServer } from './orphaned-server';
import { serverAccount } from './server-account';
import {
  assertRunnable,
  completePackage,
  copyBinaries,
  packageVersion,
  removeOtherCopies,
} from './server-binaries';
import type { RunningServer, ServerSettings } from './server-process';
import { startServer } from './server-process';
import { claimDataFolder, ownerOf } from './service-claim';

/** A PostgreSQL server that this process runs. */
export interface EmbeddedDatabase {
  /** The service's database, with user and password; only this machine can reach it. */
  url: string;
  /** The server's administrative database `postgres`, for creating and dropping others. */
  adminUrl: string;
  port: number;
  /** PostgreSQL's process id. */
  processId: number;
  /** Ends all sessions, shuts the server down and gives the data folder free; resolves when that is done. */
  stop(): Promise<void>;
}

/**
 * Starts the database of a data folder, which is created at the first start. No signal handlers are installed: the
 * caller stops the database when its own last request is done. If this process is killed, the server ends by itself
 * within moments; if that fails, the next start ends it.
 *
 * @param options.log receives lines about what is done, without a line end.
 * @param options.databases databases that shall exist besides the service's own.
 * @param options.settings parameters of PostgreSQL that differ from the usual ones (tests may switch `fsync` off).
 * @param options.onSpawn called when PostgreSQL's process runs, while which there is time for other work.
 * @throws EmbeddedDatabaseError with the reason and the cure.
 */
export async function startEmbeddedDatabase(options: {
  location: DataFolderLocation;
  log: (line: string) => void;
  databases?: readonly string[];
  settings?: ServerSettings;
  onSpawn?: () => void;
}): Promise<EmbeddedDatabase> {
  const { location, log, databases = [], settings = {}, onSpawn } = options;
  const { packageFolder } = location;
  assertRunnable(packageFolder);
  const account = serverAccount(location.databaseFolder);
  await openDataFolder(location, account);
  const claim = await claimDataFolder(location.folder);
  let server: RunningServer | null = null;
  try {
    await endOrphanedServer(location, log);
    await removeLeftovers(location.folder);
    await boundLog(location);
    if (location.binariesFolder === null) await completePackage(packageFolder);
    else await copyBinaries(packageFolder, location.binariesFolder);
    await removeOtherCopies(location.folder, location.binariesFolder);
    const password = await keepPassword(location.folder);
    await createCluster({ ...location, packageFolder }, account, password, log);
    const running = await startServer(location, { account, settings, log, onSpawn });
    server = running;
    await createDatabases(urlOf(running.port, password, 'postgres'), [databaseName, ...databases]);
    log(
      `PostgreSQL ${packageVersion(packageFolder)} is ready on 127.0.0.1:${running.port} (process ${running.pid}).`,
    );
    let stopping: Promise<void> | null = null;
    const stop = async (): Promise<void> => {
      await running.stop();
      await claim.release();
    };
    return {
      url: urlOf(running.port, password, databaseName),
      adminUrl: urlOf(running.port, password, 'postgres'),
      port: running.port,
      processId: running.pid,
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    await server?.stop();
    await claim.release();
    throw error;
  }
}

/** The URL of the database that a live service runs in this data folder, or null when none does. */
export async function connectionOf(location: DataFolderLocation): Promise<string | null> {
  if ((await ownerOf(location.folder)) === null) return null;
  const status = await readServerStatus(location.databaseFolder);
  if (!status?.isReady || runningServer(status, location) === null) return null;
  const password = await readPassword(location.folder);
  return password === null ? null : urlOf(status.port, password, databaseName);
}

function urlOf(port: number, password: string, database: string): string {
  return `postgres://${databaseName}:${password}@127.0.0.1:${port}/${database}`;
}

async function createDatabases(adminUrl: string, names: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: adminUrl, ssl: false });
  await client.connect().catch((error: unknown) => {
    throw new EmbeddedDatabaseError(
      'SERVER_FAILED',
      `PostgreSQL runs, but doesn't let the service in (${messageOf(error)}). ` +
        `If the file "password" of the data folder was lost or replaced, restore it, or start with an empty database ` +
        `("npm run reset").`,
      { cause: error },
    );
  });
  try {
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
    const existing = new Set(rows.map((row) => row.datname));
    for (const name of new Set(names)) {
      if (!existing.has(name)) await client.query(`CREATE DATABASE ${escapeIdentifier(name)}`);
    }
  } finally {
    await client.end();
  }
}
