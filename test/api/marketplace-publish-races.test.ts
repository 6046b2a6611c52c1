import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { done, run } from '../kit/components';
import { deadlocks } from '../kit/deadlocks';
import { ask, asked, groupOf, organize, publish } from '../kit/marketplace';
import { KINDS, commit, type Kind } from '../kit/version-control';
import { contentOf, create } from '../kit/versions';

/** Publishing while somebody else publishes, deletes or edits: with real commits, in many connections. */

let api: TestApi;
let place: Place;
let publisher: TestAccount;
let member: TestAccount;

beforeAll(async () => {
  api = await startApi();
  place = await new TestCatalog(api.dataSource).place();
});
afterAll(() => api.close());
beforeEach(async () => {
  publisher = await api.account();
  member = await api.account();
  await organize(publisher);
});

const ROUNDS = Array.from({ length: 5 }, (_none, index) => index);
const PUBLIC = { visibility: 'PUBLIC', shortDescription: 'short' };

const codesOf = ({ userErrors }: Data): string[] => userErrors.map(({ code }: Data) => code);
const key = (id: string): string => id.slice(4);

const atOnce = <T>(acts: readonly (() => Promise<T>)[]): Promise<T[]> =>
  Promise.all(acts.map((act) => act()));

const committed = async (kind: Kind, name = 'one'): Promise<{ head: Data; revision: Data }> => {
  const head = await create(publisher, kind, place, name);
  return { head, revision: await commit(publisher, kind, head, 'message', kind === 'ServerTemplate') };
};

/** Publications of these versions, with the groups that they are offered to. */
const publicationsOf = (versions: readonly { readonly id: string }[]): Promise<Data[]> =>
  api.dataSource.query(
    `SELECT component_id, visibility, ARRAY(SELECT account_group_id FROM publication_account_groups AS offered
       WHERE offered.publication_id = publication.id ORDER BY 1) AS groups
     FROM publications AS publication WHERE component_id = ANY($1) ORDER BY component_id`,
    [versions.map(({ id }) => key(id))],
  );

describe.each(KINDS)('R-9.1: a %s', (kind: Kind) => {
  test('that ten publish at once is published once', async () => {
    const { revision } = await committed(kind);
    const answers = await atOnce(
      Array.from(
        { length: 10 },
        () => () => ask(publisher, `publish${kind}`, { id: revision.id, ...PUBLIC }),
      ),
    );
    expect(answers.flatMap(codesOf)).toEqual(Array.from({ length: 9 }, () => 'ALREADY_PUBLISHED'));
    expect(await publicationsOf([revision])).toHaveLength(1);
  });

  test('whose HEAD and first revisions are published at once: each of them is', async () => {
    const group = await groupOf(publisher, [member]);
    const { head, revision } = await committed(kind);
    const { version } = await done(publisher, `update${kind}`, {
      id: head.id,
      expectedVersion: kind === 'ServerTemplate' ? 2 : 1,
      description: 'another',
    });
    const second = await commit(publisher, kind, { id: head.id, version });
    const answers = await atOnce([
      () => ask(publisher, `publish${kind}`, { id: revision.id, ...PUBLIC }),
      () => ask(publisher, `publish${kind}`, { id: second.id, ...PUBLIC }),
      () =>
        ask(publisher, `publish${kind}`, {
          ...PUBLIC,
          id: head.id,
          visibility: 'PRIVATE',
          accountGroupIds: [group],
        }),
    ]);
    expect(answers.flatMap(codesOf)).toEqual([]);
    expect(await publicationsOf([head, revision, second])).toHaveLength(3);
  });

  test('R-4.5, R-5.5: that is published and deleted at once is either', async () => {
    for (const round of ROUNDS) {
      const { head, revision } = await committed(kind, `round ${round}`);
      const [published, deleted] = await atOnce([
        () => ask(publisher, `publish${kind}`, { id: revision.id, ...PUBLIC }),
        () => run(publisher, `delete${kind}`, { id: head.id }),
      ]);
      expect([
        [[], ['PUBLISHED']],
        [['INVALID'], []],
      ]).toContainEqual([codesOf(published), codesOf(deleted)]);
      expect(await publicationsOf([revision])).toHaveLength(codesOf(published).length === 0 ? 1 : 0);
      const [{ gone }] = await api.dataSource.query(
        `SELECT bool_and(deleted_at IS NOT NULL) AS gone FROM (
           SELECT id, deleted_at FROM multi_cloud_images UNION ALL SELECT id, deleted_at FROM server_templates
           UNION ALL SELECT id, deleted_at FROM right_scripts) AS version WHERE id = ANY($1)`,
        [[head.id, revision.id].map(key)],
      );
      expect(gone).toBe(codesOf(deleted).length === 0);
    }
  });

  test('R-9.4: whose HEAD is published and edited at once is frozen before or after the edit, whole', async () => {
    const group = await groupOf(publisher, [member]);
    for (const round of ROUNDS) {
      const head = await create(publisher, kind, place, `round ${round}`);
      const before = await contentOf(publisher, kind, head);
      const [published] = await atOnce([
        () => publish(publisher, kind, head, { groups: [group] }),
        () => done(publisher, `update${kind}`, { id: head.id, expectedVersion: 1, description: 'edited' }),
      ]);
      const [{ content }] = await api.dataSource.query(
        `SELECT content_id AS content FROM publications WHERE id = $1`,
        [key(published.id)],
      );
      const frozen = await contentOf(publisher, kind, { id: `${head.id.slice(0, 4)}${content}` });
      // Its pins are frozen, too: other versions of the same lineages.
      const { multiCloudImages: _frozen, defaultMultiCloudImage: _default, ...rest } = frozen;
      const { multiCloudImages: _pins, defaultMultiCloudImage: _theDefault, ...expected } = before;
      expect([expected, { ...expected, description: 'edited' }]).toContainEqual(rest);
    }
  });
});

describe('R-9.2: templates that share what they pin', () => {
  test('and are published at once: each pin is published once, to all of their audiences', async () => {
    for (const round of ROUNDS) {
      const images = await Promise.all(
        ['a', 'b', 'c'].map(async (name) => (await committed('MultiCloudImage', name)).revision),
      );
      const script = (await committed('RightScript')).revision;
      const groups = await Promise.all([1, 2, 3, 4].map(() => groupOf(publisher, [])));
      const templates: Data[] = [];
      for (const index of groups.keys()) {
        const head = await done(publisher, 'createServerTemplate', {
          name: `${round} ${index}`,
          // In different orders.
          multiCloudImageIds: (index % 2 === 0 ? images : images.toReversed()).map(({ id }) => id),
        });
        const attached = await done(publisher, 'attachScript', {
          serverTemplateId: head.id,
          expectedVersion: 1,
          rightScriptId: script.id,
          phase: 'BOOT',
        });
        templates.push(await commit(publisher, 'ServerTemplate', attached));
      }
      const answers = await atOnce(
        templates.map(
          ({ id }, index) =>
            () =>
              ask(publisher, 'publishServerTemplate', {
                ...PUBLIC,
                id,
                visibility: 'PRIVATE',
                accountGroupIds: [groups[index]],
              }),
        ),
      );
      expect(answers.flatMap(codesOf)).toEqual([]);
      const pins = await publicationsOf([...images, script]);
      expect(pins).toHaveLength(4);
      for (const pin of pins) expect(pin.groups).toEqual(groups.map(key).toSorted());
    }
  });
});

describe('R-9.1: a publication', () => {
  test('that ten offer to another group each at once is offered to all of them', async () => {
    const groups = await Promise.all(Array.from({ length: 11 }, () => groupOf(publisher, [])));
    const { revision } = await committed('RightScript');
    const publication = await publish(publisher, 'RightScript', revision, { groups: groups.slice(0, 1) });
    await atOnce(
      groups.slice(1).map(
        (group) => () =>
          asked(publisher, 'updatePublication', {
            publicationId: publication.id,
            addAccountGroupIds: [group],
          }),
      ),
    );
    const [stored] = await publicationsOf([revision]);
    expect(stored.groups).toEqual(groups.map(key).toSorted());
  });

  test('and others of its lineage get words at once: the last ones stay, all are found by them, without a deadlock', async () => {
    const before = await deadlocks(api.dataSource);
    const { head, revision } = await committed('RightScript');
    const { version } = await done(publisher, 'updateRightScript', {
      id: head.id,
      expectedVersion: 1,
      description: 'another',
    });
    const second = await commit(publisher, 'RightScript', { id: head.id, version });
    const publications = [
      await publish(publisher, 'RightScript', revision),
      await publish(publisher, 'RightScript', second),
    ];
    await atOnce(
      Array.from(
        { length: 10 },
        (_none, index) => () =>
          asked(publisher, 'updatePublication', {
            publicationId: publications[index % 2]?.id,
            shortDescription: `words${index}`,
          }),
      ),
    );
    expect(await deadlocks(api.dataSource)).toBe(before);
    const rows = await api.dataSource.query(
      `SELECT search @@ plainto_tsquery('simple', lineage.short_description) AS found
       FROM publications JOIN published_lineages AS lineage USING (lineage_id) WHERE lineage_id = $1`,
      [head.lineageId],
    );
    expect(rows).toEqual([{ found: true }, { found: true }]);
    const { auditEntries } = await publisher.query(
      '{ auditEntries(first: 100) { edges { node { action } } } }',
    );
    const actions = auditEntries.edges.map(({ node }: Data) => node.action);
    expect(actions.filter((action: string) => action === 'publication.update')).toHaveLength(10);
  });

  test('and the group that it is offered to, deleted at once: no group that is gone stays', async () => {
    for (const round of ROUNDS) {
      const group = await groupOf(publisher, [], `round ${round}`);
      const { revision } = await committed('RightScript');
      const [published, deleted] = await atOnce([
        () =>
          ask(publisher, 'publishRightScript', {
            ...PUBLIC,
            id: revision.id,
            visibility: 'PRIVATE',
            accountGroupIds: [group],
          }),
        () => ask(publisher, 'deleteAccountGroup', { id: group }),
      ]);
      expect(codesOf(deleted)).toEqual([]);
      expect([[], ['NOT_FOUND']]).toContainEqual(codesOf(published));
      const links = await api.dataSource.query(
        'SELECT FROM publication_account_groups WHERE account_group_id = $1',
        [key(group)],
      );
      expect(links).toEqual([]);
    }
  });
});
