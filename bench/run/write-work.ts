import type { Client } from 'pg';
import { graphql } from './graphql';
import type { BenchOptions } from './options';
import { post } from './request';
import {
  editTemplate,
  insertTemplate,
  insertWriters,
  MULTI_CLOUD_IMAGES,
  SETTINGS_PER_MULTI_CLOUD_IMAGE,
  type Writers,
} from './write-fixture';

/** Writes whose time is compared with that of the bare `INSERT … SELECT` of the same rows. */
export const WRITES = ['commit', 'clone', 'merge', 'import'] as const;
export type Write = (typeof WRITES)[number];

/** Milliseconds of each round, over HTTP, one request at a time. */
export type WriteTimes = Readonly<
  Record<Write, { readonly service: number[]; readonly bare: number[]; readonly whole: number[] }>
>;

export interface WriteServers {
  readonly serviceUrl: string;
  readonly limitUrl: string;
}

/**
 * Commits, clones, merges and imports templates of fifty MCIs with thirty settings, and copies the like by bare SQL, in
 * turns. What both wrote is counted.
 *
 * @throws Error when one wrote something else
 */
export async function measureWrites(
  client: Client,
  servers: WriteServers,
  { writeRounds, warmUp }: Pick<BenchOptions, 'writeRounds' | 'warmUp'>,
): Promise<WriteTimes> {
  const writers = await insertWriters(client);
  const times: WriteTimes = {
    commit: { service: [], bare: [], whole: [] },
    clone: { service: [], bare: [], whole: [] },
    merge: { service: [], bare: [], whole: [] },
    import: { service: [], bare: [], whole: [] },
  };
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
  const brought = await ask<{ importPublication: { component: Made } }>(
    IMPORT,
    { publicationId: published.result.publishServerTemplate.publication.id },
    writers.importerToken,
  );
  await assertWhole(client, brought.result.importPublication.component.id, 'importPublication');
  return {
    commit: { service: first.milliseconds },
    clone: { service: clone.milliseconds },
    merge: { service: merge.milliseconds },
    import: { service: brought.milliseconds },
  };
}

async function bareRound(client: Client, { limitUrl }: WriteServers, writers: Writers, round: number) {
  const copy = async (
    operation: string,
    salt: string,
    variables: Record<string, string>,
    token = writers.token,
  ) => {
    const body = { variables: { ...variables, salt } };
    const { milliseconds } = await timed(() => post({ url: `${limitUrl}/${operation}`, token, body }));
    await assertWhole(client, await copiedId(client, variables['id'] ?? '', salt), operation);
    return milliseconds;
  };
  const id = await insertTemplate(client, 2 * round + 1);
  const whole = await copy('copy-whole', 'commit', { id });
  const template = await copy('copy-template', 'clone', { id });
  const into = await copiedId(client, id, 'clone');
  const repinned = await copy('copy-and-repin', 'merge', { id: into, fromId: id });
  const imported = await copy('copy-whole', 'import', { id }, writers.importerToken);
  return {
    commit: { bare: whole, whole },
    clone: { bare: template, whole },
    merge: { bare: repinned, whole },
    import: { bare: imported, whole: imported },
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

/** @throws Error when a template doesn't have all MCIs with all settings */
async function assertWhole(client: Client, id: string, operation: string): Promise<void> {
  const counted = await value<string>(
    client,
    `(SELECT count(DISTINCT pin.multi_cloud_image_id) || ' MCIs with ' || count(setting.id) || ' settings'
      FROM server_template_multi_cloud_images AS pin
      LEFT JOIN multi_cloud_image_settings AS setting ON setting.multi_cloud_image_id = pin.multi_cloud_image_id
      WHERE pin.server_template_id = substr($1, 5)::uuid)`,
    [id],
  );
  const wanted = `${MULTI_CLOUD_IMAGES} MCIs with ${MULTI_CLOUD_IMAGES * SETTINGS_PER_MULTI_CLOUD_IMAGE} settings`;
  if (counted !== wanted) throw new Error(`${operation} wrote ${counted} instead of ${wanted}.`);
}

/** @throws Error when a merge did not take over what was merged */
async function assertSamePins(client: Client, id: string, otherId: string): Promise<void> {
  const same = await value<number>(
    client,
    `(SELECT count(*)::int FROM server_template_multi_cloud_images AS pin
      JOIN server_template_multi_cloud_images AS other USING (mci_lineage_id, multi_cloud_image_id)
      WHERE pin.server_template_id = substr($1, 5)::uuid AND other.server_template_id = substr($2, 5)::uuid)`,
    [id, otherId],
  );
  if (same !== MULTI_CLOUD_IMAGES) throw new Error(`mergeServerTemplate took over ${same} pins.`);
}

async function value<T>(client: Client, expression: string, parameters: readonly string[]): Promise<T> {
  const { rows } = await client.query<{ value: T }>(`SELECT ${expression} AS value`, [...parameters]);
  const [row] = rows;
  if (row === undefined) throw new Error('The database answered nothing.');
  return row.value;
}
