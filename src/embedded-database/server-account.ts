import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { EmbeddedDatabaseError } from './embedded-database-error';

/** The account of the operating system that runs PostgreSQL in place of root. */
export interface ServerAccount {
  name: string;
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root. For root it runs as the owner of an existing database, else as the system user
 * `postgres`, else as `nobody`. Null: it runs as whoever runs this process.
 */
export function serverAccount(databaseFolder: string): ServerAccount | null {
  if (process.geteuid?.() !== 0) return null;
  const accounts = systemAccounts();
  if (existsSync(databaseFolder)) {
    const { uid, gid } = statSync(databaseFolder);
    if (uid !== 0)
      return accounts.find((account) => account.uid === uid) ?? { name: `user ${uid}`, uid, gid };
  }
  return (
    accounts.find(({ name, uid }) => name === 'postgres' && uid !== 0) ??
    accounts.find(({ name, uid }) => name === 'nobody' && uid !== 0) ?? {
      name: 'nobody',
      uid: 65534,
      gid: 65534,
    }
  );
}

/** What `child_process` needs to run a program as this account. */
export function asAccount(account: ServerAccount | null): { uid?: number; gid?: number } {
  return account === null ? {} : { uid: account.uid, gid: account.gid };
}

/**
 * Whether the account may enter all these folders and run all these programs. Asked of the system by trying, because
 * the mode bits alone don't tell (access lists, mounts, security modules).
 */
export function canReach(account: ServerAccount | null, ...paths: string[]): boolean {
  if (account === null) return true;
  const check = 'for path; do [ -x "$path" ] || exit 1; done';
  const result = spawnSync('/bin/sh', ['-c', check, 'sh', ...paths], {
    ...asAccount(account),
    cwd: '/',
    env: {},
    stdio: 'ignore',
  });
  if (result.error) {
    throw new EmbeddedDatabaseError(
      'UNREACHABLE',
      `PostgreSQL refuses to run as root, and this process may not run programs as the account ${account.name} ` +
        `(${result.error.message}). Run the service as an ordinary user, or set DATABASE_URL to another PostgreSQL.`,
      { cause: result.error },
    );
  }
  return result.status === 0;
}

function systemAccounts(): ServerAccount[] {
  if (!existsSync('/etc/passwd')) return [];
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4 && !fields[0]?.startsWith('#'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}
