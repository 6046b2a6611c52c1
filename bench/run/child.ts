import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A server in a process of its own. */
export interface Child {
  readonly url: string;
  readonly pid: number;
  /** Milliseconds from its start until it said where it listens. */
  readonly readyAfter: number;
  /** @throws Error when it ended by itself */
  assertAlive(): void;
  stop(): Promise<void>;
}

export interface ChildOptions {
  readonly name: string;
  /** Path of its JavaScript file. */
  readonly script: string;
  readonly environment: Record<string, string>;
  /** Finds its URL in the line that tells it. */
  readonly announcement: RegExp;
}

const START_MS = 60_000;
const STOP_MS = 15_000;

/** Starts a server and waits until it listens. @throws Error with what it wrote when it ended before */
export async function startChild({ name, script, environment, announcement }: ChildOptions): Promise<Child> {
  const start = performance.now();
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killed = () => child.kill('SIGKILL');
  process.once('exit', killed);
  child.once('exit', () => process.off('exit', killed));
  const written = keepLastLines(child);
  const url = await announced(child, announcement, name, written);
  const readyAfter = performance.now() - start;
  const assertAlive = () => {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(
        `The ${name} ended (${child.signalCode ?? child.exitCode}) while it was measured:\n${written()}`,
      );
  };
  return {
    url,
    pid: child.pid ?? 0,
    readyAfter,
    assertAlive,
    stop: async () => {
      assertAlive();
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
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
  announcement: RegExp,
  name: string,
  written: () => string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
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
