import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import {
  KINDS,
  allRows,
  clone,
  commit,
  merge,
  readVersion,
  refusedMerge,
  tag,
  tryTo,
} from '../kit/version-control';
import { create } from '../kit/versions';

let api: TestApi;
let place: Place;
let account: TestAccount;

beforeAll(async () => {
  api = await startApi();
  place = await new TestCatalog(api.dataSource).place();
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
});

describe.each(KINDS)('what the caller of a merge of a %s may choose', (kind) => {
  let head: Data;
  let one: Data;
  let theirs: Data;

  /** One origin, and a clone of it with a tag. */
  beforeEach(async () => {
    head = await create(account, kind, place);
    one = await commit(account, kind, head);
    theirs = await tag(account, kind, await clone(account, kind, one), 'theirs');
  });

  const tagsOf = async ({ id }: Data): Promise<string[]> => (await readVersion(account, kind, id)).tags;

  test('R-6.7: a HEAD is no base, for the merge and its preview alike', async () => {
    const before = await allRows(api.dataSource);
    const other = await refusedMerge(account, kind, head, theirs, { baseId: head.id });
    expect(other).toMatchObject({ code: 'INVALID', path: ['input', 'baseId'] });
    expect(other.message).toMatch(/which may change: name a revision or snapshot\.$/);
    const answer = await api.request(
      account.token,
      'query($a: ID!, $b: ID!) { mergePreview(intoId: $a, fromId: $b, baseId: $a) { clean } }',
      { a: head.id, b: theirs.id },
    );
    expect(answer.errors?.[0]).toMatchObject({ message: other.message });
    expect(await allRows(api.dataSource)).toEqual(before);
  });

  test('R-6.8: a base newer than the changes hides them, but does not mark them merged', async () => {
    const newer = await commit(account, kind, theirs);
    const rows = await allRows(api.dataSource);
    const unchanged = await merge(account, kind, head, newer, { baseId: newer.id });
    expect(unchanged).toMatchObject({ id: head.id, version: 1, tags: [] });
    expect(await allRows(api.dataSource)).toEqual(rows);
    await merge(account, kind, head, newer);
    expect(await tagsOf(head)).toEqual(['theirs']);
  });

  test('R-6.9: `expectedFromVersion` is that of the HEAD that is merged', async () => {
    const input = { intoId: head.id, expectedVersion: 1, fromId: theirs.id };
    const before = await allRows(api.dataSource);
    const stale = await tryTo(account, 'merge', kind, { ...input, expectedFromVersion: 1 });
    expect(stale.userErrors).toMatchObject([
      { code: 'STALE', path: ['input', 'expectedFromVersion'], currentVersion: 2 },
    ]);
    expect(await allRows(api.dataSource)).toEqual(before);
    const seen = await tryTo(account, 'merge', kind, { ...input, expectedFromVersion: 2 });
    expect(seen.userErrors).toEqual([]);
    expect(seen.component.tags).toEqual(['theirs']);
  });

  test('R-6.7: resolutions are checked also when there is nothing to merge', async () => {
    const merged = await merge(account, kind, head, theirs);
    const before = await allRows(api.dataSource);
    const resolutions = [{ path: ['no', 'conflict'], take: 'OURS' }];
    for (const from of [theirs, merged])
      expect(await refusedMerge(account, kind, merged, from, { resolutions })).toMatchObject({
        code: 'INVALID',
        path: ['input', 'resolutions', '0', 'path'],
      });
    expect(await allRows(api.dataSource)).toEqual(before);
  });

  test('R-6.8: however often a changing HEAD is cloned, it comes from its last snapshot only', async () => {
    const table = {
      MultiCloudImage: 'multi_cloud_images',
      ServerTemplate: 'server_templates',
      RightScript: 'right_scripts',
    }[kind];
    await merge(account, kind, head, theirs);
    const clones: Data[] = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      const { version } = await readVersion(account, kind, head.id);
      await tag(account, kind, { id: head.id, version }, name);
      clones.push(await clone(account, kind, head));
    }
    const parents = await api.dataSource.query(
      `SELECT parent.snapshot AND parent.lineage_id = head.lineage_id AS own
       FROM ${table} AS head CROSS JOIN unnest(head.parent_ids) WITH ORDINALITY AS origin(id, place)
       JOIN ${table} AS parent ON parent.id = origin.id WHERE head.id = $1 ORDER BY origin.place`,
      [head.id.slice(4)],
    );
    expect(parents).toEqual([{ own: false }, { own: false }, { own: true }]);
    // Each of the clones still has its own snapshot as the common ancestor.
    const [first] = clones;
    const fixed = await tag(account, kind, first, 'fix');
    const { version } = await readVersion(account, kind, head.id);
    await merge(account, kind, { id: head.id, version }, fixed);
    expect((await tagsOf(head)).toSorted()).toEqual(['a', 'b', 'c', 'd', 'fix', 'theirs']);
  });
});
