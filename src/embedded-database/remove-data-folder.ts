import { readdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { isMarked, markerFileName } from './data-folder';
import type { DataFolderLocation } from './data-folder-location';
import { EmbeddedDatabaseError } from './embedded-database-error';
import { hasErrorCode } from './file-system';
import { endOrphanedServer } from './orphaned-server';
import { claimDataFolder, claimFileName } from './service-claim';

/**
 * Removes the data folder with all data, after ending a server that an earlier service left behind.
 *
 * @returns whether there was a folder to remove.
 * @throws EmbeddedDatabaseError IN_USE while a live service owns it, FOREIGN_FOLDER when mci-graph didn't create it.
 */
export async function removeDataFolder(
  location: DataFolderLocation,
  log: (line: string) => void,
): Promise<boolean> {
  const { folder } = location;
  const names = await namesIn(folder);
  if (names === null || names.length === 0) return false;
  if (!(await isMarked(folder))) {
    throw new EmbeddedDatabaseError(
      'FOREIGN_FOLDER',
      `${folder} wasn't created by mci-graph (its ${markerFileName} doesn't say so), so nothing in it is deleted. ` +
        `Check MCI_GRAPH_DATA.`,
    );
  }
  const claim = await claimDataFolder(folder);
  try {
    await endOrphanedServer(location, log);
    for (const name of (await namesIn(folder)) ?? []) {
      if (name.startsWith(claimFileName) || name === 'lost+found' || name === markerFileName) continue;
      await rm(path.join(folder, name), { recursive: true, force: true, maxRetries: 5 });
    }
    // Last, so that an interrupted removal can be repeated.
    await rm(path.join(folder, markerFileName), { force: true });
  } finally {
    await claim.release();
  }
  try {
    await rmdir(folder);
  } catch (error) {
    // A mount point stays, and so does a folder in which another service has begun to start meanwhile.
    if (!hasErrorCode(error, 'ENOTEMPTY', 'EEXIST', 'EBUSY', 'ENOTDIR', 'EACCES', 'EPERM')) throw error;
  }
  return true;
}

async function namesIn(folder: string): Promise<string[] | null> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return null;
    throw error;
  }
}
