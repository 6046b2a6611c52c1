import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { done } from '../kit/components';
import { clone, commit, merge, restore, type Kind } from '../kit/version-control';

let api: TestApi;
let account: TestAccount;
let place: Place;

beforeAll(async () => {
  api = await startApi();
  place = await new TestCatalog(api.dataSource).place();
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
});

const HISTORY = `query($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on Component {
  history(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    edges { node { event message at by { name email } component { id } parents { id isSnapshot revision } } } } } } }`;

async function historyOf({ id }: Data, page: object = {}, who = account): Promise<Data> {
  return (await who.query(HISTORY, { id, ...page })).node?.history ?? null;
}

/** The graph: what happened, to which version, from which ones; newest first. */
async function graphOf(component: Data): Promise<unknown[]> {
  const { edges } = await historyOf(component);
  return edges.map(({ node }: Data) => [
    node.event,
    node.component.id,
    node.parents.map((parent: Data) => parent.id),
  ]);
}

const createMci = (): Promise<Data> =>
  done(account, 'createMultiCloudImage', { name: 'one', settings: [place.setting] });

const KINDS: { readonly type: Kind; readonly create: () => Promise<Data> }[] = [
  { type: 'MultiCloudImage', create: createMci },
  {
    type: 'ServerTemplate',
    create: async () =>
      done(account, 'createServerTemplate', { name: 'one', multiCloudImageIds: [(await createMci()).id] }),
  },
  {
    type: 'RightScript',
    create: () => done(account, 'createRightScript', { name: 'one', source: 'echo hello' }),
  },
];

/** An edit: HEAD as it is then. */
const edit = (type: Kind, head: Data, change: object): Promise<Data> =>
  done(account, `update${type}`, { id: head.id, expectedVersion: head.version, ...change });

describe.each(KINDS)('the story of a $type', ({ type, create }) => {
  test('create, commit, clone, edit both, merge, commit, restore: a graph with its parents', async () => {
    const head = await create();
    const one = await commit(account, type, head, 'first');
    const copy = await clone(account, type, one);
    const copied = await commit(
      account,
      type,
      await edit(type, copy, { description: 'from the clone' }),
      'in the clone',
    );
    const edited = await edit(type, head, { name: 'renamed' });
    // The rename is not committed yet: the merge does that first.
    const merged = await merge(account, type, edited, copied);
    const { edges } = await historyOf(head);
    const two = edges[1].node.component;
    const three = await commit(account, type, merged, 'merged');
    await restore(account, type, merged, one);

    expect(await graphOf(head)).toEqual([
      ['RESTORED', head.id, [three.id, one.id]],
      ['COMMITTED', three.id, [two.id, copied.id]],
      ['MERGED', head.id, [two.id, copied.id]],
      ['COMMITTED', two.id, [one.id]],
      ['COMMITTED', one.id, []],
      ['CREATED', head.id, []],
    ]);
    expect(await graphOf(copy)).toEqual([
      ['COMMITTED', copied.id, [one.id]],
      ['CLONED', copy.id, [one.id]],
    ]);
  });

  test('every version of the lineage has the lineage’s history; messages are those of commits', async () => {
    const head = await create();
    const one = await commit(account, type, head, 'first');
    const two = await commit(account, type, await edit(type, head, { description: 'more' }), 'second');
    const ofHead = await historyOf(head);
    expect(ofHead.totalCount).toBe(3);
    expect(ofHead.edges.map(({ node }: Data) => [node.event, node.message])).toEqual([
      ['COMMITTED', 'second'],
      ['COMMITTED', 'first'],
      ['CREATED', null],
    ]);
    expect(await historyOf(one)).toEqual(ofHead);
    expect(await historyOf(two)).toEqual(ofHead);
  });

  test('R-6.8: what was taken from a HEAD is a snapshot of it, a parent of the clone alone', async () => {
    const head = await create();
    const one = await commit(account, type, head, 'first');
    const copy = await clone(account, type, await edit(type, head, { description: 'not committed' }));
    const { edges } = await historyOf(copy);
    expect(edges).toHaveLength(1);
    const [snapshot] = edges[0].node.parents;
    expect(edges[0].node).toMatchObject({
      event: 'CLONED',
      component: { id: copy.id },
      parents: [{ isSnapshot: true, revision: 0 }],
    });
    expect([head.id, one.id, copy.id]).not.toContain(snapshot.id);
    const two = await commit(account, type, { ...head, version: head.version + 1 }, 'second');
    // HEAD comes from its own snapshot, too; that is bookkeeping.
    expect((await graphOf(head))[0]).toEqual(['COMMITTED', two.id, [one.id]]);
  });

  test('R-2.2: another account sees nothing of it', async () => {
    const head = await create();
    const one = await commit(account, type, head, 'first');
    const other = await api.account();
    expect(await historyOf(head, {}, other)).toBeNull();
    expect(await historyOf(one, {}, other)).toBeNull();
  });
});

describe('who', () => {
  const source = `mutation($input: CreateRightScriptInput!) { createRightScript(input: $input) {
    rightScript { id version } userErrors { message } } }`;
  const input = { name: 'one', source: 'echo hello' };

  test('a person, under the name that they have in this account', async () => {
    const { createRightScript } = await account.query(source, { input });
    const { edges } = await historyOf(createRightScript.rightScript);
    expect(edges[0].node.by).toEqual({
      name: `User of ${account.name}`,
      email: `${account.userKey}@example.com`,
    });
  });

  test('a machine: nobody', async () => {
    const token = await account.tokenWith('DESIGNER');
    const { data } = await api.request(token, source, { input });
    const { edges } = await historyOf(data.createRightScript.rightScript);
    expect(edges[0].node.by).toBeNull();
  });

  test('R-2.2: a person who isn’t in this account any more: nobody', async () => {
    const { createRightScript } = await account.query(source, { input });
    await api.dataSource.query('DELETE FROM memberships WHERE account_id = $1 AND user_id = $2', [
      account.key,
      account.userKey,
    ]);
    const token = await account.tokenWith('OBSERVER');
    const { data } = await api.request(token, HISTORY, { id: createRightScript.rightScript.id });
    expect(data.node.history.edges[0].node).toMatchObject({ event: 'CREATED', by: null });
  });
});

test('pages go from the newest to the oldest, each entry once', async () => {
  let head = await done(account, 'createRightScript', { name: 'one', source: 'echo hello' });
  for (const message of ['1', '2', '3', '4']) {
    head = await edit('RightScript', head, { description: message });
    await commit(account, 'RightScript', head, message);
  }
  const seen: unknown[] = [];
  let after: string | null = null;
  do {
    const page: Data = await historyOf(head, { first: 2, after });
    seen.push(...page.edges.map(({ node }: Data) => node.message));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  expect(seen).toEqual(['4', '3', '2', '1', null]);
});
