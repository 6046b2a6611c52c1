// Programs that this one starts, and stops before it ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** @type {import('node:child_process').ChildProcess[]} the last started first */
const running = [];

let stopped = false;
let failed;

/** Fails when a program ends that was not told to. */
export const unexpectedEnd = new Promise((_resolve, reject) => {
  failed = reject;
});

/**
 * Starts a program and waits until it has said something.
 *
 * @param {string[]} args of node
 * @param {Record<string, string | undefined>} environment beside this program's own
 * @param {RegExp} ready what it says when it can be used
 * @returns {Promise<string>} all that it said until then
 * @throws {Error} with what it said, when it ends before
 */
export async function start(args, environment, ready) {
  if (stopped) throw new Error('Told to end.');
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.unshift(child);
  return new Promise((resolve, reject) => {
    let said = '';
    let isReady = false;
    const take = (text) => {
      // What it says later are its warnings and errors.
      if (isReady) return process.stderr.write(text);
      said += text;
      if (!ready.test(said)) return;
      isReady = true;
      resolve(said);
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', take);
    child.once('error', reject);
    child.once('exit', (code) => {
      running.splice(running.indexOf(child), 1);
      if (isReady && !stopped) failed(new Error(`${args.join(' ')} ended with ${code}.`));
      reject(new Error(`${args.join(' ')} ended with ${code}:\n${said}`));
    });
  });
}

/**
 * Runs a program to its end.
 *
 * @param {string[]} args of node
 * @param {Record<string, string | undefined>} environment beside this program's own
 * @throws {Error} when it fails; it has told why
 */
export async function run(args, environment) {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 2, 2],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${args.join(' ')} failed.`);
}

/** Ends in order what runs, each after what uses it. */
export async function stopAll() {
  stopped = true;
  for (const child of [...running]) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
}
