// The Guild's gateway in front of both subgraphs.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway';
import { listenOptions, needed, PASSED_ON, runUntilTold } from '../process.mjs';

const secret = process.env.MCI_GRAPH_ROUTER_SECRET;

const gateway = createGatewayRuntime({
  supergraph: readFileSync(needed('SUPERGRAPH'), 'utf8'),
  logging: process.env.LOG_LEVEL ?? 'warn',
  propagateHeaders: {
    // Passes on who asks, and shows mci-graph that the gateway does.
    fromClientToSubgraphs({ request, subgraphName }) {
      const known = PASSED_ON.map((name) => [name, request.headers.get(name)]);
      if (subgraphName === 'mci-graph' && secret) known.push(['router-authorization', secret]);
      return Object.fromEntries(known.filter(([, value]) => value));
    },
  },
});

const server = createServer(gateway);
const { host, port } = listenOptions(4100);
await new Promise((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
runUntilTold('gateway', `http://${host}:${server.address().port}/graphql`, async () => {
  server.close();
  server.closeIdleConnections();
  await gateway[Symbol.asyncDispose]();
});
