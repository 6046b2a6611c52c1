// Asks both subgraphs for their schemas and composes the supergraph that a gateway runs.
import { writeFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { needed } from './process.mjs';

/** Every subgraph tells its schema, to routers without a user, too. */
async function schemaOf(url, headers) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  });
  const { data, errors } = await response.json();
  if (!data?._service) throw new Error(`${url} does not tell its schema: ${JSON.stringify(errors)}`);
  return parse(data._service.sdl);
}

const [mciGraph, cost] = [needed('MCI_GRAPH_URL'), needed('COST_URL')];
const secret = process.env.MCI_GRAPH_ROUTER_SECRET;
const { supergraphSdl, errors, hints } = composeServices([
  {
    name: 'mci-graph',
    url: mciGraph,
    typeDefs: await schemaOf(mciGraph, secret && { 'router-authorization': secret }),
  },
  { name: 'cost', url: cost, typeDefs: await schemaOf(cost) },
]);
for (const { message } of errors ?? []) console.error(message);
for (const hint of hints ?? []) console.error(String(hint));
if (supergraphSdl === undefined) process.exitCode = 1;
else writeFileSync(needed('SUPERGRAPH'), supergraphSdl);
