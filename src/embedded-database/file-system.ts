import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Whether an error of the file system or of a process call carries one of these codes (such as `ENOENT`). */
export function hasErrorCode(error: unknown, ...codes: string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);
}

/** The text of a file, or null when there is no such file. */
export async function readTextIfPresent(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** A name beside `target` that nobody else uses; `purpose` says in the name what it is for. */
export function temporaryNameFor(target: string, purpose: string): string {
  return `${target}.${purpose}-${randomBytes(6).toString('hex')}`;
}

/** Writes a file so that a reader sees either nothing or all of it, and so that a power failure can't halve it. */
export async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  const temporary = temporaryNameFor(file, 'writing');
  await writeFile(temporary, text, { mode, flag: 'wx', flush: true });
  await rename(temporary, file);
}

/** `folder` itself or the closest folder above it that exists. */
export function nearestExistingFolder(folder: string): string {
  let nearest = path.resolve(folder);
  while (!existsSync(nearest) && nearest !== path.dirname(nearest)) nearest = path.dirname(nearest);
  return nearest;
}
