import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { auditOf } from '../kit/components';
import { asked, bring, groupOf, organize, publish, subscribe } from '../kit/marketplace';
import { create, describeAs } from '../kit/versions';
import {
  allRows,
  clone,
  commit,
  edit,
  fieldOf,
  historyOf,
  KINDS,
  lastMerge,
  merge,
  preview,
  readVersion,
  refusedMerge,
  tag,
  tryTo,
  type Kind,
} from '../kit/version-control';

/** Words of what nobody published: they must come up nowhere. */
const CANARY = 'unpublished words';

let api: TestApi;
let place: Place;
let publisher: TestAccount;
let importer: TestAccount;

beforeAll(async () => {
  api = await startApi();
  place = await new TestCatalog(api.dataSource).place();
});
afterAll(() => api.close());
beforeEach(async () => {
  publisher = await api.account();
  importer = await api.account();
  await organize(publisher);
});

/** Commits what can be published: without pins of HEADs. */
const release = (account: TestAccount, kind: Kind, head: Data): Promise<Data> =>
  commit(account, kind, head, 'A release', true);

/** The publisher's revisions 1, 2, …, each with one tag more; those with a description tell it only there. */
async function revisions(kind: Kind, ...descriptions: (string | null)[]): Promise<Data[]> {
  let head = await create(publisher, kind, place, 'published');
  const made: Data[] = [];
  for (const [index, description] of descriptions.entries()) {
    head = await tag(publisher, kind, head, `revision:number=${index + 1}`);
    head = await describeAs(publisher, kind, head, description);
    made.push(await release(publisher, kind, head));
    head = await readVersion(publisher, kind, head.id);
  }
  return made;
}

/** The importer's copy of it, published and imported. */
const imported = async (kind: Kind, revision: Data): Promise<Data> =>
  (await bring(importer, await publish(publisher, kind, revision))).component;

/** What merging finds when there is nothing to merge: nothing changes, not even a row. */
async function mergesNothing(kind: Kind, head: Data, from: Data): Promise<void> {
  const before = await allRows(api.dataSource);
  const now = await readVersion(importer, kind, head.id);
  expect(await merge(importer, kind, now, from)).toEqual(now);
  expect(await allRows(api.dataSource)).toEqual(before);
}

describe.each(KINDS)('R-6.7 across accounts: a %s', (kind) => {
  test('imported at 1, cloned, then 2 imported and merged: three-way from 1, once', async () => {
    const [one, two] = await revisions(kind, 'of 1', 'of 2');
    const copy = await imported(kind, one);
    const head = await clone(importer, kind, copy, { name: 'mine' });
    const next = await imported(kind, two);
    expect(await preview(importer, head, next)).toMatchObject({
      clean: true,
      base: { id: copy.id },
      conflicts: [],
      changes: [{ path: ['description'] }, { path: ['tags', 'revision:number=2'] }],
    });
    const merged = await merge(importer, kind, head, next);
    expect(merged).toMatchObject({ name: 'mine', description: 'of 2', version: head.version + 1 });
    expect(merged.tags).toContain('revision:number=2');
    expect(await lastMerge(importer, kind)).toMatchObject({ baseId: copy.id, fromId: next.id });
    expect((await historyOf(importer, merged))[0]).toEqual([
      'MERGED',
      head.id,
      [expect.any(String), next.id],
    ]);
    await mergesNothing(kind, merged, next);
    await mergesNothing(kind, merged, copy);
  });

  test('imported at 3 and cloned: 1 and 2, imported later, bring nothing', async () => {
    const [one, two, three] = await revisions(kind, 'of 1', 'of 2', 'of 3');
    const head = await clone(importer, kind, await imported(kind, three));
    for (const revision of [one, two]) await mergesNothing(kind, head, await imported(kind, revision));
  });

  test('R-2.2: an ancestor that was not published shows nowhere, but what it comes from is the base', async () => {
    const [one, , three] = await revisions(kind, 'of 1', CANARY, 'of 3');
    const copy = await imported(kind, one);
    const head = await describeAs(importer, kind, await clone(importer, kind, copy), 'mine');
    const next = await imported(kind, three);
    const previewed = await preview(importer, head, next);
    expect(previewed).toMatchObject({
      clean: false,
      base: { id: copy.id },
      conflicts: [{ path: ['description', '1'], base: 'of 1', ours: 'mine', theirs: 'of 3' }],
    });
    const refusal = await refusedMerge(importer, kind, head, next);
    expect(refusal.conflicts).toMatchObject([{ base: 'of 1', ours: 'mine', theirs: 'of 3' }]);
    const merged = await merge(importer, kind, head, next, {
      resolutions: [{ path: ['description', '1'], take: 'BASE' }],
    });
    expect(merged.description).toBe('of 1');
    expect(JSON.stringify([previewed, refusal, merged, await auditOf(importer)])).not.toContain(CANARY);
  });

  test('R-2.2: two clones of what was not published have no base', async () => {
    const [secret] = await revisions(kind, CANARY);
    const sides: Data[] = [];
    for (const name of ['left', 'right']) {
      const head = await clone(publisher, kind, secret, { name });
      sides.push(
        await imported(kind, await release(publisher, kind, await describeAs(publisher, kind, head, name))),
      );
    }
    const [left, right] = sides;
    const head = await clone(importer, kind, left);
    const previewed = await preview(importer, head, right);
    expect(previewed).toMatchObject({
      base: null,
      conflicts: [{ base: null, ours: 'left', theirs: 'right' }],
    });
    const refusal = await refusedMerge(importer, kind, head, right);
    expect(JSON.stringify([previewed, refusal])).not.toContain(CANARY);
    for (const { id } of [secret]) {
      expect(await preview(importer, head, right, { baseId: id })).toBeNull();
      expect(await refusedMerge(importer, kind, head, right, { baseId: id })).toMatchObject({
        code: 'NOT_FOUND',
        path: ['input', 'baseId'],
      });
    }
    // The publisher itself merges with the base that it knows.
    const [ours, theirs] = await Promise.all(
      ['left', 'right'].map((name) => clone(publisher, kind, secret, { name })),
    );
    expect(await preview(publisher, ours, await commit(publisher, kind, theirs))).toMatchObject({
      base: { id: secret.id },
    });
  });

  test('what is offered can be previewed and be a base, but must be imported to be merged', async () => {
    const [one, two] = await revisions(kind, 'of 1', 'of 2');
    const copy = await imported(kind, one);
    const head = await clone(importer, kind, copy);
    const offered = (await publish(publisher, kind, two)).component;
    expect(await preview(importer, head, offered)).toMatchObject({ clean: true, base: { id: copy.id } });
    expect(await preview(importer, head, offered, { baseId: offered.id })).toMatchObject({
      base: { id: offered.id },
      changes: [],
    });
    const { userErrors, component } = await tryTo(importer, 'merge', kind, {
      intoId: head.id,
      expectedVersion: head.version,
      fromId: offered.id,
    });
    expect(component).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'INVALID', path: ['input', 'fromId'] }]);
    expect(userErrors[0].message).toContain('offered in the marketplace');
    expect(userErrors[0].message).toContain('importPublication');
  });

  test('through an account in between: the importer’s own copy of the common ancestor is the base', async () => {
    const between = await api.account();
    await organize(between, 'Between');
    const [one, two] = await revisions(kind, 'of 1', 'of 2');
    const publication = await publish(publisher, kind, one);
    const theirs = await clone(between, kind, (await bring(between, publication)).component);
    const changed = await tag(between, kind, theirs, 'made:by=between');
    const offered = await publish(between, kind, await release(between, kind, changed));
    const copy = (await bring(importer, publication)).component;
    const head = await clone(importer, kind, await imported(kind, two));
    const from = (await bring(importer, offered)).component;
    expect(await preview(importer, head, from)).toMatchObject({
      clean: true,
      base: { id: copy.id },
      changes: [{ path: ['tags', 'made:by=between'], kind: 'ADDED' }],
    });
    const merged = await merge(importer, kind, head, from);
    expect(merged).toMatchObject({ description: 'of 2' });
    expect(merged.tags).toContain('made:by=between');
    await mergesNothing(kind, merged, from);
    await mergesNothing(kind, merged, copy);
  });

  test('R-6.8, R-9.4: from a subscribed HEAD, published anew and merged again: only the new edits', async () => {
    const groups = [await groupOf(publisher, [importer])];
    let head = await describeAs(publisher, kind, await create(publisher, kind, place), CANARY);
    await commit(publisher, kind, head);
    head = await describeAs(publisher, kind, head, 'first');
    const publication = await publish(publisher, kind, head, { groups });
    const followed = (await subscribe(importer, publication)).component;
    let mine = await clone(importer, kind, followed, { name: 'mine' });
    mine = await tag(importer, kind, mine, 'made:by=importer');
    await mergesNothing(kind, mine, followed);
    for (const description of ['second', 'third']) {
      head = await describeAs(publisher, kind, head, description);
      await asked(publisher, 'republish', { publicationId: publication.id });
      expect(await readVersion(importer, kind, followed.id)).toMatchObject({ description });
      const previewed = await preview(importer, mine, followed);
      expect(previewed).toMatchObject({
        clean: true,
        base: { id: expect.any(String) },
        changes: [{ path: ['description'], after: description }],
      });
      expect(JSON.stringify(previewed)).not.toContain(CANARY);
      mine = await merge(importer, kind, mine, followed);
      expect(mine).toMatchObject({ description, name: 'mine' });
      expect(mine.tags).toContain('made:by=importer');
      await mergesNothing(kind, mine, followed);
    }
  });

  test('clonedFrom of a copy is null, that of a clone of it is the copy; nobody of the publisher’s is named', async () => {
    const [origin] = await revisions(kind, 'origin');
    const head = await edit(publisher, kind, await clone(publisher, kind, origin), { name: 'offered' });
    const publication = await publish(publisher, kind, await release(publisher, kind, head));
    const { component } = await importer
      .query(
        `query($id: ID!) { publication(id: $id) { component { id clonedFrom { id } committedBy { name } history { edges { node { event } } } } } }`,
        { id: publication.id },
      )
      .then((data) => data.publication);
    expect(component).toMatchObject({ clonedFrom: null, committedBy: null, history: { edges: [] } });
    const copy = (await bring(importer, publication)).component;
    expect(await readVersion(importer, kind, copy.id)).toMatchObject({
      clonedFrom: null,
      committedBy: null,
      editable: false,
    });
    expect(await historyOf(importer, copy)).toEqual([]);
    expect(await clone(importer, kind, copy)).toMatchObject({ clonedFrom: { id: copy.id } });
  });

  test('R-2.2: who is in both accounts is not shown for what the other one published, either', async () => {
    const [one] = await revisions(kind, 'of 1');
    const [{ roles, name }] = await api.dataSource.query(
      'SELECT roles, name FROM memberships WHERE user_id = $1',
      [publisher.userKey],
    );
    await api.dataSource.query(
      'INSERT INTO memberships (account_id, user_id, name, roles, created_at) VALUES ($1, $2, $3, $4, now())',
      [importer.key, publisher.userKey, name, roles],
    );
    expect(await readVersion(publisher, kind, one.id)).toMatchObject({ committedBy: { name } });
    const publication = await publish(publisher, kind, one);
    expect(await readVersion(importer, kind, one.id)).toMatchObject({ committedBy: null });
    const copy = (await bring(importer, publication)).component;
    expect(await readVersion(importer, kind, copy.id)).toMatchObject({ committedBy: null });
  });

  test('R-9.4: publishing anew while it is cloned and merged from: each takes the one content or the other', async () => {
    const groups = [await groupOf(publisher, [importer])];
    let head = await describeAs(publisher, kind, await create(publisher, kind, place), 'content 0');
    const publication = await publish(publisher, kind, head, { groups });
    const followed = (await subscribe(importer, publication)).component;
    let mine = await clone(importer, kind, followed);
    for (let round = 1; round <= 5; round += 1) {
      head = await describeAs(publisher, kind, head, `content ${round}`);
      const [, copy, merged] = await Promise.all([
        asked(publisher, 'republish', { publicationId: publication.id }),
        clone(importer, kind, followed),
        merge(importer, kind, mine, followed),
      ]);
      for (const { description } of [copy, merged])
        expect([`content ${round - 1}`, `content ${round}`]).toContain(description);
      expect(await readVersion(importer, kind, followed.id)).toMatchObject({
        description: `content ${round}`,
      });
      mine = await merge(importer, kind, merged, followed);
      expect(mine.description).toBe(`content ${round}`);
      await mergesNothing(kind, mine, followed);
      expect(await merge(importer, kind, copy, followed)).toMatchObject({ description: `content ${round}` });
    }
  });

  test('R-6.4: names of what is imported are taken', async () => {
    const [one] = await revisions(kind, 'of 1');
    const head = await clone(publisher, kind, one, { name: 'published v2' });
    await imported(kind, await release(publisher, kind, head));
    const copy = await imported(kind, one);
    expect(await clone(importer, kind, copy)).toMatchObject({ name: 'published v3' });
    expect(await clone(importer, kind, copy)).toMatchObject({ name: 'published v4' });
  });

  test('R-2.2: ids of what is not offered are NOT_FOUND for cloning and merging', async () => {
    const [one] = await revisions(kind, CANARY);
    const mine = await create(importer, kind, place, 'mine');
    const tried = [
      await tryTo(importer, 'clone', kind, { id: one.id }),
      await tryTo(importer, 'merge', kind, {
        intoId: mine.id,
        expectedVersion: mine.version,
        fromId: one.id,
      }),
    ];
    for (const { component, userErrors } of tried) {
      expect(component).toBeNull();
      expect(userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    }
    const { [fieldOf(kind)]: seen } = await importer.query(
      `query($id: ID!) { ${fieldOf(kind)}(id: $id) { id } }`,
      { id: one.id },
    );
    expect(seen).toBeNull();
  });
});
