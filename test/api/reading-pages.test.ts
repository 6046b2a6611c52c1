import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  isEnumType,
  isObjectType,
  type GraphQLField,
} from 'graphql';
import { startApi, type Answer, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog } from '../kit/catalog';
import { CONNECTIONS, World, type ConnectionRows, type Rank, type Rows } from '../kit/connections';
import { insertServerTemplateRevision } from '../kit/revisions';
import { seedComponents } from '../kit/seed';

/** Rows that every list has before it is walked: two pages, and ties in the middle. */
const AT_FIRST: readonly Rank[] = ['HIGH', 'MIDDLE', 'LOW', 'MIDDLE', 'MIDDLE'];
const ADDED: readonly Rank[] = ['LOW', 'MIDDLE', 'HIGH'];

let api: TestApi;
/** Every connection of the schema by type and field. */
const fields = new Map<string, GraphQLField<unknown, unknown>>();
/** For each connection the first cursor of each order, as `at` names it. */
const cursors = new Map<string, string>();

beforeAll(async () => {
  api = await startApi();
  const account = await api.account();
  const schema = buildClientSchema(await account.query(getIntrospectionQuery()));
  for (const type of Object.values(schema.getTypeMap()))
    if (isObjectType(type))
      for (const field of Object.values(type.getFields())) {
        const named = getNamedType(field.type);
        if (isObjectType(named) && named.getFields()['pageInfo'] !== undefined)
          fields.set(`${type.name}.${field.name}`, field);
      }
});
afterAll(() => api.close());

/** A connection in one of its orders, as an account reaches it. */
interface List {
  /** Names it, and its order. */
  readonly at: string;
  readonly account: TestAccount;
  readonly field: string;
  readonly args: string;
  /** What its nodes are told apart by. */
  readonly key: string;
  readonly node?: { readonly id: string; readonly type: string; readonly through?: string };
}

const SELECTION = `{ totalCount edges { cursor node { KEY } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`;

/** A page of it; with `whole`, also all of it at the same time. */
function sourceOf({ field, args, key, node }: List, whole: boolean): string {
  const selection = SELECTION.replace('KEY', key);
  const lists = `${whole ? `whole: ${field}(first: 100 ${args}) ${selection}` : ''}
    page: ${field}(first: $first, after: $after, last: $last, before: $before ${args}) ${selection}`;
  const page = '$first: Int, $after: String, $last: Int, $before: String';
  if (node === undefined) return `query(${page}) { ${lists} }`;
  const inner = node.through === undefined ? lists : `${node.through} { ${lists} }`;
  return `query($id: ID!, ${page}) { node(id: $id) { ... on ${node.type} { ${inner} } } }`;
}

const ask = (list: List, page: object, whole = false): Promise<Answer> =>
  api.request(list.account.token, sourceOf(list, whole), {
    ...page,
    ...(list.node && { id: list.node.id }),
  });

async function read(list: List, page: object): Promise<{ readonly whole: Data; readonly page: Data }> {
  const { data, errors } = await ask(list, page, true);
  expect({ at: list.at, page, errors }).toEqual({ at: list.at, page, errors: undefined });
  if (list.node === undefined) return data;
  return list.node.through === undefined ? data.node : data.node[list.node.through];
}

const keysOf = (edges: readonly Data[]): string[] =>
  edges.map(({ node }) => node.id ?? node.cloud?.id ?? node.component?.id ?? node.message);

/** The connection in each order that it offers. */
function listsOf(at: string, rows: ConnectionRows, account: TestAccount, owner: string | undefined): List[] {
  const [type = '', field = ''] = at.split('.');
  const orderBy = fields.get(at)?.args.find(({ name }) => name === 'orderBy');
  const orders = orderBy === undefined ? null : getNamedType(orderBy.type);
  const list = { at, account, field, args: '', key: rows.key ?? 'id' };
  const through = rows.through?.field;
  const node = owner && { id: owner, type: rows.through?.type ?? type, ...(through && { through }) };
  const plain: List = { ...list, ...(node && { node }) };
  if (!isEnumType(orders)) return [plain];
  return orders.getValues().map(({ name }) => ({
    ...plain,
    at: `${at} by ${name}`,
    args: `orderBy: ${name} ${rows.needs?.[name] ?? ''}`,
  }));
}

/**
 * Reads it page by page while rows are added between the first three pages. Each page must be what, at that moment,
 * follows in the whole list.
 *
 * @returns keys of the rows that were there at first, and of all that the pages had, in the list's order; and on which
 *   sides of the cursor new rows came
 */
async function walk(list: List, rows: Rows, back: boolean) {
  const { whole: first } = await read(list, { first: 0 });
  const size = Math.ceil(first.edges.length / 4);
  const walked: Data[] = [];
  const came = { behind: 0, ahead: 0 };
  let cursor: string | null = null;
  let ahead: Data[] = first.edges;
  for (let pages = 0, more = true; more; pages++) {
    const grows = pages === 1 || pages === 2;
    if (grows) for (const rank of ADDED) await rows.add(rank);
    const asked = back ? { last: size, before: cursor } : { first: size, after: cursor };
    const { whole, page } = await read(list, asked);
    const all: Data[] = whole.edges;
    expect(new Set(keysOf(all)).size).toBe(all.length);
    const position = all.findIndex((edge) => edge.cursor === cursor);
    expect(position >= 0).toBe(cursor !== null);
    const before: number = ahead.length;
    if (cursor === null) ahead = all;
    else ahead = back ? all.slice(0, position) : all.slice(position + 1);
    if (grows) {
      came.ahead += ahead.length - before;
      came.behind += ADDED.length - (ahead.length - before);
    }
    const edges = back ? ahead.slice(-size) : ahead.slice(0, size);
    more = ahead.length > edges.length;
    expect({ at: list.at, asked, page }).toEqual({
      at: list.at,
      asked,
      page: {
        totalCount: all.length,
        edges,
        pageInfo: {
          hasNextPage: back ? cursor !== null : more,
          hasPreviousPage: back ? more : cursor !== null,
          startCursor: edges[0].cursor,
          endCursor: edges.at(-1)?.cursor,
        },
      },
    });
    if (back) walked.unshift(...edges);
    else walked.push(...edges);
    ahead = back ? ahead.slice(0, -edges.length) : ahead.slice(edges.length);
    cursor = back ? page.pageInfo.startCursor : page.pageInfo.endCursor;
  }
  return { first: keysOf(first.edges), walked: keysOf(walked), came };
}

test('every connection of the schema is walked here', () => {
  expect([...fields.keys()].sort()).toEqual(Object.keys(CONNECTIONS).sort());
});

describe.each(Object.entries(CONNECTIONS))('%s', (at, connection) => {
  let lists: List[];
  let rows: Rows;

  beforeAll(async () => {
    const account = await api.account();
    rows = await connection.fill(new World(api, account));
    for (const rank of AT_FIRST) await rows.add(rank);
    lists = listsOf(at, connection, account, rows.of);
    for (const list of lists) cursors.set(list.at, (await read(list, { first: 1 })).page.pageInfo.endCursor);
  });

  test('forth and back to the end, each row exactly once, while rows are added', async () => {
    for (const list of lists)
      for (const back of [false, true]) {
        const { first, walked, came } = await walk(list, rows, back);
        expect(first.length).toBeGreaterThanOrEqual(AT_FIRST.length);
        expect(new Set(walked).size).toBe(walked.length);
        expect(walked.filter((key) => first.includes(key))).toEqual(first);
        // Numbered rows come at one end; others on both sides.
        const sides = [came.behind > 0, came.ahead > 0];
        expect({ at: list.at, sides }).toEqual({
          at: list.at,
          sides: connection.numbered ? [!back, back] : [true, true],
        });
      }
  });

  test('an order and its opposite are the same rows in reverse', async () => {
    const opposites = lists.filter(({ at: name }) => name.endsWith('_ASC'));
    for (const ascending of opposites) {
      const descending = lists.find((list) => list.at === ascending.at.replace(/_ASC$/, '_DESC'));
      if (descending === undefined) throw new Error(`${ascending.at} has no opposite`);
      const [up, down] = [await read(ascending, { first: 0 }), await read(descending, { first: 0 })];
      expect(keysOf(down.whole.edges)).toEqual(keysOf(up.whole.edges).toReversed());
    }
  });

  test('a page of nothing, one behind the end, one between two cursors', async () => {
    for (const list of lists) {
      const { whole, page: none } = await read(list, { first: 0 });
      const { totalCount } = whole;
      const nowhere = { startCursor: null, endCursor: null };
      const [left, middle, right] = whole.edges;
      expect(none).toEqual({
        totalCount,
        edges: [],
        pageInfo: { hasNextPage: true, hasPreviousPage: false, ...nowhere },
      });
      const { page: behind } = await read(list, { first: 5, after: whole.pageInfo.endCursor });
      expect(behind).toEqual({
        totalCount,
        edges: [],
        pageInfo: { hasNextPage: false, hasPreviousPage: true, ...nowhere },
      });
      const { page: before } = await read(list, { last: 5, before: whole.pageInfo.startCursor });
      expect(before).toEqual({
        totalCount,
        edges: [],
        pageInfo: { hasNextPage: true, hasPreviousPage: false, ...nowhere },
      });
      for (const size of [{ first: 100 }, { last: 100 }]) {
        const { page } = await read(list, { ...size, after: left.cursor, before: right.cursor });
        expect(page.edges).toEqual([middle]);
      }
    }
  });

  test('what is no page of it is BAD_USER_INPUT', async () => {
    for (const list of lists) {
      const [name, ...values] = decoded(cursors.get(list.at) ?? '');
      const wrong = (value: unknown) => encoded([name, ...values.map(() => value)]);
      const refused = [
        { first: 101 },
        { last: 101 },
        { first: -1 },
        { first: 1, last: 1 },
        { first: 1, after: 'garbage' },
        { last: 1, before: '%%%' },
        { first: 1, after: encoded([name]) },
        { first: 1, after: encoded([name, ...values, 1]) },
        { first: 1, after: wrong(null) },
        { first: 1, after: wrong(1.5) },
        { first: 1, after: wrong('1') },
      ];
      await expectRefused(list, refused);
    }
  });

  test('a forged cursor is no fault', async () => {
    for (const list of lists) await expectNoFault(list, ['x', '\ud800', '2026-02-31T00:00:00.000Z', 2 ** 40]);
  });

  test('takes no cursor of another order, nor of another list', async () => {
    const others = [...cursors.keys()].slice(-lists.length - 2);
    for (const list of lists)
      for (const other of others.filter((name) => name !== list.at)) {
        const { errors } = await ask(list, { first: 1, after: cursors.get(other) });
        expect({ at: list.at, other, errors }).toMatchObject({
          at: list.at,
          other,
          errors: [
            {
              message: '`after` is a cursor of another list or order: start again without it.',
              extensions: { code: 'BAD_USER_INPUT', argumentPath: ['after'] },
            },
          ],
        });
      }
  });
});

test('no two lists or orders have the same cursors', () => {
  const owners = new Map<unknown, string[]>();
  for (const [at, cursor] of cursors) {
    const [name] = decoded(cursor);
    owners.set(name, [...(owners.get(name) ?? []), at]);
  }
  expect([...owners.values()].filter((lists) => lists.length > 1)).toEqual([]);
});

const decoded = (cursor: string): unknown[] => JSON.parse(Buffer.from(cursor, 'base64url').toString());
const encoded = (values: unknown): string => Buffer.from(JSON.stringify(values)).toString('base64url');

const codesOf = async (list: List, page: object): Promise<unknown[]> =>
  ((await ask(list, page)).errors ?? []).map(({ extensions }) => extensions.code);

async function expectRefused(list: List, pages: readonly object[]): Promise<void> {
  const answers = pages.map(async (page) => [page, await codesOf(list, page)]);
  expect([list.at, await Promise.all(answers)]).toEqual([
    list.at,
    pages.map((page) => [page, ['BAD_USER_INPUT']]),
  ]);
}

/** With each value at each place of a cursor: an answer, or a refusal. */
async function expectNoFault(list: List, forged: readonly unknown[]): Promise<void> {
  const [name, ...values] = decoded(cursors.get(list.at) ?? '');
  const pages = values.flatMap((_value, position) =>
    forged.map((value) => ({ first: 1, after: encoded([name, ...values.with(position, value)]) })),
  );
  const answers = await Promise.all(pages.map((page) => codesOf(list, page)));
  for (const [index, codes] of answers.entries())
    expect({ at: list.at, page: pages[index], codes }).toEqual({
      at: list.at,
      page: pages[index],
      codes: codes.length === 0 ? [] : ['BAD_USER_INPUT'],
    });
}

/** Between them they have a cursor value of every type: times, texts, keys and numbers. */
test.each([
  ['Query.cloudImages', 'Query.cloudImages by PUBLISHED_AT_ASC'],
  ['Query.marketplace', 'Query.marketplace by RATING'],
])('no value in a cursor of %s is a fault', async (at, ordered) => {
  const connection = CONNECTIONS[at];
  if (connection === undefined) throw new Error(`${at} is gone`);
  const account = await api.account();
  const rows = await connection.fill(new World(api, account));
  await rows.add('MIDDLE');
  const list = listsOf(at, connection, account, rows.of).find((one) => one.at === ordered);
  if (list === undefined) throw new Error(`${ordered} is gone`);
  const own = cursors.get(ordered) ?? '';
  const [name, ...values] = decoded(own);
  await expectNoFault(list, [
    '',
    '1',
    'x',
    '\ud800',
    '2026',
    '-infinity',
    '+275760-09-13T00:00:00.000Z',
    '0000-01-01T00:00:00.000Z',
    '2026-02-31T00:00:00.000Z',
    "'; DROP TABLE accounts; --",
    'x'.repeat(10_000),
    null,
    0,
    -1,
    1.5,
    2 ** 40,
    1e300,
  ]);
  const cursorsOfNothing = [
    'bnVsbA',
    `${own}\0`,
    encoded(['another list', ...values]),
    encoded([name, ...values.map(() => '\0')]),
    encoded([name, ...values.map(() => ({}))]),
  ];
  await expectRefused(
    list,
    cursorsOfNothing.flatMap((cursor) => [
      { first: 1, after: cursor },
      { last: 1, before: cursor },
    ]),
  );
});

test('a page that is not asked for has 25 rows', async () => {
  const account = await api.account();
  const catalog = new TestCatalog(api.dataSource);
  const cloud = await catalog.cloud();
  for (let index = 0; index < 26; index++) await catalog.image(cloud);
  const { node } = await account.query(
    'query($id: ID!) { node(id: $id) { ... on Cloud { images { edges { node { id } } pageInfo { hasNextPage } } } } }',
    { id: cloud.id },
  );
  expect(node.images.edges).toHaveLength(25);
  expect(node.images.pageInfo.hasNextPage).toBe(true);
});

test('orders sort by what they say; unpublished images count as the oldest', async () => {
  const account = await api.account();
  const catalog = new TestCatalog(api.dataSource);
  const cloud = await catalog.cloud();
  const make = async (name: string, publishedAt: string | null) =>
    (await catalog.image(cloud, { name, publishedAt: publishedAt === null ? null : new Date(publishedAt) }))
      .id;
  const late = await make('a', '2026-03-01T00:00:00.002Z');
  const early = await make('b', '2026-03-01T00:00:00.001Z');
  const never = await make('c', null);
  const by = async (order: string) => {
    const { cloudImages } = await account.query(
      `query($id: ID!) { cloudImages(filter: { cloudId: $id }, orderBy: ${order}) { edges { node { id } } } }`,
      { id: cloud.id },
    );
    return keysOf(cloudImages.edges);
  };
  expect(await by('NAME_ASC')).toEqual([late, early, never]);
  expect(await by('NAME_DESC')).toEqual([never, early, late]);
  expect(await by('PUBLISHED_AT_ASC')).toEqual([never, early, late]);
  expect(await by('PUBLISHED_AT_DESC')).toEqual([late, early, never]);
});

test('R-2.2: totals count what the account sees', async () => {
  const [account, other] = [await api.account(), await api.account()];
  const total = async (who: TestAccount, field: string) =>
    (await who.query(`{ ${field}(first: 1) { totalCount } }`))[field].totalCount;
  expect(await total(other, 'multiCloudImages')).toBe(0);
  expect(await total(other, 'serverTemplates')).toBe(0);
  expect(await total(other, 'users')).toBe(1);
  expect(await total(other, 'auditEntries')).toBe(0);
  const before = [
    await total(other, 'cloudImages'),
    await total(other, 'clouds'),
    await total(other, 'instanceTypes'),
  ];
  await new TestCatalog(api.dataSource).place({
    cloud: { accountId: account.key },
    image: { ownerAccountId: account.key },
    type: { ownerAccountId: account.key },
  });
  expect([
    await total(other, 'cloudImages'),
    await total(other, 'clouds'),
    await total(other, 'instanceTypes'),
  ]).toEqual(before);
  expect(await total(account, 'clouds')).toBe((before[1] ?? 0) + 1);
});

test('pages of many parents are as the pages of each', async () => {
  const account = await api.account();
  const seeded = await seedComponents(api.dataSource, account, 3);
  const [template = ''] = seeded.serverTemplates;
  for (let index = 0; index < 3; index++) await insertServerTemplateRevision(api.dataSource, template);
  const ids = seeded.multiCloudImages;
  const page = '(first: 2) { totalCount edges { cursor node { id } } pageInfo { hasNextPage endCursor } }';
  const fields = `... on MultiCloudImage { missingClouds${page} serverTemplates${page} revisions${page} }`;
  const { nodes } = await account.query(`query($ids: [ID!]!) { nodes(ids: $ids) { ${fields} } }`, { ids });
  const single = await Promise.all(
    ids.map(
      async (id) => (await account.query(`query($id: ID!) { node(id: $id) { ${fields} } }`, { id })).node,
    ),
  );
  expect(nodes).toEqual(single);
  expect(nodes[0].serverTemplates.edges).toHaveLength(2);
  expect(nodes.map(({ serverTemplates }: Data) => serverTemplates.totalCount)).toEqual([4, 4, 1, 1, 1, 1]);
});
