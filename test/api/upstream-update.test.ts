import { randomUUID } from 'node:crypto';
import { toGlobalId } from '../../src/domain/global-id';
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

const createMci = (): Promise<Data> =>
  done(account, 'createMultiCloudImage', { name: 'origin', settings: [place.setting] });

const KINDS: { readonly type: Kind; readonly create: () => Promise<Data> }[] = [
  { type: 'MultiCloudImage', create: createMci },
  {
    type: 'ServerTemplate',
    create: async () =>
      done(account, 'createServerTemplate', { name: 'origin', multiCloudImageIds: [(await createMci()).id] }),
  },
  {
    type: 'RightScript',
    create: () => done(account, 'createRightScript', { name: 'origin', source: 'echo hello' }),
  },
];

const UPSTREAM = `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Component {
  upstreamUpdate { revision inMarketplace component { id } } } } }`;

/** What each of these versions could merge from where it was cloned from. */
async function upstreamOf(...versions: Data[]): Promise<unknown[]> {
  const { nodes } = await account.query(UPSTREAM, { ids: versions.map(({ id }) => id) });
  return nodes.map((node: Data) => node.upstreamUpdate);
}

const update = ({ id, revision }: Data) => ({ revision, inMarketplace: false, component: { id } });

describe.each(KINDS)('R-6.10 upstreamUpdate of a $type', ({ type, create }) => {
  const describeAs = (head: Data, description: string): Promise<Data> =>
    done(account, `update${type}`, { id: head.id, expectedVersion: head.version, description });
  /** HEAD and revision 1. */
  async function origin(): Promise<{ head: Data; one: Data }> {
    const head = await create();
    return { head, one: await commit(account, type, head) };
  }
  /** HEAD with another content, and the revision made of it. */
  async function next(head: Data, description: string): Promise<{ head: Data; revision: Data }> {
    const edited = await describeAs(head, description);
    return { head: edited, revision: await commit(account, type, edited) };
  }

  test('what is no clone has none', async () => {
    const { head, one } = await origin();
    await next(head, 'more');
    expect(await upstreamOf(head, one)).toEqual([null, null]);
  });

  test('the newest revision above the one that was cloned; merging it settles it', async () => {
    const { head, one } = await origin();
    const copy = await clone(account, type, one);
    expect(await upstreamOf(copy)).toEqual([null]);
    const two = await next(head, 'two');
    expect(await upstreamOf(copy)).toEqual([update(two.revision)]);
    const three = await next(two.head, 'three');
    expect(await upstreamOf(copy)).toEqual([update(three.revision)]);

    const withTwo = await merge(account, type, copy, two.revision);
    expect(await upstreamOf(copy)).toEqual([update(three.revision)]);
    const committedWithTwo = await commit(account, type, withTwo);
    const withThree = await merge(account, type, withTwo, three.revision);
    const committedWithThree = await commit(account, type, withThree);
    expect(await upstreamOf(copy, committedWithThree, committedWithTwo)).toEqual([
      null,
      null,
      update(three.revision),
    ]);
  });

  test('a clone of an older revision has the newest as update at once', async () => {
    const { head, one } = await origin();
    const two = await next(head, 'two');
    const [ofOne, ofTwo] = [await clone(account, type, one), await clone(account, type, two.revision)];
    expect(await upstreamOf(ofOne, ofTwo)).toEqual([update(two.revision), null]);
  });

  test('a clone of a HEAD: what is committed later, not what HEAD came from', async () => {
    const { head } = await origin();
    const edited = await describeAs(head, 'not committed');
    const copy = await clone(account, type, edited);
    expect(await upstreamOf(copy)).toEqual([null]);
    const two = await next(edited, 'two');
    expect(await upstreamOf(copy)).toEqual([update(two.revision)]);
  });

  test('a clone of a HEAD that was never committed: its first revision', async () => {
    const head = await create();
    const copy = await clone(account, type, head);
    expect(await upstreamOf(copy)).toEqual([null]);
    const one = await next(head, 'one');
    expect(await upstreamOf(copy)).toEqual([update(one.revision)]);
  });

  test('what came by way of a sibling is merged, too', async () => {
    const { head, one } = await origin();
    const [copy, sibling] = [await clone(account, type, one), await clone(account, type, one)];
    const two = await next(head, 'two');
    const carrier = await commit(account, type, await merge(account, type, sibling, two.revision));
    expect(await upstreamOf(copy, sibling)).toEqual([update(two.revision), null]);
    await merge(account, type, copy, carrier);
    expect(await upstreamOf(copy)).toEqual([null]);
  });

  test('it is of the very lineage that was cloned, not of what that was cloned from', async () => {
    const { head, one } = await origin();
    const middle = await clone(account, type, one);
    const ofMiddle = await commit(account, type, middle);
    const last = await clone(account, type, ofMiddle);
    const two = await next(head, 'two');
    expect(await upstreamOf(middle, last)).toEqual([update(two.revision), null]);
    const middleTwo = await next(middle, 'middle two');
    expect(await upstreamOf(last)).toEqual([update(middleTwo.revision)]);
  });

  test('what was deleted has nothing to offer', async () => {
    const { head, one } = await origin();
    const copy = await clone(account, type, one);
    await next(head, 'two');
    await done(account, `delete${type}`, { id: head.id });
    expect(await upstreamOf(copy)).toEqual([null]);
  });

  test('R-6.8: restoring what was before a merge brings the update back', async () => {
    const { head, one } = await origin();
    const copy = await clone(account, type, one);
    const ofCopy = await commit(account, type, copy);
    const two = await next(head, 'two');
    const merged = await merge(account, type, copy, two.revision);
    expect(await upstreamOf(copy)).toEqual([null]);
    await restore(account, type, merged, ofCopy);
    expect(await upstreamOf(copy)).toEqual([update(two.revision)]);
  });
});

test('R-2.2: what another account has is never told, not even as an ancestor', async () => {
  const other = await api.account();
  const head = await done(other, 'createRightScript', { name: 'origin', source: 'echo hello' });
  const one = await commit(other, 'RightScript', head);
  const key = randomUUID();
  await api.dataSource.query(
    `INSERT INTO right_scripts
       (id, account_id, lineage_id, revision, name, source, cloned_from_id, parent_ids, created_at, updated_at)
     VALUES ($1, $2, gen_random_uuid(), 0, 'clone', 'echo hello', $3, ARRAY[$3::uuid], now(), now())`,
    [key, account.key, one.id.slice(4)],
  );
  const edited = await done(other, 'updateRightScript', {
    id: head.id,
    expectedVersion: 1,
    description: 'more',
  });
  await commit(other, 'RightScript', edited);
  expect(await upstreamOf({ id: toGlobalId('RightScript', key) })).toEqual([null]);
});
