import type { Client } from 'pg';
import { graphql } from './graphql';
import type { BenchOptions } from './options';
import { post } from './request';
import { insertServers } from './server-fixture';
import { assertMoved, assertPublished, assertSamePins, assertWhole, value } from './write-checks';
import { editTemplate, insertTemplate, insertWriters, type Writers } from './write-fixture';

/** Writes whose time is compared with that of bare SQL that writes the same rows. */
export const WRITES = ['commit', 'clone', 'merge', 'publish', 'import', 'bulk update'] as const;
export type Write = (typeof WRITES)[number];

/**
 * Milliseconds of each round, over HTTP, one request at a time: by the service, by bare SQL, and, of what copies a template,
 * of all that belongs to it by bare SQL.
 */
export type WriteTimes = Readonly<
  Record<Write, { readonly service: number[]; readonly bare: number[]; readonly whole: number[] }>
>;

export interface WriteServers {
  readonly serviceUrl: string;
  readonly limitUrl: string;
}

/**
 * Commits, clones, merges, publishes and imports templates of fifty MCIs with thirty settings, moves a thousand servers
 * from one revision to another, and writes the like by bare SQL, in turns. What both wrote is counted.
 *
 * @throws Error when one wrote something else
 */
export async function measureWrites(
  client: Client,
  servers: WriteServers,
  { writeRounds, warmUp }: Pick<BenchOptions, 'writeRounds' | 'warmUp'>,
): Promise<WriteTimes> {
  const writers = await insertWriters(client);
  const times = Object.fromEntries(
    WRITES.map((write) => [write, { service: [], bare: [], whole: [] }]),
  ) as unknown as WriteTimes;
  for (let round = 0; round < warmUp.writeRounds + writeRounds; round++) {
    const turns = [serviceRound, bareRound].map((turn) => () => turn(client, servers, writers, round));
    if (round % 2 === 1) turns.reverse();
    const measured: Partial<Record<Write, Record<string, number>>>[] = [];
    for (const turn of turns) measured.push(await turn());
    if (round < warmUp.writeRounds) continue;
    for (const write of WRITES)
      for (const part of measured)
        for (const [who, milliseconds] of Object.entries(part[write] ?? {}))
          times[write][who as keyof WriteTimes[Write]].push(milliseconds);
  }
  return times;
}

const COMMIT = `mutation ($input: CommitServerTemplateInput!) { commitServerTemplate(input: $input) {
  serverTemplate { id } userErrors { message } } }`;
const CLONE = `mutation ($input: CloneComponentInput!) { cloneServerTemplate(input: $input) {
  serverTemplate { id version } userErrors { message } } }`;
const MERGE = `mutation ($input: MergeComponentInput!) { mergeServerTemplate(input: $input) {
  serverTemplate { id } userErrors { message } } }`;
const PUBLISH = `mutation ($input: PublishComponentInput!) { publishServerTemplate(input: $input) {
  publication { id } userErrors { message } } }`;
const IMPORT = `mutation ($input: ImportPublicationInput!) { importPublication(input: $input) {
  component { id } userErrors { message } } }`;

const UPDATE = `mutation ($input: UpdateTemplateRevisionsInput!) { updateTemplateRevisions(input: $input) {
  nextChangedCount instancesChangedCount userErrors { message } } }`;

interface Made {
  readonly id: string;
  readonly version: number;
}

async function serviceRound(client: Client, { serviceUrl }: WriteServers, writers: Writers, round: number) {
  const ask = <T>(query: string, input: object, token = writers.token) =>
    timed(() => graphql<T>(serviceUrl, token, query, { input }));
  const commit = (message: string) =>
    ask<{ commitServerTemplate: { serverTemplate: Made } }>(COMMIT, {
      id,
      expectedVersion: version,
      message,
      commitHeadDependencies: true,
    });
  const id = await insertTemplate(client, 2 * round);
  let version = 1;
  const first = await commit('First');
  const revision = first.result.commitServerTemplate.serverTemplate.id;
  await assertWhole(client, revision, 'commitServerTemplate');
  const clone = await ask<{ cloneServerTemplate: { serverTemplate: Made } }>(CLONE, { id: revision });
  const { id: intoId, version: expectedVersion } = clone.result.cloneServerTemplate.serverTemplate;
  await assertWhole(client, intoId, 'cloneServerTemplate');
  await editTemplate(client, id);
  version = await versionOf(client, id);
  const second = (await commit('Second')).result.commitServerTemplate.serverTemplate.id;
  const merge = await ask(MERGE, { intoId, expectedVersion, fromId: second });
  await assertSamePins(client, intoId, second);
  const published = await ask<{ publishServerTemplate: { publication: Made } }>(PUBLISH, {
    id: revision,
    visibility: 'PRIVATE',
    accountGroupIds: [writers.groupId],
    shortDescription: 'Bench',
  });
  await assertPublished(client, revision, 'publishServerTemplate');
  const brought = await ask<{ importPublication: { component: Made } }>(
    IMPORT,
    { publicationId: published.result.publishServerTemplate.publication.id },
    writers.importerToken,
  );
  await assertWhole(client, brought.result.importPublication.component.id, 'importPublication');
  const servers = await insertServers(client, revision, 2 * round);
  const items = servers.map((server) => ({ id: server, expectedVersion: 1 }));
  const moved = await ask(UPDATE, { toId: second, use: 'BOTH', items });
  await assertMoved(client, second, 'updateTemplateRevisions');
  return {
    commit: { service: first.milliseconds },
    clone: { service: clone.milliseconds },
    merge: { service: merge.milliseconds },
    publish: { service: published.milliseconds },
    import: { service: brought.milliseconds },
    'bulk update': { service: moved.milliseconds },
  };
}

async function bareRound(client: Client, { limitUrl }: WriteServers, writers: Writers, round: number) {
  const write = async (operation: string, variables: Record<string, string>, token = writers.token) =>
    (await timed(() => post({ url: `${limitUrl}/${operation}`, token, body: { variables } }))).milliseconds;
  const copy = async (
    operation: string,
    salt: string,
    variables: { id: string; fromId?: string },
    token?: string,
  ) => {
    const milliseconds = await write(operation, { ...variables, salt }, token);
    await assertWhole(client, await copiedId(client, variables.id, salt), operation);
    return milliseconds;
  };
  const id = await insertTemplate(client, 2 * round + 1);
  const whole = await copy('copy-whole', 'commit', { id });
  const template = await copy('copy-template', 'clone', { id });
  const into = await copiedId(client, id, 'clone');
  const repinned = await copy('copy-and-repin', 'merge', { id: into, fromId: id });
  const published = await write('publish', { id, salt: 'publish' });
  await assertPublished(client, id, 'publish');
  const imported = await copy('copy-whole', 'import', { id }, writers.importerToken);
  await insertServers(client, id, 2 * round + 1);
  const toId = await copiedId(client, id, 'commit');
  const moved = await write('move-servers', { id, toId });
  await assertMoved(client, toId, 'move-servers');
  return {
    commit: { bare: whole, whole },
    clone: { bare: template, whole },
    merge: { bare: repinned, whole },
    publish: { bare: published },
    import: { bare: imported, whole: imported },
    'bulk update': { bare: moved },
  };
}

async function timed<T>(act: () => Promise<T>): Promise<{ result: T; milliseconds: number }> {
  const start = performance.now();
  const result = await act();
  return { result, milliseconds: performance.now() - start };
}

/** As the bare copies make keys. */
const copiedId = (client: Client, id: string, salt: string): Promise<string> =>
  value(client, `'stp_' || md5(substr($1, 5) || $2)::uuid`, [id, salt]);

const versionOf = (client: Client, id: string): Promise<number> =>
  value(client, `(SELECT version FROM server_templates WHERE id = substr($1, 5)::uuid)`, [id]);
