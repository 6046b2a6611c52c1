import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Resident memory of a process, in bytes. @throws Error when it can't be told */
export async function residentBytes(pid: number): Promise<number> {
  const kilobytes =
    process.platform === 'linux'
      ? /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
      : (await execute('ps', ['-o', 'rss=', '-p', String(pid)])).stdout.trim();
  const bytes = Number(kilobytes) * 1024;
  if (!(bytes > 0)) throw new Error(`The memory of process ${pid} can't be read.`);
  return bytes;
}

const SAMPLE_MS = 20;

/** Runs `act`, and tells the most resident memory that the process had meanwhile, in bytes. */
export async function peakDuring<T>(
  pid: number,
  act: () => Promise<T>,
): Promise<{ result: T; peakBytes: number }> {
  let peakBytes = await residentBytes(pid);
  let running = true;
  const sampling = (async () => {
    while (running) {
      peakBytes = Math.max(peakBytes, await residentBytes(pid));
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    }
  })();
  // It is awaited below, where its error is thrown; until then nobody else looks.
  sampling.catch(() => undefined);
  try {
    const result = await act();
    return { result, peakBytes };
  } finally {
    running = false;
    await sampling;
  }
}
