import type { Data, TestAccount, TestApi } from '../kit/api';
import { startApi } from '../kit/api';
import { TestCatalog } from '../kit/catalog';
import { done } from '../kit/components';
import { asked, groupOf, organize, publish } from '../kit/marketplace';
import { seedComponents } from '../kit/seed';
import { statementsDuring } from '../kit/statements';
import { KINDS, commit, edit, readVersion } from '../kit/version-control';
import { create } from '../kit/versions';

/**
 * The exact number of SQL statements of the queries of the marketplace, the same for few and for many rows
 * (see statement-counts.test.ts). Every request begins with the look-up of its token.
 */

const FEW = 1;
/** With two MCIs and a script each, a page full of publications. */
const MANY = 25;

interface Market {
  readonly publisher: TestAccount;
  readonly viewer: TestAccount;
}

let api: TestApi;
let few: Market;
let many: Market;

beforeAll(async () => {
  // Over one connection answers come in the order of the questions.
  api = await startApi({ MCI_GRAPH_SELECTION_PLANNER: 'false' }, 1);
  few = await fill(FEW);
  many = await fill(MANY);
});
afterAll(() => api.close());

/** A publisher with this many templates, two MCIs and a script each, all offered to one group, and a member of it. */
async function fill(count: number): Promise<Market> {
  const [publisher, viewer] = [await api.account(), await api.account()];
  await seedComponents(api.dataSource, publisher, count);
  const run = (sql: string, ...parameters: unknown[]): Promise<unknown> =>
    api.dataSource.query(sql, parameters);
  await run(
    `INSERT INTO organizations (account_id, name, email, created_at, updated_at)
     VALUES ($1, 'Publisher', 'contact@publisher.example', now(), now())`,
    publisher.key,
  );
  await run(
    `WITH made AS (
       INSERT INTO account_groups (id, account_id, name, created_at, updated_at)
       VALUES (gen_random_uuid(), $1, 'Partners', now(), now()) RETURNING id)
     INSERT INTO account_group_members SELECT id, $2, now() FROM made`,
    publisher.key,
    viewer.key,
  );
  for (const [type, table] of [
    ['MultiCloudImage', 'multi_cloud_images'],
    ['ServerTemplate', 'server_templates'],
    ['RightScript', 'right_scripts'],
  ]) {
    await run(
      `INSERT INTO published_lineages (lineage_id, account_id, component_type, short_description, long_description,
         categories, updated_at)
       SELECT lineage_id, account_id, $2, 'For tests', 'At length', ARRAY['Tests'], now()
       FROM ${table} WHERE account_id = $1 AND revision = 1`,
      publisher.key,
      type,
    );
    await run(
      `WITH published AS (
         INSERT INTO publications (id, account_id, component_type, lineage_id, revision, component_id, content_id, name,
           visibility, status, published_at, updated_at)
         SELECT gen_random_uuid(), account_id, $2, lineage_id, 1, id, id, name, 'PRIVATE', 'ACTIVE', now(), now()
         FROM ${table} WHERE account_id = $1 AND revision = 1
         RETURNING id, content_id, component_type)
       INSERT INTO publication_versions (publication_id, version_id, component_type)
       SELECT id, content_id, component_type FROM published`,
      publisher.key,
      type,
    );
  }
  await run(
    `INSERT INTO publication_account_groups SELECT publication.id, offered.id
     FROM publications AS publication JOIN account_groups AS offered USING (account_id) WHERE account_id = $1`,
    publisher.key,
  );
  await run(
    `WITH agreement AS (
       INSERT INTO eulas (id, account_id, name, created_at) VALUES (gen_random_uuid(), $1, 'Terms', now()) RETURNING id
     ), words AS (
       INSERT INTO eula_revisions (id, eula_id, revision, text, created_at)
       SELECT gen_random_uuid(), id, 1, 'Be kind.', now() FROM agreement RETURNING id)
     INSERT INTO publication_eulas SELECT publication.id, words.id FROM publications AS publication, words
     WHERE publication.account_id = $1`,
    publisher.key,
  );
  return { publisher, viewer };
}

/** Counts the second of two equal requests: the first may open connections and read their settings. */
async function count(account: TestAccount, source: string): Promise<{ statements: number; data: Data }> {
  await account.query(source);
  let data: Data;
  const statements = await statementsDuring(async () => {
    data = await account.query(source);
  });
  return { statements: statements.length, data };
}

const FIELDS = `id name kind revision visibility status implicit revisionNotes allowComments ratingCount publishedAt updatedAt
  publisher { name email } lineageId shortDescription longDescription categories accountGroups { name }
  supportedClouds { name } eulas { name text } rating importCount cloneCount imported
  headPublication { id }`;

const page = (field: string, selection: string): string =>
  `{ ${field} { totalCount edges { node { ${selection} } } pageInfo { hasNextPage } } }`;

test('section 9: the marketplace with everything about its publications', async () => {
  const counts = [];
  for (const kind of ['SERVER_TEMPLATE', 'MULTI_CLOUD_IMAGE', 'RIGHT_SCRIPT'])
    for (const { viewer } of [few, many])
      counts.push(await count(viewer, page(`marketplace(first: 100, filter: { kind: ${kind} })`, FIELDS)));
  expect(counts.map(({ data }) => data.marketplace.edges.length)).toEqual([1, 25, 2, 50, 1, 25]);
  for (const { data } of counts.slice(0, 4))
    for (const { node } of data.marketplace.edges)
      expect(node).toMatchObject({
        publisher: { name: 'Publisher' },
        categories: ['Tests'],
        accountGroups: null,
        supportedClouds: { length: 4 },
        eulas: [{ name: 'Terms', text: 'Be kind.' }],
        importCount: null,
        cloneCount: null,
        imported: false,
      });
  // Token, page, total; publishers, descriptions, long descriptions, licences by publication and by key, their texts, imports,
  // HEADs; clouds, but of scripts.
  expect(counts.map(({ statements }) => statements)).toEqual([12, 12, 12, 12, 11, 11]);
});

test('section 9: what is offered, with what leads back to its publication', async () => {
  const component = '__typename name lineageId revision origin editable publication { id name }';
  const source = page(
    'marketplace(first: 100, filter: { kind: SERVER_TEMPLATE })',
    `component { ${component} }`,
  );
  const counts = [await count(few.viewer, source), await count(many.viewer, source)];
  for (const { data } of counts)
    for (const { node } of data.marketplace.edges)
      expect(node.component).toMatchObject({
        origin: 'IMPORTED',
        editable: false,
        publication: { name: node.component.name },
      });
  // Token, page, total, the versions, their publications.
  expect(counts.map(({ statements }) => statements)).toEqual([5, 5]);
});

test('R-9.6: my publications with groups, imports and clones', async () => {
  const source = page(
    'myPublications(first: 100)',
    `component { name } accountGroups { name } importCount cloneCount`,
  );
  const counts = [await count(few.publisher, source), await count(many.publisher, source)];
  for (const { data } of counts)
    for (const { node } of data.myPublications.edges)
      expect(node).toMatchObject({ accountGroups: [{ name: 'Partners' }], importCount: 0, cloneCount: 0 });
  expect(counts.map(({ data }) => data.myPublications.edges.length)).toEqual([4, 100]);
  // Token, page, total; the versions of three kinds; groups, clones.
  expect(counts.map(({ statements }) => statements)).toEqual([8, 8]);
});

test('R-9.6: my imports with updates, publications and diffs', async () => {
  const place = await new TestCatalog(api.dataSource).place();
  const source = page(
    'myImports(first: 100)',
    `importedAt component { name publication { name } } update { name revision component { name } } diff { changes { label before after } }`,
  );
  const counts = [];
  for (const rows of [1, 10]) {
    const [publisher, importer] = [await api.account(), await api.account()];
    await organize(publisher);
    for (let row = 0; row < rows; row++)
      for (const kind of KINDS) {
        const head = await create(publisher, kind, place, `${kind} ${row}`);
        const first = await publish(publisher, kind, await commit(publisher, kind, head, 'One', true));
        await asked(importer, 'importPublication', { publicationId: first.id });
        // Committing may have pinned what it committed along.
        const { version } = await readVersion(publisher, kind, head.id);
        const edited = await edit(publisher, kind, { ...head, version }, { description: 'changed' });
        await publish(publisher, kind, await commit(publisher, kind, edited, 'Two'));
      }
    counts.push(await count(importer, source));
  }
  // A template brings an MCI along.
  expect(counts.map(({ data }) => data.myImports.edges.length)).toEqual([4, 40]);
  const updates = counts.map(({ data }) =>
    data.myImports.edges.filter(({ node }: Data) => node.update !== null),
  );
  expect(updates.map(({ length }) => length)).toEqual([3, 30]);
  for (const { node } of updates.flat())
    expect(node).toMatchObject({
      update: { revision: 2, component: { name: node.component.name } },
      diff: { changes: [{ after: 'changed' }] },
    });
  // Token, page, total; of three kinds the versions, what is offered above them, and their publications; the updates. The
  // diffs: a transaction of four statements, the versions and contents of scripts and templates (two each) and MCIs (three), and the pins of
  // offered templates that are hidden.
  expect(counts.map(({ statements }) => statements)).toEqual([25, 25]);
});

test('members, publications and comments of many groups are read in as many statements as those of one', async () => {
  const READ = `{ accountGroups { edges { node { name accounts { totalCount edges { node { name tags organization { name } } } }
    publications { totalCount edges { node { name comments { totalCount edges { node { text byPublisher author { name } } } } } } } } } } }`;
  const [publisher, partner] = [await api.account(), await api.account()];
  await organize(publisher);
  const grow = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++) {
      const group = await groupOf(publisher, [partner, await api.account()]);
      const head = await done(publisher, 'createRightScript', { name: 'one', source: 'echo hello' });
      const revision = await commit(publisher, 'RightScript', head, 'the first');
      const { id } = await publish(publisher, 'RightScript', revision, {
        groups: [group],
        allowComments: true,
      });
      for (const account of [publisher, partner])
        await asked(account, 'commentPublication', { publicationId: id, text: 'x' });
    }
  };
  await grow(1);
  const few = await statementsDuring(() => publisher.query(READ));
  await grow(6);
  const many = await statementsDuring(() => publisher.query(READ));
  expect(many).toHaveLength(few.length);
});
