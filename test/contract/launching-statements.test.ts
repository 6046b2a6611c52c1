import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { define, makeGround } from '../kit/definitions';
import { Launching } from '../kit/launching';
import { statementsDuring } from '../kit/statements';

/** What launching many machines, and reading them, costs in statements: as much as one. */

let api: TestApi;
let account: TestAccount;
let launching: Launching;
let array: Data;

beforeAll(async () => {
  // Over one connection the same request has the same statements each time (test/contract/statement-counts).
  api = await startApi({ MCI_GRAPH_SELECTION_PLANNER: 'false' }, 1);
  account = await api.account();
  launching = await Launching.of(api, account);
  const ground = await makeGround(api.dataSource, account);
  array = await define(account, 'createServerArray', { ...ground.serverArray, maxCount: 1000 });
});
afterAll(() => api.close());

const count = async (act: () => Promise<unknown>): Promise<number> => (await statementsDuring(act)).length;

const INSTANCES = `query($first: Int) { instances(first: $first) { totalCount edges { node { name bootSeconds imageResourceUid
  cloud { name } image { name } instanceType { name } serverTemplate { name } launchedFrom { name } multiCloudImage { name }
  serverArray { name } advisories { code subject { id } } } } } }`;

const ORDERS = `query($first: Int) { launchOrders(first: $first) { edges { node { kind instance { name serverArray { name } } } } } }`;

test('launching, claiming and ending 100 instances takes as many statements as one', async () => {
  const launch = (many: number) => () => launching.act('launchServerArray', { id: array.id, count: many });
  const claim = (many: number) => () => launching.claim(many, { limit: many });
  const [one, hundred] = [await count(launch(1)), await count(launch(100))];
  expect(hundred).toBe(one);
  const [claimOne, claimHundred] = [await count(claim(1)), await count(claim(100))];
  expect(claimHundred).toBe(claimOne);
  const first = await account.query('{ instances(first: 1) { edges { node { id } } } }');
  const end = (input: object) => () => launching.act('terminateServerArray', { id: array.id, ...input });
  const endOne = await count(end({ instanceIds: [first.instances.edges[0].node.id] }));
  // Naming instances takes the statement that checks them.
  expect(await count(end({}))).toBe(endOne - 1);
});

test.each([
  ['instances', INSTANCES],
  ['launch orders', ORDERS],
])('a page of 100 %s takes as many statements as one of 2', async (_what, source) => {
  await launching.act('launchServerArray', { id: array.id, count: 100 });
  const read = (first: number) => () => account.query(source, { first });
  expect(await count(read(100))).toBe(await count(read(2)));
});

test('current, state, instances and launch statistics of many servers and templates, too', async () => {
  const ground = await makeGround(api.dataSource, account);
  const launchOne = async () => {
    const server = await define(account, 'createServer', ground.server);
    await launching.act('launchServer', { id: server.id });
  };
  const source = `{ servers(first: 100) { edges { node { state current { state } instances(first: 2) { totalCount edges { node { state } } }
    next { serverTemplate { launchStatistics { launchCount medianBootSeconds } } } } } } }`;
  await launchOne();
  const one = await count(() => account.query(source));
  for (let index = 0; index < 5; index++) await launchOne();
  expect(await count(() => account.query(source))).toBe(one);
});
