import { createHash } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EmbeddedDatabaseError } from './embedded-database-error';
import { hasErrorCode, nearestExistingFolder } from './file-system';
import type { ServerAccount } from './server-account';
import { canReach, serverAccount } from './server-account';
import { findBinaryPackage, packageVersion, runsInPlace } from './server-binaries';

/** Where the embedded database keeps what it needs. */
export interface DataFolderLocation {
  /** The one folder that holds everything; `removeDataFolder` removes it. */
  folder: string;
  /** PostgreSQL's own data directory, inside `folder`. */
  databaseFolder: string;
  /** The npm package with PostgreSQL's programs, or null when none is installed for this platform. */
  packageFolder: string | null;
  /** Where PostgreSQL's programs are copied to, inside `folder`; null when they run out of the package itself. */
  binariesFolder: string | null;
  /** Why the data or the programs don't lie where one would look first; a sentence for the log. */
  reason?: string;
}

/**
 * Chooses the data folder: `configured` (relative to `dataHome`), else `<dataHome>/.mci-graph`, else, when this is root
 * and the account that runs PostgreSQL can't enter the project, a folder of the system that it can. Creates nothing.
 *
 * @throws EmbeddedDatabaseError UNREACHABLE when that account can't enter the configured folder either.
 */
export function locateDataFolder(choice: {
  /** Where PostgreSQL's package is looked for, upwards. */
  projectFolder: string;
  /** The project's own folder, unless told. */
  dataHome?: string;
  configured?: string;
}): DataFolderLocation {
  const projectFolder = path.resolve(choice.projectFolder);
  const dataHome = path.resolve(choice.dataHome ?? projectFolder);
  const usual = path.resolve(dataHome, choice.configured ? choice.configured : '.mci-graph');
  const reasons: string[] = [];

  let folder = usual;
  const usualAccount = serverAccount(path.join(usual, 'database'));
  if (!canReach(usualAccount, nearestExistingFolder(usual))) {
    const refusal =
      `PostgreSQL refuses to run as root and runs as the account ${usualAccount?.name}, ` +
      `which may not enter ${nearestExistingFolder(usual)}`;
    if (choice.configured) {
      throw new EmbeddedDatabaseError(
        'UNREACHABLE',
        `${refusal}. Set MCI_GRAPH_DATA to a folder that it may enter (such as /var/lib/mci-graph), ` +
          `run the service as an ordinary user, or set DATABASE_URL to another PostgreSQL.`,
      );
    }
    folder = systemFolderFor(dataHome);
    reasons.push(`${refusal}; the data are in ${folder}.`);
  }

  const databaseFolder = path.join(folder, 'database');
  const packageFolder = findBinaryPackage(projectFolder);
  let binariesFolder: string | null = null;
  if (packageFolder !== null && !runsInPlace(packageFolder, serverAccount(databaseFolder))) {
    binariesFolder = path.join(folder, `postgresql-${packageVersion(packageFolder)}`);
    reasons.push(`PostgreSQL can't run out of ${packageFolder}; a copy in ${binariesFolder} is used.`);
  }
  return {
    folder,
    databaseFolder,
    packageFolder,
    binariesFolder,
    ...(reasons.length > 0 && { reason: reasons.join(' ') }),
  };
}

/** The folder with PostgreSQL's `bin`, `lib` and `share`, whether or not anything has been put there yet. */
export function nativeFolderOf(location: DataFolderLocation): string {
  return location.binariesFolder ?? path.join(location.packageFolder ?? location.folder, 'native');
}

/** Whether the folder is the fallback in the temporary folder, where any user may have put something first. */
export function isInTemporaryFallback(folder: string): boolean {
  return path.dirname(folder) === os.tmpdir() && path.basename(folder).startsWith('mci-graph-');
}

function systemFolderFor(projectFolder: string): string {
  const digest = createHash('sha256').update(projectFolder).digest('hex').slice(0, 8);
  const name = `${path.basename(projectFolder)}-${digest}`;
  const candidates = [path.join('/var/lib/mci-graph', name), path.join(os.tmpdir(), `mci-graph-${name}`)];
  const found = candidates.find((candidate) => {
    const account: ServerAccount | null = serverAccount(path.join(candidate, 'database'));
    const nearest = nearestExistingFolder(candidate);
    return isWritable(nearest) && canReach(account, nearest);
  });
  if (found !== undefined) return found;
  throw new EmbeddedDatabaseError(
    'UNREACHABLE',
    `Neither ${candidates.join(' nor ')} can hold the data. Set MCI_GRAPH_DATA to a folder that the account which runs ` +
      `PostgreSQL may enter, or set DATABASE_URL to another PostgreSQL.`,
  );
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'EACCES', 'EROFS', 'EPERM')) return false;
    throw error;
  }
}
