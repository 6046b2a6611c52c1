import { execFile } from 'node:child_process';
import { chown, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { DataFolderLocation } from './data-folder-location';
import { nativeFolderOf } from './data-folder-location';
import { EmbeddedDatabaseError } from './embedded-database-error';
import { hasErrorCode, messageOf, temporaryNameFor } from './file-system';
import type { ServerAccount } from './server-account';
import { asAccount } from './server-account';
import { packageVersion, programIn } from './server-binaries';
import { serverEnvironment } from './server-process';

/** The superuser of the embedded database, and the name of the service's database. */
export const databaseName = 'mci_graph';

const run = promisify(execFile);

/**
 * Makes the database cluster unless it is there: UTF-8, the built-in locale C.UTF-8 (the same order of text on every
 * system), checksums, password required. It is made under another name, so that what an interrupted start leaves is
 * never taken for a database.
 */
export async function createCluster(
  location: DataFolderLocation & { packageFolder: string },
  account: ServerAccount | null,
  password: string,
  log: (line: string) => void,
): Promise<void> {
  const version = packageVersion(location.packageFolder);
  const major = Number.parseInt(version, 10);
  if (existsSync(location.databaseFolder)) {
    await assertSameMajor(location.databaseFolder, major);
    return;
  }
  log(`Creating the database in ${location.databaseFolder}.`);
  const folder = temporaryNameFor(location.databaseFolder, 'initializing');
  const passwordFile = temporaryNameFor(path.join(location.folder, 'initial-password'), 'writing');
  try {
    await mkdir(folder, { mode: 0o700 });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
    if (account !== null) {
      for (const owned of [folder, passwordFile]) await giveTo(account, owned);
    }
    const locale = major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
    await runInitdb(programIn(nativeFolderOf(location), 'initdb'), account, folder, [
      `--pgdata=${folder}`,
      `--username=${databaseName}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--no-locale',
      ...locale,
      '--data-checksums',
      '--no-instructions',
    ]);
    await rename(folder, location.databaseFolder);
    await syncFolder(location.folder);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

async function assertSameMajor(databaseFolder: string, major: number): Promise<void> {
  const version = (await readFile(path.join(databaseFolder, 'PG_VERSION'), 'utf8')).trim();
  if (Number(version) === major) return;
  throw new EmbeddedDatabaseError(
    'WRONG_VERSION',
    `The database in ${databaseFolder} was made by PostgreSQL ${version}, and this is PostgreSQL ${major}. Export the ` +
      `data with the version of mci-graph that made it, or start with an empty database ("npm run reset").`,
  );
}

async function giveTo(account: ServerAccount, file: string): Promise<void> {
  try {
    await chown(file, account.uid, account.gid);
  } catch (error) {
    if (!hasErrorCode(error, 'EPERM', 'EINVAL', 'ENOTSUP')) throw error;
    throw new EmbeddedDatabaseError(
      'UNREACHABLE',
      `${file} can't be given to the account ${account.name}, which runs PostgreSQL because PostgreSQL refuses to run ` +
        `as root. Set MCI_GRAPH_DATA to a folder on a local disk, or run the service as an ordinary user.`,
      { cause: error },
    );
  }
}

async function runInitdb(
  program: string,
  account: ServerAccount | null,
  cwd: string,
  options: string[],
): Promise<void> {
  try {
    await run(program, options, {
      ...asAccount(account),
      cwd,
      env: serverEnvironment(cwd),
      windowsHide: true,
    });
  } catch (error) {
    const said =
      typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new EmbeddedDatabaseError(
      'SERVER_FAILED',
      `PostgreSQL's initdb failed: ${said || messageOf(error)}`,
      { cause: error },
    );
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows can't open a folder as a file; its file system keeps the order of renames itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
