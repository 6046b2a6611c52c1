import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const ENTRY = join(ROOT, 'dist', 'src', 'index.js');

export interface Service {
  readonly process: ChildProcess;
  readonly url: string;
  readonly token: string | null;
  readonly output: () => string;
  /** Sends the signal and waits for the end; gives the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function launch(args: readonly string[], environment: Record<string, string>, entry = ENTRY): ChildProcess {
  const { DATABASE_URL: _ours, ...inherited } = process.env;
  return spawn(process.execPath, [entry, ...args], {
    env: { ...inherited, MCI_GRAPH_LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Starts the built service as a user would, and waits until it says that it is ready. */
export async function startService(environment: Record<string, string>, entry?: string): Promise<Service> {
  const child = launch(['start'], environment, entry);
  let output = '';
  const ready = new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      output += chunk.toString();
      if (/^ {2}graphql .*\n/m.test(output) && output.includes('mci-graph is ready')) setImmediate(resolve);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    // At 'exit' its last words may not have been read yet.
    child.once('close', (code) => reject(new Error(`The service ended with ${code}:\n${output}`)));
  });
  await ready;
  const url = /^ {2}graphql +(\S+)\/graphql$/m.exec(output)?.[1];
  if (url === undefined) throw new Error(`No address was printed:\n${output}`);
  return {
    process: child,
    url,
    token: /^ {2}token +(\S+)/m.exec(output)?.[1] ?? null,
    output: () => output,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, 'exit') as Promise<[number | null]>;
      child.kill(signal);
      return (await ended)[0];
    },
  };
}

/** Runs one command of the built package to its end. */
export async function runCommand(
  args: readonly string[],
  environment: Record<string, string>,
): Promise<CommandResult> {
  const child = launch(args, environment);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

export async function ask(service: Service, query: string, variables: object = {}, token = service.token) {
  const response = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as {
    data: any;
    errors?: { message: string; extensions: { code: string } }[];
  };
}
