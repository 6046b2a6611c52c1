import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildClientSchema,
  getIntrospectionQuery,
  parse,
  printSchema,
  validate,
  type GraphQLSchema,
} from 'graphql';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { done } from '../kit/components';
import { insertServerTemplateRevision } from '../kit/revisions';

/** What a program with Relay has in its components: lists page by page, objects refetched by their ids, edges moved. */
const COMPONENTS = `
graphql\`query appPageQuery { ...app_list viewer { account { id name } } }\`;
graphql\`fragment app_list on Query
  @refetchable(queryName: "appListPageQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 2 }, cursor: { type: "String" }) {
  serverTemplates(first: $count, after: $cursor) @connection(key: "app_serverTemplates") {
    totalCount
    edges { node { id ...app_template } }
  }
}\`;
graphql\`fragment app_template on ServerTemplate
  @refetchable(queryName: "appTemplateRefetchQuery")
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 2 }, after: { type: "String" }, last: { type: "Int" }, before: { type: "String" }
  ) {
  name
  revisions(first: $first, after: $after, last: $last, before: $before)
    @connection(key: "app_template_revisions") {
    edges { node { revision } }
  }
}\`;
graphql\`fragment app_component on Component @refetchable(queryName: "appComponentRefetchQuery") {
  name
  revision
  advisories { code subject { id } }
}\`;
graphql\`mutation appCreateMutation($input: CreateDeploymentInput!, $connections: [ID!]!) {
  createDeployment(input: $input) {
    deployment @prependNode(connections: $connections, edgeTypeName: "DeploymentEdge") { id name }
    userErrors { code message path }
  }
}\`;
graphql\`mutation appDeleteMutation($input: DeleteDeploymentInput!, $connections: [ID!]!) {
  deleteDeployment(input: $input) {
    deletedId @deleteEdge(connections: $connections) @deleteRecord
    userErrors { code message path }
  }
}\`;
`;

const COMPILER = require.resolve('relay-compiler/cli.js');

let api: TestApi;
let account: TestAccount;
let schema: GraphQLSchema;
/** What relay-compiler made of the components, by name: whole documents. */
let operations: Record<string, string>;
beforeAll(async () => {
  api = await startApi();
  account = await api.account();
  // As programs get it: Relay reads no subgraph (`extend schema @link`).
  const introspection = await account.query(getIntrospectionQuery({ specifiedByUrl: true, oneOf: true }));
  schema = buildClientSchema(introspection);
  operations = compile(printSchema(schema));
});
afterAll(() => api.close());

/** @throws what relay-compiler says, when it refuses. */
function compile(text: string): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'relay '));
  try {
    for (const name of ['src', 'generated']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'schema.graphql'), text);
    writeFileSync(join(folder, 'src', 'app.ts'), COMPONENTS);
    writeFileSync(join(folder, 'operations.json'), '{}');
    writeFileSync(
      join(folder, 'relay.config.json'),
      JSON.stringify({
        src: './src',
        schema: './schema.graphql',
        language: 'typescript',
        artifactDirectory: './generated',
        persistConfig: { file: './operations.json', algorithm: 'SHA256' },
      }),
    );
    execFileSync(process.execPath, [COMPILER, 'relay.config.json'], { cwd: folder, stdio: 'pipe' });
    const texts = Object.values(
      JSON.parse(readFileSync(join(folder, 'operations.json'), 'utf8')) as Record<string, string>,
    );
    return Object.fromEntries(texts.map((source) => [/^\w+ (\w+)/.exec(source)?.[1], source]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const run = (name: string, variables: object = {}): Promise<Data> =>
  account.query(operations[name] ?? '', variables);

test('relay-compiler accepts the schema; what it makes is valid', () => {
  expect(Object.keys(operations).sort()).toEqual([
    'appComponentRefetchQuery',
    'appCreateMutation',
    'appDeleteMutation',
    'appListPageQuery',
    'appPageQuery',
    'appTemplateRefetchQuery',
  ]);
  for (const source of Object.values(operations)) expect(validate(schema, parse(source))).toEqual([]);
});

test('its page queries walk a connection to the end, each row once', async () => {
  const names = ['five', 'four', 'one', 'three', 'two'];
  for (const name of names) await done(account, 'createServerTemplate', { name });
  let { serverTemplates } = await run('appPageQuery');
  const seen: Data[] = [...serverTemplates.edges];
  while (serverTemplates.pageInfo.hasNextPage) {
    ({ serverTemplates } = await run('appListPageQuery', {
      count: 2,
      cursor: serverTemplates.pageInfo.endCursor,
    }));
    seen.push(...serverTemplates.edges);
  }
  expect(serverTemplates.totalCount).toBe(5);
  expect(seen.map(({ node }) => node.name).sort()).toEqual(names);
});

test('its refetch queries find every object again through `node`, and page inside of it forth and back', async () => {
  const { id } = await done(account, 'createServerTemplate', { name: 'refetched' });
  for (let revision = 1; revision <= 3; revision += 1) await insertServerTemplateRevision(api.dataSource, id);
  const page = async (variables: object): Promise<[number[], Data]> => {
    const { node } = await run('appTemplateRefetchQuery', { id, ...variables });
    expect(node).toMatchObject({ __typename: 'ServerTemplate', id, name: 'refetched' });
    return [node.revisions.edges.map((edge: Data) => edge.node.revision), node.revisions.pageInfo];
  };
  const [newest, { endCursor }] = await page({});
  const [rest, { startCursor, hasNextPage }] = await page({ first: 2, after: endCursor });
  const [back] = await page({ first: null, last: 2, before: startCursor });
  expect([newest, rest, hasNextPage, back]).toEqual([[3, 2], [1], false, [3, 2]]);

  const { node } = await run('appComponentRefetchQuery', { id });
  expect(node).toMatchObject({ __typename: 'ServerTemplate', id, name: 'refetched', revision: 0 });
  expect(await run('appComponentRefetchQuery', { id: account.id })).toMatchObject({
    node: { __typename: 'Account', id: account.id },
  });
});

test('its mutations know the edge that they make, and the id of what they delete', async () => {
  const { createDeployment } = await run('appCreateMutation', { input: { name: 'made' } });
  const { deployment, userErrors } = createDeployment;
  expect([deployment, userErrors]).toEqual([{ id: expect.stringMatching(/^dep_/), name: 'made' }, []]);
  expect(await run('appDeleteMutation', { input: { id: deployment.id } })).toEqual({
    deleteDeployment: { deletedId: deployment.id, userErrors: [] },
  });
});
