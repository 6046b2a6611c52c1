import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** The running example: mci-graph, the cost subgraph and a gateway in front of both. */
export interface Federation {
  /** What it printed: the answer to the question that it asked. */
  readonly output: string;
  readonly mciGraph: string;
  readonly gateway: string;
  /** A token of the demo account. */
  readonly token: string;
  /** Tells it to end, as Ctrl-C does; gives the exit code. */
  stop(): Promise<number | null>;
}

/** Runs what `npm run example:federation` runs, and waits until the gateway answers. */
export async function startFederation(
  gateway: string,
  environment: Record<string, string>,
): Promise<Federation> {
  const program = join(ROOT, 'examples', 'federation', 'run.mjs');
  const child = spawn(process.execPath, [program, '--gateway', gateway], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (/until Ctrl-C\.\n$/.test(output)) resolve();
    });
    // At 'exit' its last words may not have been read yet.
    child.once('close', (code) => reject(new Error(`The example ended with ${code}:\n${output}\n${errors}`)));
  });
  const printed = (name: string): string => {
    const value = new RegExp(`^${name} +(\\S+)`, 'm').exec(output)?.[1];
    if (value === undefined) throw new Error(`No ${name} was printed:\n${output}`);
    return value;
  };
  return {
    output,
    mciGraph: printed('mci-graph'),
    gateway: printed('gateway'),
    token: printed('token'),
    stop: async () => {
      const ended = once(child, 'exit') as Promise<[number | null]>;
      child.kill('SIGINT');
      return (await ended)[0];
    },
  };
}
