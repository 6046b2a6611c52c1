import type { DataSource } from 'typeorm';
import { ROLES } from '../../src/domain/access/roles';
import type { Data, TestAccount } from './api';
import { TestCatalog, type Place } from './catalog';
import { auditOf, done } from './components';
import { TestInstances, type InstanceColumns } from './instances';

const NEXT = `next { cloud { id } serverTemplate { id } multiCloudImage { id } image { id } instanceType { id } kernelImage { id }
  ramdiskImage { id } userData none resolution { status multiCloudImage { value { id } source }
    image { resourceUid source } instanceType { value { id } source } kernelImage { resourceUid source }
    ramdiskImage { resourceUid source } userData { value source } } }`;

const SELECTIONS = {
  deployment: `deployment { id name description tags version deletedAt
    servers { edges { node { id name } } } serverArrays { edges { node { id name } } } }`,
  server: `server { id name description tags version deletedAt deployment { id } ${NEXT} }`,
  serverArray: `serverArray { id name description tags version deletedAt minCount maxCount deployment { id } ${NEXT} }`,
} as const;

/** The root field that reads a deployment, server or array. */
export type DefinedField = keyof typeof SELECTIONS;

const ERRORS = `userErrors { __typename message code path ... on StaleVersionError { currentVersion }
  ... on CloudNotSupportedError { supportedClouds { id } alternatives { id } }
  ... on DeploymentInUseError { servers { id } serverArrays { id } } }`;

/** Which of the three a mutation is about. */
function fieldOf(mutation: string): DefinedField {
  if (mutation.includes('Deployment')) return 'deployment';
  return mutation.includes('ServerArray') ? 'serverArray' : 'server';
}

export function definitionMutation(name: string): string {
  const selection = name.startsWith('delete') ? 'deletedId' : SELECTIONS[fieldOf(name)];
  const input = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  return `mutation($input: ${input}!) { ${name}(input: $input) { ${selection} ${ERRORS} } }`;
}

/** Runs a mutation that must succeed. @returns what it made or changed, or the id that it deleted */
export async function define(account: TestAccount, name: string, input: object): Promise<Data> {
  const payload = (await account.query(definitionMutation(name), { input }))[name];
  expect(payload.userErrors).toEqual([]);
  return name.startsWith('delete') ? payload.deletedId : payload[fieldOf(name)];
}

/** A deployment, server or array as it is now; `null` when the account sees none. */
export async function readDefined(account: TestAccount, field: DefinedField, id: string): Promise<Data> {
  const source = `query($id: ID!) { ${SELECTIONS[field].replace(field, `${field}(id: $id)`)} }`;
  return (await account.query(source, { id }))[field];
}

/** Runs a mutation that must be refused for one reason, which it gives; nothing of the account may change. */
export async function refusedDefinition(
  dataSource: DataSource,
  account: TestAccount,
  name: string,
  input: object,
): Promise<Data> {
  const before = [await definedRows(dataSource), await auditOf(account)];
  const payload = (await account.query(definitionMutation(name), { input }))[name];
  expect(payload.userErrors).toHaveLength(1);
  expect(payload.deletedId ?? payload[fieldOf(name)] ?? null).toBeNull();
  expect([await definedRows(dataSource), await auditOf(account)]).toEqual(before);
  return payload.userErrors[0];
}

/** Every deployment, server and array of all accounts, with all columns. */
async function definedRows(dataSource: DataSource): Promise<unknown> {
  const rows = ['deployments', 'servers', 'server_arrays'].map((table) =>
    dataSource.query(`SELECT to_jsonb(t) AS row FROM ${table} AS t ORDER BY id`),
  );
  return Promise.all(rows);
}

/** A place with an MCI for it, a template that has this as its default, and a deployment: enough for a server. */
export interface Ground {
  readonly place: Place;
  readonly mci: Data;
  readonly template: Data;
  readonly deployment: Data;
  /** What `createServer` needs. */
  readonly server: object;
  /** What `createServerArray` needs. */
  readonly serverArray: object;
}

export async function makeGround(dataSource: DataSource, account: TestAccount): Promise<Ground> {
  const place = await new TestCatalog(dataSource).place();
  const mci = await done(account, 'createMultiCloudImage', { name: 'mci', settings: [place.setting] });
  const template = await done(account, 'createServerTemplate', {
    name: 'template',
    multiCloudImageIds: [mci.id],
  });
  const deployment = await define(account, 'createDeployment', { name: 'deployment' });
  const server = {
    deploymentId: deployment.id,
    name: 'server',
    cloudId: place.cloud.id,
    serverTemplateId: template.id,
  };
  return {
    place,
    mci,
    template,
    deployment,
    server,
    serverArray: { ...server, name: 'array', minCount: 1, maxCount: 3 },
  };
}

/** Instances of servers or arrays, launched without the mutations. */
export async function launch(
  dataSource: DataSource,
  account: TestAccount,
  definitions: readonly Data[],
  columns: InstanceColumns = {},
): Promise<void> {
  const known = definitions.map(({ id, name }) => ({ key: id.slice(4), id, name }));
  await new TestInstances(dataSource, account).launch(known, () => columns);
}

/** All roles but the one that defines deployments, servers and arrays (R-2.1). */
export const ALL_BUT_ACTOR = ROLES.filter((role) => role !== 'ACTOR');
