import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createServer, Socket } from 'node:net';
import { open, readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { logFileOf } from './data-folder';
import type { DataFolderLocation } from './data-folder-location';
import { nativeFolderOf } from './data-folder-location';
import { EmbeddedDatabaseError } from './embedded-database-error';
import { endOrphanedServer, endServer, readServerStatus } from './orphaned-server';
import { processWithId } from './process-identity';
import type { ServerAccount } from './server-account';
import { asAccount } from './server-account';
import { programIn } from './server-binaries';

/** Values of PostgreSQL's parameters, by name. */
export type ServerSettings = Readonly<Record<string, string | number | boolean>>;

export interface RunningServer {
  pid: number;
  port: number;
  /** Shuts down and resolves when the process has ended. */
  stop(): Promise<void>;
}

interface ServerOptions {
  account: ServerAccount | null;
  settings: ServerSettings;
  log: (line: string) => void;
  /** Called when the server's process runs: it needs a while until it is ready. */
  onSpawn?: () => void;
  /** Replaces the choice of a free port. */
  choosePort?: () => Promise<number>;
}

const defaultSettings: ServerSettings = {
  max_connections: 100,
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Not to be overridden: nobody but this machine may connect, and the log goes where it is looked for. */
const fixedSettings: ServerSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  logging_collector: false,
  log_destination: 'stderr',
};

const attempts = 20;
const startLimitMilliseconds = 300_000;
const portTaken = /could not create any TCP\/IP sockets/;
/** Sessions of a server that was killed are still ending. */
const sessionsRemain = /pre-existing shared memory block/;
/** The service was killed so soon after it had spawned its server that this had not yet written its lock file. */
const isServed = /lock file "postmaster\.pid" already exists/;

/**
 * Starts the server on a free port of 127.0.0.1 and resolves when it accepts connections. It runs in a process group of
 * its own, so that a Ctrl-C in the terminal reaches the service alone, which stops the server after its last request.
 *
 * @throws EmbeddedDatabaseError SERVER_FAILED with the last lines of the server's log.
 */
export async function startServer(
  location: DataFolderLocation,
  options: ServerOptions,
): Promise<RunningServer> {
  const choosePort = options.choosePort ?? freePort;
  for (let attempt = 1; ; attempt++) {
    const started = await startOn(await choosePort(), location, options);
    if (!('failure' in started)) return started;
    const isWorthRetrying = [portTaken, sessionsRemain, isServed].some((cause) =>
      cause.test(started.failure),
    );
    if (!isWorthRetrying || attempt === attempts) {
      throw new EmbeddedDatabaseError('SERVER_FAILED', started.failure);
    }
    if (isServed.test(started.failure)) await endOrphanedServer(location, options.log);
    if (sessionsRemain.test(started.failure)) await sleep(500);
  }
}

/** The environment of PostgreSQL's programs: nothing of the service's own that would change what they do. */
export function serverEnvironment(home: string): NodeJS.ProcessEnv {
  const kept = process.platform === 'win32' ? ['PATH', 'SystemRoot', 'SystemDrive', 'TEMP', 'TMP'] : ['PATH'];
  return {
    ...Object.fromEntries(kept.map((name) => [name, process.env[name]])),
    HOME: home,
    // Messages in English, whatever the system's language: they are searched above.
    LC_ALL: 'C',
  };
}

/** A port of 127.0.0.1 that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function startOn(
  port: number,
  location: DataFolderLocation,
  options: ServerOptions,
): Promise<RunningServer | { failure: string }> {
  const log = await open(logFileOf(location), 'a', 0o600);
  const logStart = (await log.stat()).size;
  let child: ChildProcess;
  let ended: string | null = null;
  const hasEnded = (): string | null => ended;
  try {
    child = spawn(
      programIn(nativeFolderOf(location), 'postgres'),
      serverArguments(port, location, options.settings),
      {
        ...asAccount(options.account),
        cwd: location.databaseFolder,
        env: serverEnvironment(location.databaseFolder),
        stdio: ['ignore', log.fd, log.fd],
        detached: true,
        windowsHide: true,
      },
    );
    // At once: a server that fails may have ended before the log is closed.
    child.once('error', (error) => (ended = error.message));
    child.once(
      'exit',
      (code, signal) => (ended ??= signal === null ? `exit code ${code}` : `signal ${signal}`),
    );
  } finally {
    await log.close();
  }
  // A process that ends without stopping the server isn't kept alive by it; the watchdog ends the server then.
  child.unref();
  options.onSpawn?.();

  for (const deadline = Date.now() + startLimitMilliseconds; hasEnded() === null && Date.now() < deadline;) {
    const status = await readServerStatus(location.databaseFolder);
    if (status?.isReady && status.pid === child.pid)
      return watched(child, status.pid, port, location, options);
    await sleep(10);
  }
  const said = await lastLines(logFileOf(location), logStart);
  if (hasEnded() === null && child.pid !== undefined) await stopProcess(child.pid, location, options.log);
  const why = hasEnded() ?? `not ready after ${startLimitMilliseconds / 1000} s`;
  return { failure: `PostgreSQL didn't start (${why}). The end of ${logFileOf(location)}:\n${said}` };
}

function serverArguments(port: number, location: DataFolderLocation, overrides: ServerSettings): string[] {
  const settings = { ...defaultSettings, ...overrides, ...fixedSettings, port };
  return [
    '-D',
    location.databaseFolder,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${String(value)}`]),
  ];
}

function watched(
  child: ChildProcess,
  pid: number,
  port: number,
  location: DataFolderLocation,
  options: ServerOptions,
): RunningServer {
  const watchdog = startWatchdog(pid, location, options);
  let stopping: Promise<void> | null = null;
  child.once('exit', (code, signal) => {
    watchdog?.kill('SIGKILL');
    if (stopping === null) {
      options.log(`PostgreSQL (process ${pid}) has ended by itself (${signal ?? `exit code ${code}`}).`);
    }
  });
  const stop = async (): Promise<void> => {
    await stopProcess(pid, location, options.log);
    watchdog?.kill('SIGKILL');
  };
  return { pid, port, stop: () => (stopping ??= stop()) };
}

async function stopProcess(
  pid: number,
  location: DataFolderLocation,
  log: (line: string) => void,
): Promise<void> {
  const identity = processWithId(pid);
  if (identity !== null) await endServer(identity, location, log);
}

/**
 * A shell that waits for the end of its input, which comes when this process ends in whatever way (even `kill -9`), and
 * then shuts the server down. Where there is no such shell the next start ends what was left behind.
 */
function startWatchdog(
  pid: number,
  location: DataFolderLocation,
  options: ServerOptions,
): ChildProcess | null {
  if (process.platform === 'win32') return null;
  const script = 'read -r end; read -r running < postmaster.pid && [ "$running" = "$1" ] && kill -INT "$1"';
  const watchdog = spawn('/bin/sh', ['-c', script, 'sh', String(pid)], {
    ...asAccount(options.account),
    cwd: location.databaseFolder,
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watchdog.once('error', (error) =>
    options.log(
      `PostgreSQL won't stop by itself if this service is killed; its next start stops it (${error.message}).`,
    ),
  );
  watchdog.unref();
  if (watchdog.stdin instanceof Socket) watchdog.stdin.unref();
  return watchdog;
}

async function lastLines(logFile: string, from: number): Promise<string> {
  const { size } = await stat(logFile);
  const text = (await readFile(logFile)).subarray(Math.max(from, size - 8192)).toString('utf8');
  return text.trimEnd().split('\n').slice(-20).join('\n');
}
