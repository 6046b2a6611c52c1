import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem, type, release } from 'node:os';
import { join } from 'node:path';
import { withClient } from './database-server';

/** Where and with what something was measured. */
export interface Environment {
  readonly processor: string;
  readonly processors: number;
  readonly memoryGigabytes: number;
  readonly system: string;
  readonly node: string;
  readonly postgresql: string;
  /** Versions of the packages that answer. */
  readonly packages: Readonly<Record<string, string>>;
  /** Commit of the code, with a `+` when it was changed since; `null` outside a clone. */
  readonly commit: string | null;
  readonly measuredAt: string;
}

const PACKAGES = ['@apollo/server', 'fastify', 'graphql', 'pg', 'type-graphql', 'typeorm'];

export async function readEnvironment(databaseUrl: string): Promise<Environment> {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    processors: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release().split('-')[0]}`,
    node: process.version,
    postgresql: await withClient(databaseUrl, async (client) => {
      const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
      return rows[0]?.server_version ?? 'unknown';
    }),
    packages: installedVersions(),
    commit: commit(),
    measuredAt: new Date().toISOString(),
  };
}

function installedVersions(): Record<string, string> {
  const { dependencies } = JSON.parse(readFileSync(join(process.cwd(), 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return Object.fromEntries(PACKAGES.map((name) => [name, dependencies[name] ?? 'unknown']));
}

function commit(): string | null {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const changed = git('status', '--porcelain', '--', 'src', 'bench', 'migrations') !== '';
    return `${git('rev-parse', '--short=10', 'HEAD')}${changed ? '+' : ''}`;
  } catch {
    // No git, or no clone: a package has no commit.
    return null;
  }
}
