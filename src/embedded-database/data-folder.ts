import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, rm, stat, truncate } from 'node:fs/promises';
import path from 'node:path';
import type { DataFolderLocation } from './data-folder-location';
import { isInTemporaryFallback } from './data-folder-location';
import { EmbeddedDatabaseError } from './embedded-database-error';
import { hasErrorCode, nearestExistingFolder, readTextIfPresent, writeWhole } from './file-system';
import type { ServerAccount } from './server-account';
import { claimFileName } from './service-claim';

export const markerFileName = 'README.txt';
const markerTitle = 'Data of mci-graph';
const marker = `${markerTitle}

This folder holds the embedded PostgreSQL database of mci-graph: its data, its password and its log.
Delete it only with "npm run reset" in the project, while the service is stopped. Everything in it is deleted then.
`;

const logLimitBytes = 10 * 1024 * 1024;

/** The server's own log. */
export function logFileOf(location: DataFolderLocation): string {
  return path.join(location.folder, 'postgresql.log');
}

/**
 * Creates the folder with its marker, or checks that the folder that is there carries it.
 *
 * @throws EmbeddedDatabaseError FOREIGN_FOLDER when it holds other things: marking it would let a reset delete them.
 */
export async function openDataFolder(
  location: DataFolderLocation,
  account: ServerAccount | null,
): Promise<void> {
  const { folder } = location;
  const existing = nearestExistingFolder(folder);
  await mkdir(folder, { recursive: true, mode: account === null ? 0o700 : 0o755 });
  if (account !== null) {
    // A strict umask of root would shut the account out of what root creates.
    for (let made = folder; made !== existing; made = path.dirname(made)) await chmod(made, 0o755);
  }
  if (isInTemporaryFallback(folder) && (await lstat(folder)).uid !== process.geteuid?.()) {
    throw new EmbeddedDatabaseError(
      'FOREIGN_FOLDER',
      `${folder} belongs to another user. Remove it, or set MCI_GRAPH_DATA to another folder.`,
    );
  }
  // In this order: whoever else creates the folder just now writes the marker before anything of weight.
  const isEmpty = (await readdir(folder)).every(isNegligible);
  if (await isMarked(folder)) return;
  if (!isEmpty) {
    throw new EmbeddedDatabaseError(
      'FOREIGN_FOLDER',
      `${folder} isn't empty and wasn't created by mci-graph, so it can't become its data folder. ` +
        `Set MCI_GRAPH_DATA to a new or empty folder.`,
    );
  }
  await writeWhole(path.join(folder, markerFileName), marker, 0o644);
}

/** Removes what interrupted starts left half made. Only for the owner of the data folder. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (
      /\.(initializing|copying)-/.test(name) ||
      /^(password\.|initial-password\.|service\.json-)/.test(name)
    ) {
      await rm(path.join(folder, name), { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

/** Empties a log that has grown beyond 10 MB. */
export async function boundLog(location: DataFolderLocation): Promise<void> {
  try {
    if ((await stat(logFileOf(location))).size > logLimitBytes) await truncate(logFileOf(location));
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error;
  }
}

/** The database's password, or null before the first start. */
export async function readPassword(folder: string): Promise<string | null> {
  return (await readTextIfPresent(path.join(folder, 'password')))?.trim() ?? null;
}

/** The database's password, made at the first start. Only the account that runs the service may read the file. */
export async function keepPassword(folder: string): Promise<string> {
  const known = await readPassword(folder);
  if (known !== null) return known;
  const password = randomBytes(24).toString('base64url');
  await writeWhole(path.join(folder, 'password'), `${password}\n`, 0o600);
  return password;
}

/** Whether this program created the folder for its data. */
export async function isMarked(folder: string): Promise<boolean> {
  return (await readTextIfPresent(path.join(folder, markerFileName)))?.startsWith(markerTitle) ?? false;
}

/** What may lie in a folder that holds nothing yet: a file system's own folder, a claim, a marker being written. */
function isNegligible(name: string): boolean {
  return name === 'lost+found' || name.startsWith(claimFileName) || name.startsWith(`${markerFileName}.`);
}
