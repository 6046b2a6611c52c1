import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hasErrorCode } from './file-system';

/** A process, told apart from a later one that was given the same id. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in the system's own terms; empty where the system doesn't tell. */
  startedAt: string;
}

/** The process that runs under this id now, or null when none does (a dead one not yet reaped counts as none). */
export function processWithId(pid: number): ProcessIdentity | null {
  if (!Number.isSafeInteger(pid) || pid <= 0 || !acceptsSignals(pid)) return null;
  if (process.platform === 'linux') return linuxProcess(pid);
  if (process.platform === 'win32') return { pid, startedAt: '' };
  const ps = processStatus(pid, 'state=,lstart=');
  if (ps === '') return null;
  const [state = '', ...started] = ps.split(/\s+/);
  return state.startsWith('Z') ? null : { pid, startedAt: started.join(' ') };
}

/** Whether exactly this process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  const current = processWithId(identity.pid);
  if (current === null) return false;
  const isKnown = current.startedAt !== '' && identity.startedAt !== '';
  return !isKnown || current.startedAt === identity.startedAt;
}

/** Program and arguments as one text, arguments separated by NUL where the system tells them apart; '' if unknown. */
export function commandLineOf(pid: number): string {
  if (process.platform !== 'linux') return processStatus(pid, 'command=');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return '';
    throw error;
  }
}

function acceptsSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasErrorCode(error, 'EPERM');
  }
}

function linuxProcess(pid: number): ProcessIdentity | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ESRCH')) return null;
    if (!hasErrorCode(error, 'ENOENT', 'EACCES', 'EPERM')) throw error;
    // It may have ended just now, or belong to another user on a system that hides those (hidepid).
    return acceptsSignals(pid) ? { pid, startedAt: '' } : null;
  }
  // The second field, the program's name in brackets, may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, ticksAfterBoot] = [fields[0], fields[19]];
  if (state === 'Z' || state === 'X') return null;
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return { pid, startedAt: `${boot}/${ticksAfterBoot}` };
}

function processStatus(pid: number, columns: string): string {
  if (process.platform === 'win32') return '';
  const result = spawnSync('ps', ['-ww', '-o', columns, '-p', String(pid)], {
    encoding: 'utf8',
    // The start time is printed in the language and time zone of the caller.
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
  });
  if (result.error) throw result.error;
  return result.stdout.trim();
}
