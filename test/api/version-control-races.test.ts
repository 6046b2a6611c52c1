import type { QueryRunner } from 'typeorm';
import { commandLine } from '../../src/domain/access/principal';
import { addServerTemplateMultiCloudImage } from '../../src/services/components/add-server-template-multi-cloud-image';
import { commitComponent } from '../../src/services/components/commit-component';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { auditOf, done, mutationSource, read } from '../kit/components';
import {
  KINDS,
  clone,
  commit,
  fieldOf,
  readVersion,
  versionControlSource,
  type Kind,
  type Verb,
} from '../kit/version-control';
import { contentOf, create, historyOf, revisionsOf } from '../kit/versions';

let api: TestApi;
let place: Place;
let account: TestAccount;

beforeAll(async () => {
  // The pool is as large as it is unless configured otherwise.
  api = await startApi();
  place = await new TestCatalog(api.dataSource).place();
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
});

/** A payload over HTTP; a fault fails the test. */
async function ask(source: string, name: string, input: object): Promise<Data> {
  const { status, errors, data } = await api.request(account.token, source, { input });
  expect({ status, errors }).toEqual({ status: 200, errors: undefined });
  return data[name];
}

const edit = (name: string, input: object): Promise<Data> => ask(mutationSource(name), name, input);
const control = (verb: Verb, kind: Kind, input: object): Promise<Data> =>
  ask(versionControlSource(verb, kind), `${verb}${kind}`, input);

const codesOf = ({ userErrors }: Data): string[] => userErrors.map(({ code }: Data) => code);

/** Asks with the version that it was told last, until that is not stale. */
async function insist(version: number, act: (expectedVersion: number) => Promise<Data>): Promise<Data> {
  for (let expectedVersion = version; ;) {
    const payload = await act(expectedVersion);
    const [error] = payload.userErrors;
    if (error === undefined) return payload;
    expect(error.code).toBe('STALE');
    expect(error.currentVersion).toBeGreaterThan(expectedVersion);
    expectedVersion = error.currentVersion;
  }
}

/** Runs all at once. */
const atOnce = <T>(acts: readonly (() => Promise<T>)[]): Promise<T[]> =>
  Promise.all(acts.map((act) => act()));

const indices = (count: number): number[] => Array.from({ length: count }, (_none, index) => index);

const WRITERS = 50;

describe.each(KINDS)('R-6.2, R-6.9: fifty writers of one HEAD of a %s', (kind) => {
  const commitInput = (id: string, expectedVersion: number, message: string) => ({
    id,
    expectedVersion,
    message,
    ...(kind === 'ServerTemplate' && { commitHeadDependencies: false }),
  });

  test('that edit, merge and commit: numbers without a gap, and nothing acknowledged is lost', async () => {
    const head = await create(account, kind, place);
    const one = await commit(account, kind, head, 'the first');
    const editors = indices(WRITERS).filter((index) => index % 2 === 0);
    const mergers = indices(WRITERS).filter((index) => index % 2 === 1);
    const tagOf = (index: number) => `writer:is=${index}`;
    const theirs = new Map<number, Data>();
    for (const index of mergers) {
      const copy = await clone(account, kind, one);
      await done(account, 'addTags', { id: copy.id, expectedVersion: 1, tags: [tagOf(index)] });
      // Some offer a HEAD, some a revision.
      theirs.set(
        index,
        index % 4 === 1 ? copy : await commit(account, kind, { ...copy, version: 2 }, 'theirs'),
      );
    }
    const actions = (await auditOf(account)).length;

    const addTag = (index: number) => () =>
      insist(1, (expectedVersion) => edit('addTags', { id: head.id, expectedVersion, tags: [tagOf(index)] }));
    const mergeTag = (index: number) => () =>
      insist(1, (expectedVersion) =>
        control('merge', kind, { intoId: head.id, expectedVersion, fromId: theirs.get(index)?.id }),
      );
    const thenCommit = (index: number, write: () => Promise<Data>) => async (): Promise<Data> => {
      await write();
      const { version } = await readVersion(account, kind, head.id);
      return control('commit', kind, commitInput(head.id, version, `of writer ${index}`));
    };
    const commits = await atOnce([
      ...editors.map((index) => thenCommit(index, addTag(index))),
      ...mergers.map((index) => thenCommit(index, mergeTag(index))),
    ]);

    const made = commits.filter(({ userErrors }) => userErrors.length === 0);
    for (const payload of commits)
      if (!made.includes(payload))
        expect([['STALE'], ['NOTHING_TO_COMMIT']]).toContainEqual(codesOf(payload));
    const revisions = await revisionsOf(account, kind, head);
    expect(revisions.map(({ revision }) => revision)).toEqual(indices(revisions.length).map((n) => n + 1));
    // Every acknowledged commit is the revision that it was told to be.
    const byId = new Map(revisions.map((revision) => [revision.id, revision]));
    const acknowledged = made.map((payload) => payload[fieldOf(kind)]);
    for (const revision of acknowledged) expect(byId.get(revision.id)).toEqual(revision);
    expect(new Set(acknowledged.map(({ id }) => id)).size).toBe(made.length);
    // The others are those that merges made of what they would have buried.
    const others = revisions.slice(1).filter(({ id }) => !acknowledged.some((each) => each.id === id));
    for (const { commitMessage } of others) expect(commitMessage).toMatch(/^Before merging /);

    // Nobody takes a tag away: each version has all of those before it, and HEAD has all.
    const last = await readVersion(account, kind, head.id);
    expect(last.tags.toSorted()).toEqual(indices(WRITERS).map(tagOf).toSorted());
    const states = [...revisions, last].map(({ tags }) => new Set<string>(tags));
    for (const [index, state] of states.entries())
      expect([...(states[index - 1] ?? [])].filter((tag) => !state.has(tag))).toEqual([]);
    expect(last.version).toBe(1 + WRITERS);

    const history = await historyOf(account, head);
    const count = (event: string) => history.filter((entry) => entry.event === event).length;
    expect(count('COMMITTED')).toBe(revisions.length);
    expect(count('MERGED')).toBe(mergers.length);
    const numbers = await api.dataSource.query(
      'SELECT array_agg(number ORDER BY number) AS numbers FROM history_entries WHERE lineage_id = $1',
      [head.lineageId],
    );
    expect(numbers[0].numbers).toEqual(indices(2 + revisions.length - 1 + mergers.length).map((n) => n + 1));
    const [{ entries }] = await api.dataSource.query(
      'SELECT count(*)::int AS entries FROM audit_entries WHERE account_id = $1',
      [account.key],
    );
    expect(entries - actions).toBe(WRITERS + made.length);
  });

  test('of two commits at one moment one gets the number', async () => {
    const head = await create(account, kind, place);
    const answers = await atOnce(
      indices(10).map((index) => () => control('commit', kind, commitInput(head.id, 1, `commit ${index}`))),
    );
    expect(answers.map(codesOf).toSorted()).toEqual([[], ...indices(9).map(() => ['NOTHING_TO_COMMIT'])]);
    expect(await revisionsOf(account, kind, head)).toHaveLength(1);
    expect(await historyOf(account, head)).toHaveLength(2);
  });

  test('two HEADs that are merged into each other at one moment both get all', async () => {
    for (const round of indices(5)) {
      const left = await create(account, kind, place, `left ${round}`);
      const right = await clone(account, kind, await commit(account, kind, left));
      for (const [head, tag] of [
        [left, 'of:the=left'],
        [right, 'of:the=right'],
      ])
        await done(account, 'addTags', { id: head.id, expectedVersion: 1, tags: [tag] });
      const merge = (into: Data, from: Data) => () =>
        control('merge', kind, { intoId: into.id, expectedVersion: 2, fromId: from.id });
      const answers = await atOnce([merge(left, right), merge(right, left)]);
      expect(answers.map(codesOf)).toEqual([[], []]);
      for (const head of [left, right]) {
        const { tags, version } = await readVersion(account, kind, head.id);
        expect(tags.toSorted()).toEqual(['of:the=left', 'of:the=right']);
        expect(version).toBe(3);
      }
    }
  });

  test('R-4.5, R-5.5: a commit and a deletion at one moment leave nothing of the lineage alive', async () => {
    for (const round of indices(10)) {
      const head = await create(account, kind, place, `round ${round}`);
      const [committed] = await atOnce([
        () => control('commit', kind, commitInput(head.id, 1, 'just before')),
        () => edit(`delete${kind}`, { id: head.id }),
      ]);
      expect([[], ['NOT_EDITABLE']]).toContainEqual(codesOf(committed));
      const entry = (await auditOf(account)).findLast(({ action }) => action === `${fieldOf(kind)}.delete`);
      expect(entry?.changes.revisions).toEqual(committed.userErrors.length === 0 ? [0, 1] : [0]);
      const revision = committed[fieldOf(kind)];
      for (const version of [head, ...(revision === null ? [] : [revision])])
        expect((await read(account, fieldOf(kind), version.id)).deletedAt).not.toBeNull();
    }
  });
});

describe('R-6.3: templates that share what they pin', () => {
  test('and are committed with it at one moment: each of the shared HEADs is committed once', async () => {
    const mcis = [
      await create(account, 'MultiCloudImage', place, 'a'),
      await create(account, 'MultiCloudImage', place, 'b'),
      await create(account, 'MultiCloudImage', place, 'c'),
    ];
    const script = await create(account, 'RightScript', place);
    const templates: Data[] = [];
    for (const index of indices(8)) {
      const ids = mcis.map(({ id }) => id);
      const template = await done(account, 'createServerTemplate', {
        name: `template ${index}`,
        multiCloudImageIds: index % 2 === 0 ? ids : ids.toReversed(),
      });
      templates.push(
        await done(account, 'attachScript', {
          serverTemplateId: template.id,
          expectedVersion: template.version,
          rightScriptId: script.id,
          phase: 'BOOT',
        }),
      );
    }
    const answers = await atOnce(
      templates.map(
        (template) => () =>
          control('commit', 'ServerTemplate', {
            id: template.id,
            expectedVersion: template.version,
            message: `of ${template.name}`,
            commitHeadDependencies: true,
          }),
      ),
    );
    expect(answers.map(codesOf)).toEqual(templates.map(() => []));
    const dependencies = answers.map((answer) => answer.dependencies.map(({ id }: Data) => id).toSorted());
    expect(dependencies[0]).toHaveLength(4);
    for (const each of dependencies) expect(each).toEqual(dependencies[0]);
    for (const mci of mcis) expect(await revisionsOf(account, 'MultiCloudImage', mci)).toHaveLength(1);
    expect(await revisionsOf(account, 'RightScript', script)).toHaveLength(1);
  });

  test('and are committed, merged and cloned at one moment, while what they pin is edited', async () => {
    const mcis: Data[] = [];
    for (const index of indices(4))
      mcis.push(await create(account, 'MultiCloudImage', place, `mci ${index}`));
    const ids = mcis.map(({ id }) => id);
    const templates: Data[] = [];
    const others: Data[] = [];
    for (const index of indices(8)) {
      const template = await done(account, 'createServerTemplate', {
        name: `template ${index}`,
        multiCloudImageIds: index % 2 === 0 ? ids : ids.toReversed(),
      });
      templates.push(template);
      others.push(await clone(account, 'ServerTemplate', await commit(account, 'ServerTemplate', template)));
    }
    for (const other of others)
      await done(account, 'addTags', { id: other.id, expectedVersion: 1, tags: ['merged'] });
    const commitOf =
      ({ id, version }: Data, commitHeadDependencies: boolean) =>
      () =>
        insist(version, (expectedVersion) =>
          control('commit', 'ServerTemplate', {
            id,
            expectedVersion,
            message: 'at once',
            commitHeadDependencies,
          }),
        );
    const answers = await atOnce([
      ...templates.map(
        (template, index) => () =>
          control('merge', 'ServerTemplate', {
            intoId: template.id,
            expectedVersion: template.version,
            fromId: others[index]?.id,
          }),
      ),
      ...others.map((other, index) => commitOf({ ...other, version: 2 }, index % 2 === 0)),
      ...mcis.map(
        ({ id }) =>
          () =>
            edit('addTags', { id, expectedVersion: 1, tags: ['edited'] }),
      ),
      ...others.map(
        ({ id }) =>
          () =>
            control('clone', 'ServerTemplate', { id }),
      ),
    ]);
    expect(answers.flatMap(codesOf)).toEqual([]);
    for (const { id } of templates)
      expect((await readVersion(account, 'ServerTemplate', id)).tags).toEqual(['merged']);
  });
});

describe('R-4.5: the deletion of a MultiCloud Image against what pins it', () => {
  const deleteMci = (mci: Data) => () => edit('deleteMultiCloudImage', { id: mci.id });

  /** Live templates that pin something deleted: there must be none. */
  const dangling = (): Promise<unknown[]> =>
    api.dataSource.query(
      `SELECT template.name FROM server_templates AS template
       JOIN server_template_multi_cloud_images AS pin ON pin.server_template_id = template.id
       JOIN multi_cloud_images AS mci ON mci.id = pin.multi_cloud_image_id
       WHERE template.account_id = $1 AND template.deleted_at IS NULL AND NOT template.snapshot
         AND mci.deleted_at IS NOT NULL`,
      [account.key],
    );

  /** Waits until somebody waits for a lock that this connection holds; whoever is expected to must not end first. */
  async function blockedBy(runner: QueryRunner, expected: Promise<Data>): Promise<void> {
    let answer: Data = null;
    void expected.then((data) => (answer = data));
    const [{ pid }] = await runner.query('SELECT pg_backend_pid() AS pid');
    for (;;) {
      const waiting = await api.dataSource.query(
        'SELECT FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))',
        [pid],
      );
      if (waiting.length > 0) return;
      expect(answer).toBeNull();
    }
  }

  const ROUNDS = 10;

  test('an addition: one of the two wins', async () => {
    for (const round of indices(ROUNDS)) {
      const mci = await create(account, 'MultiCloudImage', place, `round ${round}`);
      const template = await done(account, 'createServerTemplate', { name: `round ${round}` });
      const [added, deleted] = await atOnce([
        () =>
          edit('addServerTemplateMultiCloudImage', {
            serverTemplateId: template.id,
            expectedVersion: 1,
            multiCloudImageId: mci.id,
          }),
        deleteMci(mci),
      ]);
      expect([
        [[], ['IN_USE']],
        [['NOT_FOUND'], []],
      ]).toContainEqual([codesOf(added), codesOf(deleted)]);
    }
    expect(await dangling()).toEqual([]);
  });

  test('a commit with the HEADs that it pins: the commit wins', async () => {
    for (const round of indices(ROUNDS)) {
      const mci = await create(account, 'MultiCloudImage', place, `round ${round}`);
      const template = await done(account, 'createServerTemplate', {
        name: `round ${round}`,
        multiCloudImageIds: [mci.id],
      });
      const [committed, deleted] = await atOnce([
        () =>
          control('commit', 'ServerTemplate', {
            id: template.id,
            expectedVersion: template.version,
            message: 'all',
            commitHeadDependencies: true,
          }),
        deleteMci(mci),
      ]);
      expect([codesOf(committed), codesOf(deleted)]).toEqual([[], ['IN_USE']]);
    }
    expect(await dangling()).toEqual([]);
  });

  test('a pin of a revision that was committed while the deletion waited for HEAD: the pin wins', async () => {
    const mci = await create(account, 'MultiCloudImage', place, 'contended');
    const template = await done(account, 'createServerTemplate', { name: 'pins the newest' });
    const first = await commit(account, 'MultiCloudImage', mci);
    await done(account, 'addTags', { id: mci.id, expectedVersion: 1, tags: ['changed'] });
    const keyOf = ({ id }: Data): string => id.slice(4);
    const context = {
      dataSource: api.dataSource,
      principal: { ...commandLine(account.key), userId: account.userKey },
      now: new Date(),
    };
    // A use case given an open transaction joins it.
    const inside = ({ manager }: QueryRunner) => ({ ...context, manager });
    const committer = api.dataSource.createQueryRunner();
    const holder = api.dataSource.createQueryRunner();
    const pinner = api.dataSource.createQueryRunner();
    const runners = [committer, holder, pinner];
    const commitMeanwhile = async (): Promise<string> => {
      const input = { id: keyOf(mci), expectedVersion: 2, message: 'meanwhile' };
      return (await commitComponent(inside(committer), 'MultiCloudImage', input)).revisionId;
    };
    for (const runner of runners) await runner.startTransaction();
    try {
      // The deletion waits for HEAD, …
      let revisionId = await commitMeanwhile();
      // Versions are locked in the order of their keys, and the new one is to come last.
      while (revisionId < keyOf(first)) {
        await committer.rollbackTransaction();
        await committer.startTransaction();
        revisionId = await commitMeanwhile();
      }
      await holder.query('SELECT FROM multi_cloud_images WHERE id = $1 FOR SHARE', [keyOf(first)]);
      const deletion = deleteMci(mci)();
      await blockedBy(committer, deletion);
      await committer.commitTransaction();
      // … then for the first revision, while the second one gets pinned, …
      await blockedBy(holder, deletion);
      await addServerTemplateMultiCloudImage(inside(pinner), {
        serverTemplateId: keyOf(template),
        expectedVersion: 1,
        multiCloudImageId: revisionId,
        makeDefault: true,
      });
      await holder.rollbackTransaction();
      // … and then for that one.
      await blockedBy(pinner, deletion);
      await pinner.commitTransaction();
      expect(codesOf(await deletion)).toEqual(['IN_USE']);
    } finally {
      for (const runner of runners) {
        if (runner.isTransactionActive) await runner.rollbackTransaction();
        await runner.release();
      }
    }
    expect(await dangling()).toEqual([]);
  });

  test('a merge that brings it: one of the two wins', async () => {
    for (const round of indices(ROUNDS)) {
      const mci = await create(account, 'MultiCloudImage', place, `round ${round}`);
      const into = await create(account, 'ServerTemplate', place, `into ${round}`);
      const from = await clone(account, 'ServerTemplate', await commit(account, 'ServerTemplate', into));
      await done(account, 'addServerTemplateMultiCloudImage', {
        serverTemplateId: from.id,
        expectedVersion: 1,
        multiCloudImageId: mci.id,
      });
      const revision = await commit(account, 'ServerTemplate', { ...from, version: 2 });
      await done(account, 'deleteServerTemplate', { id: from.id });
      const [merged, deleted] = await atOnce([
        () =>
          control('merge', 'ServerTemplate', { intoId: into.id, expectedVersion: 1, fromId: revision.id }),
        deleteMci(mci),
      ]);
      expect([
        [[], ['IN_USE']],
        [['MERGE_VIOLATION'], []],
      ]).toContainEqual([codesOf(merged), codesOf(deleted)]);
    }
    expect(await dangling()).toEqual([]);
  });

  test('R-5.5: a clone of a deleted template pins it, or brings it back', async () => {
    for (const round of indices(ROUNDS)) {
      const mci = await create(account, 'MultiCloudImage', place, `round ${round}`);
      const template = await done(account, 'createServerTemplate', {
        name: `round ${round}`,
        multiCloudImageIds: [mci.id],
      });
      await done(account, 'deleteServerTemplate', { id: template.id });
      const [cloned, deleted] = await atOnce([
        () => control('clone', 'ServerTemplate', { id: template.id }),
        deleteMci(mci),
      ]);
      expect(codesOf(cloned)).toEqual([]);
      expect([
        [0, ['IN_USE']],
        [1, []],
      ]).toContainEqual([cloned.resurrected.length, codesOf(deleted)]);
      const { multiCloudImages } = await contentOf(account, 'ServerTemplate', cloned.serverTemplate);
      expect(multiCloudImages).toHaveLength(1);
    }
    expect(await dangling()).toEqual([]);
  });

  test('R-5.5: clones of deleted templates that share it: each brings back one of its own', async () => {
    const mci = await create(account, 'MultiCloudImage', place, 'shared');
    const templates: Data[] = [];
    for (const index of indices(6))
      templates.push(
        await done(account, 'createServerTemplate', {
          name: `template ${index}`,
          multiCloudImageIds: [mci.id],
        }),
      );
    for (const { id } of templates) await done(account, 'deleteServerTemplate', { id });
    await done(account, 'deleteMultiCloudImage', { id: mci.id });
    const answers = await atOnce(
      templates.map(
        ({ id }) =>
          () =>
            control('clone', 'ServerTemplate', { id }),
      ),
    );
    expect(answers.map(codesOf)).toEqual(templates.map(() => []));
    const backs = answers.flatMap(({ resurrected }) => resurrected);
    expect(new Set(backs.map(({ id }: Data) => id)).size).toBe(templates.length);
    expect(backs.map(({ name }: Data) => name).toSorted()).toEqual(
      indices(6).map((index) => `shared v${index + 2}`),
    );
    expect(await dangling()).toEqual([]);
  });
});
