import { randomUUID } from 'node:crypto';
import { link, rename, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EmbeddedDatabaseError } from './embedded-database-error';
import { hasErrorCode, readTextIfPresent, temporaryNameFor } from './file-system';
import type { ProcessIdentity } from './process-identity';
import { isRunning, processWithId } from './process-identity';

export const claimFileName = 'service.json';

/** What `service.json` says: the process that owns the data folder. */
interface Claim extends ProcessIdentity {
  /** Tells this claim apart from every other one. */
  id: string;
}

/** The right to use a data folder, held by this process until it is released. */
export interface HeldClaim {
  release(): Promise<void>;
}

/**
 * Makes this process the one owner of the data folder. Of several that try at once exactly one succeeds; what a dead
 * process left behind doesn't count.
 *
 * @throws EmbeddedDatabaseError IN_USE with the id of the process that owns the folder.
 */
export async function claimDataFolder(folder: string): Promise<HeldClaim> {
  const file = path.join(folder, claimFileName);
  const claim: Claim = {
    ...(processWithId(process.pid) ?? { pid: process.pid, startedAt: '' }),
    id: randomUUID(),
  };
  await take(file, claim);
  return { release: () => giveBack(file, claim) };
}

/** The live process that owns the data folder, or null. */
export async function ownerOf(folder: string): Promise<ProcessIdentity | null> {
  const claim = await readClaim(path.join(folder, claimFileName));
  return claim !== null && isRunning(claim) ? claim : null;
}

/**
 * Puts `claim` into `file` if no live process holds it. A dead holder's claim may be replaced only by whoever holds the
 * claim on exactly that replacement (a file named after the dead claim's id), so nobody can take away a claim that has
 * meanwhile become a live one. That second claim is taken in the same way, for its holder may have died as well.
 */
async function take(file: string, claim: Claim): Promise<void> {
  for (;;) {
    if (await putNew(file, claim)) return;
    const holder = await readClaim(file);
    if (holder === null) continue;
    if (isRunning(holder)) throw inUse(path.dirname(file), holder.pid);
    const replacement = `${file}-${holder.id}`;
    await take(replacement, claim);
    try {
      if ((await readClaim(file))?.id !== holder.id) continue;
      const temporary = await writeTemporary(file, claim);
      await rename(temporary, file);
      return;
    } finally {
      await giveBack(replacement, claim);
    }
  }
}

/** Creates the file whole, by a link, so that nobody ever reads a half-written claim; false when there is one. */
async function putNew(file: string, claim: Claim): Promise<boolean> {
  const temporary = await writeTemporary(file, claim);
  try {
    await link(temporary, file);
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await unlink(temporary);
  }
}

async function writeTemporary(file: string, claim: Claim): Promise<string> {
  const temporary = temporaryNameFor(path.join(path.dirname(file), claimFileName), 'writing');
  await writeFile(temporary, `${JSON.stringify(claim)}\n`, { flag: 'wx', mode: 0o644 });
  return temporary;
}

async function giveBack(file: string, claim: Claim): Promise<void> {
  if ((await readClaim(file))?.id === claim.id) await unlink(file);
}

async function readClaim(file: string): Promise<Claim | null> {
  const text = await readTextIfPresent(file);
  if (text === null) return null;
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (isClaim(value)) return value;
  throw new EmbeddedDatabaseError(
    'FOREIGN_FOLDER',
    `${file} isn't what mci-graph writes. Delete that file if no service uses the folder.`,
  );
}

function isClaim(value: unknown): value is Claim {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'startedAt' in value &&
    typeof value.startedAt === 'string' &&
    'id' in value &&
    typeof value.id === 'string' &&
    /^[0-9a-f-]{36}$/.test(value.id)
  );
}

function inUse(folder: string, pid: number): EmbeddedDatabaseError {
  const holder = pid === process.pid ? `this same process (id ${pid})` : `the service with process id ${pid}`;
  return new EmbeddedDatabaseError(
    'IN_USE',
    `The data folder ${folder} is in use by ${holder}. Stop that service, or set MCI_GRAPH_DATA to another folder, ` +
      `or set DATABASE_URL to another PostgreSQL.`,
  );
}
