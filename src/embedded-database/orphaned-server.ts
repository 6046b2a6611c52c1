import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataFolderLocation } from './data-folder-location';
import { nativeFolderOf } from './data-folder-location';
import { EmbeddedDatabaseError } from './embedded-database-error';
import { hasErrorCode, readTextIfPresent } from './file-system';
import type { ProcessIdentity } from './process-identity';
import { commandLineOf, isRunning, processWithId } from './process-identity';
import { programIn } from './server-binaries';

/** What a running server says about itself in `postmaster.pid`. */
export interface ServerStatus {
  pid: number;
  port: number;
  isReady: boolean;
}

const patienceMilliseconds = 10_000;
const pollMilliseconds = 20;

/** Reads `postmaster.pid`; null when there is none, or one without a process id. The process may be long dead. */
export async function readServerStatus(databaseFolder: string): Promise<ServerStatus | null> {
  const text = await readTextIfPresent(path.join(databaseFolder, 'postmaster.pid'));
  const [pid, , , port, , , , status] = text?.split('\n') ?? [];
  // Single-user servers, such as those of initdb, write a negative id.
  const id = Math.abs(Number.parseInt(pid ?? '', 10));
  return Number.isNaN(id) ? null : { pid: id, port: Number(port), isReady: status?.trim() === 'ready' };
}

/** The process that serves this database now, or null. */
export function runningServer(status: ServerStatus, location: DataFolderLocation): ProcessIdentity | null {
  const identity = processWithId(status.pid);
  return identity !== null && isServerOf(identity.pid, location) ? identity : null;
}

/** Ends the server that a killed service left behind, if it lives on, and makes its lock file harmless if not. */
export async function endOrphanedServer(
  location: DataFolderLocation,
  log: (line: string) => void,
): Promise<void> {
  const lockFile = path.join(location.databaseFolder, 'postmaster.pid');
  const text = await readTextIfPresent(lockFile);
  if (text === null) return;
  const status = await readServerStatus(location.databaseFolder);
  if (status === null) {
    await rm(lockFile, { force: true });
    return;
  }
  const identity = runningServer(status, location);
  if (identity !== null) {
    log(`Ending the PostgreSQL (process ${identity.pid}) that an earlier service left behind.`);
    await endServer(identity, location, log);
  } else {
    // PostgreSQL takes any process with that id for a server, be it another program or a dead one not yet reaped. It
    // disregards a lock of its own parent, though, and then still checks the shared memory that the rest of the file
    // names; deleting the file would do away with that check as well.
    await writeFile(lockFile, text.replace(/^-?\d+/, String(process.pid)));
  }
}

/** Shuts a server down: fast (sessions are cut, everything is written), after 10 s immediately (it recovers next time). */
export async function endServer(
  server: ProcessIdentity,
  location: DataFolderLocation,
  log: (line: string) => void,
): Promise<void> {
  signal(server, 'INT', location);
  if (await hasEnded(server)) return;
  log(
    `PostgreSQL (process ${server.pid}) didn't shut down within 10 s; it is stopped and will recover at its next start.`,
  );
  signal(server, 'QUIT', location);
  if (await hasEnded(server)) return;
  throw new EmbeddedDatabaseError(
    'SERVER_FAILED',
    `PostgreSQL (process ${server.pid}) can't be stopped. End that process, then start again.`,
  );
}

function isServerOf(pid: number, location: DataFolderLocation): boolean {
  if (process.platform === 'win32') {
    const status = [
      programIn(nativeFolderOf(location), 'pg_ctl'),
      'status',
      '-D',
      location.databaseFolder,
    ] as const;
    return spawnSync(status[0], status.slice(1), { windowsHide: true }).status === 0;
  }
  const command = commandLineOf(pid);
  const folders = [location.databaseFolder, realpathSync(location.databaseFolder)];
  if (!command.includes('\0')) return folders.some((folder) => command.includes(`postgres -D ${folder} `));
  const [program = '', option, folder = ''] = command.split('\0');
  return path.basename(program) === 'postgres' && option === '-D' && folders.includes(folder);
}

function signal(server: ProcessIdentity, name: 'INT' | 'QUIT', location: DataFolderLocation): void {
  if (!isRunning(server)) return;
  if (process.platform === 'win32') {
    // Node can only terminate a process there; pg_ctl reaches PostgreSQL's own substitute for signals.
    spawnSync(programIn(nativeFolderOf(location), 'pg_ctl'), ['kill', name, String(server.pid)], {
      windowsHide: true,
    });
    return;
  }
  try {
    process.kill(server.pid, `SIG${name}`);
  } catch (error) {
    if (!hasErrorCode(error, 'ESRCH')) throw error;
  }
}

async function hasEnded(server: ProcessIdentity): Promise<boolean> {
  for (let waited = 0; waited < patienceMilliseconds; waited += pollMilliseconds) {
    if (!isRunning(server)) return true;
    await sleep(pollMilliseconds);
  }
  return !isRunning(server);
}
