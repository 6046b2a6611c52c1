import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { CloudByRegionDocument, WhichImagesDocument } from './graph';

interface Graph {
  readonly url: string;
  readonly token: string;
}

/** Asks the graph. What comes back, and which variables are needed, the compiler knows from the document. */
export async function ask<Answer, Variables>(
  { url, token }: Graph,
  document: TypedDocumentNode<Answer, Variables>,
  variables: Variables,
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const answer = (await response.json()) as { data?: Answer; errors?: { message: string }[] };
  if (answer.errors || !answer.data)
    throw new Error(answer.errors?.map(({ message }) => message).join('\n') ?? `Status ${response.status}`);
  return answer.data;
}

/** A line for each ServerTemplate of the account: what it boots from in a cloud, and what stands in the way. */
export async function* whichImages(graph: Graph, cloudType: string, region: string): AsyncGenerator<string> {
  const { cloud } = await ask(graph, CloudByRegionDocument, { cloudType, region });
  if (!cloud) throw new Error(`There is no cloud "${cloudType}" with the region "${region}".`);
  let after: string | null | undefined;
  do {
    const { serverTemplates } = await ask(graph, WhichImagesDocument, { cloudId: cloud.id, after });
    for (const { node } of serverTemplates.edges) {
      if (!node.resolve) continue; // the template or the cloud was deleted meanwhile
      const { status, image, advisories } = node.resolve;
      const blocking = advisories.filter(({ severity }) => severity === 'BLOCKING');
      const what = status === 'READY' ? image?.value?.name : blocking.map(({ message }) => message).join(' ');
      yield `${node.name} in ${cloud.name}: ${what ?? 'an image that this account does not see'}`;
    }
    const { hasNextPage, endCursor } = serverTemplates.pageInfo;
    after = hasNextPage ? endCursor : null;
  } while (after);
}

async function main(): Promise<void> {
  const { MCI_GRAPH_URL: url, MCI_GRAPH_TOKEN: token } = process.env;
  const [cloudType, region] = process.argv.slice(2);
  if (!url || !token || !cloudType || region === undefined)
    throw new Error(
      'Set MCI_GRAPH_URL and MCI_GRAPH_TOKEN, and name a cloud: npm run example:typed-client amazon us-east-1',
    );
  for await (const line of whichImages({ url, token }, cloudType, region)) process.stdout.write(`${line}\n`);
}

if (require.main === module)
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
