// What the programs of this folder share as processes.

/**
 * @param {number} port where to listen unless the variable PORT says otherwise (0: any free one)
 * @returns {{ host: string, port: number }}
 */
export function listenOptions(port) {
  return { host: process.env.HOST ?? '127.0.0.1', port: Number(process.env.PORT ?? port) };
}

/**
 * Says that the program is ready, and ends it in order at SIGTERM or SIGINT.
 *
 * @param {string} name
 * @param {string} url
 * @param {() => Promise<void>} stop
 */
export function runUntilTold(name, url, stop) {
  console.log(`${name} is ready at ${url}`);
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'])
    process.on(signal, () => {
      if (!stopping) void stop();
      stopping = true;
    });
}

/**
 * @param {string} name
 * @returns {string} the variable's value
 */
export function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`Set ${name}: README.md says to what.`);
  return value;
}

/** Of a client's request, what the subgraphs need to know who asks. */
export const PASSED_ON = ['authorization', 'x-mci-account', 'x-request-id'];
