import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A server in a process of its own. */
export interface Child {
  readonly url: string;
  readonly pid: number;
  /** @throws Error when it ended by itself */
  assertAlive(): void;
  stop(): Promise<void>;
}

export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Beside this process's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Finds its URL in the line that tells it. */
  readonly announcement: RegExp;
  /** Whether it starts processes of its own, which are to end with it. */
  readonly leads?: boolean;
}

const START_MS = 60_000;
const STOP_MS = 15_000;

/** Starts a server and waits until it listens. @throws Error with what it wrote when it ended before */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, command, args, environment, leads = false } = options;
  const child = spawn(command, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // It leads a group of processes then.
    detached: leads,
  });
  const signal = (what: NodeJS.Signals) => (leads ? signalGroup(child, what) : void child.kill(what));
  const killed = () => signal('SIGKILL');
  process.once('exit', killed);
  // Whatever it started has the same output: `close` comes when the last of them has ended, unlike `exit`.
  child.once('close', () => process.off('exit', killed));
  const written = keepLastLines(child);
  const url = await announced(child, options, written, killed);
  const assertAlive = () => {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(
        `The ${name} ended (${child.signalCode ?? child.exitCode}) while it was measured:\n${written()}`,
      );
  };
  return {
    url,
    pid: child.pid ?? 0,
    assertAlive,
    stop: async () => {
      assertAlive();
      const ended = once(child, 'close');
      signal('SIGTERM');
      const timer = setTimeout(killed, STOP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // None of them is left.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The last lines that it wrote, for when it fails. */
function keepLastLines(child: ChildProcess): () => string {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    if (stream)
      createInterface(stream).on('line', (line) => {
        lines.push(line);
        if (lines.length > 30) lines.shift();
      });
  return () => lines.join('\n');
}

function announced(
  child: ChildProcess,
  { announcement, name }: ChildOptions,
  written: () => string,
  kill: () => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      kill();
      reject(new Error(`The ${name} did not listen within ${START_MS / 1000} s:\n${written()}`));
    }, START_MS);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`The ${name} did not start (${signal ?? code}):\n${written()}`));
    });
    let text = '';
    const look = (chunk: Buffer) => {
      text += chunk.toString();
      const url = announcement.exec(text)?.[1];
      if (url === undefined) return;
      child.stdout?.off('data', look);
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout?.on('data', look);
  });
}
