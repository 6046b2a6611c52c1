import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';

const ROOT = join(__dirname, '..', '..');

/** Compiles the example launcher into a folder. @returns its file */
export function buildLauncher(folder: string): string {
  const outfile = join(folder, 'launcher.js');
  buildSync({
    entryPoints: [join(ROOT, 'examples', 'launcher-ec2', 'launcher.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    target: 'node20',
  });
  return outfile;
}

/** A line that the launcher logged. */
export interface LogLine {
  readonly message: string;
  readonly [detail: string]: unknown;
}

/** The example launcher as its own process. */
export class LauncherProcess {
  readonly lines: LogLine[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | null>;
  /** Whether it has ended, and all that it wrote was read. */
  private isOver = false;
  private errors = '';

  constructor(file: string, environment: Record<string, string>) {
    // Nothing of the caller's: neither a profile nor credentials nor an endpoint.
    this.child = spawn(process.execPath, [file], {
      env: { PATH: process.env['PATH'], NODE_PATH: join(ROOT, 'node_modules'), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.ended = once(this.child, 'close').then(([code]) => {
      this.isOver = true;
      for (const look of this.waiting) look();
      return code as number | null;
    });
    this.child.stderr?.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
    if (this.child.stdout === null) throw new Error('The launcher has no output');
    createInterface(this.child.stdout).on('line', (line) => {
      this.lines.push(JSON.parse(line) as LogLine);
      for (const look of this.waiting) look();
    });
  }

  /** What it wrote to its standard error. */
  get errorOutput(): string {
    return this.errors;
  }

  /** Waits until it has logged `count` lines with this message and these details, and gives the last of them. */
  logged(message: string, details: Readonly<Record<string, unknown>> = {}, count = 1): Promise<LogLine> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.lines.filter(
          (line) =>
            line.message === message && Object.entries(details).every(([key, value]) => line[key] === value),
        );
        const line = found[count - 1];
        if (line === undefined && !this.isOver) return;
        this.waiting.delete(look);
        if (line) resolve(line);
        else
          reject(
            new Error(
              `The launcher ended without "${message}":\n${JSON.stringify(this.lines)}\n${this.errors}`,
            ),
          );
      };
      this.waiting.add(look);
      look();
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits for its end; gives the exit code. */
  exit(): Promise<number | null> {
    return this.ended;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.kill(signal);
    return this.ended;
  }
}
