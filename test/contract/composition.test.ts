import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { printSubgraphSchema } from '@apollo/subgraph';
import { composeServices as composeWithGuild } from '@theguild/federation-composition';
import { federateSubgraphs, LATEST_ROUTER_COMPATIBILITY_VERSION } from '@wundergraph/composition';
import { parse, print, type DocumentNode } from 'graphql';
import { createSchema } from '../../src/schema';
import type { FederationVersion } from '../../src/federation/version';

/** The supergraph of mci-graph and of the example's cost subgraph, as three vendors compose it. */

interface Subgraph {
  readonly name: string;
  readonly url: string;
  readonly typeDefs: DocumentNode;
}

const COST = readFileSync(join(__dirname, '..', '..', 'examples', 'federation', 'cost', 'schema.graphql'));

/** As a composer gets them from the running subgraphs. */
async function subgraphs(version?: FederationVersion): Promise<Subgraph[]> {
  const sdl = printSubgraphSchema(await createSchema(version));
  return [
    { name: 'mci-graph', url: 'http://mci-graph.example.com/graphql', typeDefs: parse(sdl) },
    { name: 'cost', url: 'http://cost.example.com/', typeDefs: parse(COST.toString()) },
  ];
}

/** In every supergraph: the fields of both subgraphs, the bound of a list, the tag of what machines call. */
function expectWhole(supergraph: string | undefined): void {
  for (const part of ['hourlyPrice', 'resourceUid', 'slicingArguments', '"infrastructure"'])
    expect(supergraph).toContain(part);
}

test('Apollo composes it without errors and without hints', async () => {
  const { supergraphSdl, errors, hints } = composeServices(await subgraphs());
  expect(errors).toBeUndefined();
  expect(hints).toEqual([]);
  expectWhole(supergraphSdl);
});

test('The Guild composes it without errors; its composer gives no hints', async () => {
  // It knows no newer version of the specification, which every directive of ours is in (MCI_GRAPH_FEDERATION_VERSION).
  const { supergraphSdl, errors } = composeWithGuild(await subgraphs('v2.9'));
  expect(errors).toBeUndefined();
  expectWhole(supergraphSdl);
});

test('WunderGraph composes it without errors and without warnings', async () => {
  const result = federateSubgraphs({
    subgraphs: (await subgraphs()).map(({ name, url, typeDefs }) => ({ name, url, definitions: typeDefs })),
    version: LATEST_ROUTER_COMPATIBILITY_VERSION,
  });
  expect(result).toMatchObject({ success: true, warnings: [] });
});

test('a natural key that the other subgraph needs is missed by each', async () => {
  const [mciGraph, cost] = (await subgraphs('v2.9')) as [Subgraph, Subgraph];
  const withoutKey = print(mciGraph.typeDefs).replaceAll('@key(fields: "cloudType region resourceUid")', '');
  const broken = [{ ...mciGraph, typeDefs: parse(withoutKey) }, cost];
  expect(
    composeServices(broken)
      .errors?.map(({ message }) => message)
      .join(),
  ).toContain('InstanceType');
  expect(
    composeWithGuild(broken)
      .errors?.map(({ message }) => message)
      .join(),
  ).toContain('InstanceType');
  const definitions = broken.map(({ name, url, typeDefs }) => ({ name, url, definitions: typeDefs }));
  const result = federateSubgraphs({ subgraphs: definitions, version: LATEST_ROUTER_COMPATIBILITY_VERSION });
  expect(result.success).toBe(false);
});
