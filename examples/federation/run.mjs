// Starts mci-graph with demo data, the cost subgraph and a gateway; asks one question across both, and goes on answering.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { run, start, stopAll, unexpectedEnd } from './child.mjs';
import { install } from './install.mjs';
import { tableOf } from './table.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const service = join(here, '..', '..', 'dist', 'src', 'index.js');

const GATEWAYS = {
  apollo: { title: "Apollo's", program: 'apollo-gateway.mjs', folders: [here] },
  hive: {
    title: "The Guild's",
    program: 'hive-gateway/start.mjs',
    folders: [here, join(here, 'hive-gateway')],
  },
};

const USAGE = `npm run example:federation -- [--gateway apollo|hive] [--once]

  --gateway  whose gateway answers: Apollo's (default) or The Guild's (hive)
  --once     ends after the first answer`;

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        gateway: { type: 'string', default: 'apollo' },
        once: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (!Object.hasOwn(GATEWAYS, values.gateway))
      throw new Error(`--gateway is "${values.gateway}": must be apollo or hive`);
    return values;
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** Starts everything; gives the addresses. */
async function startAll({ title, program, folders }, folder) {
  for (const each of folders) install(each);
  const secret = process.env.MCI_GRAPH_ROUTER_SECRET ?? randomBytes(32).toString('hex');
  const [said, costSaid] = await Promise.all([
    start(
      [service, 'start'],
      {
        MCI_GRAPH_DATA: join(folder, 'data'),
        MCI_GRAPH_DEMO: 'true',
        MCI_GRAPH_PORT: '0',
        MCI_GRAPH_LOG_LEVEL: 'warn',
        MCI_GRAPH_ROUTER_SECRET: secret,
      },
      /mci-graph is ready\n(.*\n)* {2}token .*\n/,
    ),
    start([join(here, 'cost', 'start.mjs')], { PORT: '0' }, /ready at .*\n/),
  ]);
  const mciGraph = /^ {2}graphql +(\S+)/m.exec(said)[1];
  const cost = /ready at (\S+)/.exec(costSaid)[1];
  const environment = {
    MCI_GRAPH_URL: mciGraph,
    MCI_GRAPH_ROUTER_SECRET: secret,
    COST_URL: cost,
    SUPERGRAPH: join(folder, 'supergraph.graphql'),
    NODE_ENV: 'production',
  };
  await run([join(here, 'compose.mjs')], environment);
  const gatewaySaid = await start(
    [join(here, program)],
    { ...environment, PORT: process.env.PORT ?? '0' },
    /ready at .*\n/,
  );
  return {
    mciGraph,
    cost,
    gateway: /ready at (\S+)/.exec(gatewaySaid)[1],
    title,
    token: /^ {2}token +(\S+)/m.exec(said)[1],
  };
}

async function ask({ gateway, token }) {
  const response = await fetch(gateway, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: readFileSync(join(here, 'servers.graphql'), 'utf8') }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(`The gateway answered with errors: ${JSON.stringify(errors, null, 2)}`);
  return data;
}

const options = readOptions();
if (options.help) {
  console.log(USAGE);
  process.exit();
}

const folder = mkdtempSync(join(tmpdir(), 'mci-graph-federation-'));
// PostgreSQL refuses to run as root, and runs as another user then, who must get at its data.
chmodSync(folder, 0o755);
const toldToEnd = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, resolve);
});

async function main() {
  const started = await startAll(GATEWAYS[options.gateway], folder);
  console.log(`mci-graph  ${started.mciGraph}
cost       ${started.cost}
gateway    ${started.gateway}   (${started.title})
token      ${started.token}   (demo data, account "Demo")

What do my servers boot from, and what do they cost? (examples/federation/servers.graphql)
`);
  console.log(tableOf(await ask(started)));
  if (options.once) return;
  console.log(`\nThe gateway answers at ${started.gateway} until Ctrl-C.`);
  await toldToEnd;
}

try {
  await Promise.race([main(), toldToEnd, unexpectedEnd]);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
}
