import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog } from '../kit/catalog';
import { done } from '../kit/components';
import { ask, asked, bring, denied, groupOf, join, organize, publish } from '../kit/marketplace';
import { commit } from '../kit/version-control';
import { create } from '../kit/versions';

let api: TestApi;
let publisher: TestAccount;
let partner: TestAccount;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  [publisher, partner] = [await api.account(), await api.account()];
  await organize(publisher, 'Acme');
});

/** A committed script. */
async function revision(name = 'one'): Promise<Data> {
  const head = await done(publisher, 'createRightScript', { name, source: 'echo hello' });
  return commit(publisher, 'RightScript', head, 'the first');
}
const offer = async (more: Parameters<typeof publish>[3], name?: string): Promise<Data> =>
  publish(publisher, 'RightScript', await revision(name), more);
const sees = async (account: TestAccount, { id }: Data): Promise<boolean> =>
  (await account.query('query($id: ID!) { publication(id: $id) { id } }', { id })).publication !== null;
const offered = async (id: string): Promise<Data[]> =>
  (
    await publisher.query(
      'query($id: ID!) { accountGroup(id: $id) { publications { edges { node { id name status } } } } }',
      { id },
    )
  ).accountGroup.publications.edges.map(({ node }: Data) => node);

test('R-9.5: a group shows what is offered to it, newest first, deprecated publications too', async () => {
  const [group, other] = [await groupOf(publisher, []), await groupOf(publisher, [])];
  const first = await offer({ groups: [group] }, 'first');
  const second = await offer({ groups: [group, other] }, 'second');
  await offer({}, 'public');
  await asked(publisher, 'deprecatePublication', { publicationId: first.id });
  expect(await offered(group)).toEqual([
    { id: second.id, name: 'second', status: 'ACTIVE' },
    { id: first.id, name: 'first', status: 'DEPRECATED' },
  ]);
  expect(await offered(other)).toEqual([{ id: second.id, name: 'second', status: 'ACTIVE' }]);
});

test('R-9.5: members see what is offered to the group from joining to revocation; imports survive it', async () => {
  const group = await groupOf(publisher, []);
  const publication = await offer({ groups: [group] });
  expect(await sees(partner, publication)).toBe(false);
  await join(publisher, group, partner);
  expect(await sees(partner, publication)).toBe(true);
  const { component } = await bring(partner, publication);
  await asked(publisher, 'revokeAccountGroupAccess', { id: group, accountId: partner.id });
  expect(await sees(partner, publication)).toBe(false);
  await asked(publisher, 'deleteAccountGroup', { id: group });
  const { rightScript } = await partner.query(
    'query($id: ID!) { rightScript(id: $id) { name source origin } }',
    component,
  );
  expect(rightScript).toEqual({ name: 'one', source: 'echo hello', origin: 'IMPORTED' });
});

test('R-9.5: with a group goes what was offered to it, and to no other group', async () => {
  const [group, other] = [await groupOf(publisher, []), await groupOf(publisher, [partner])];
  const publication = await offer({ groups: [group, other] });
  const only = await offer({ groups: [group] });
  await asked(publisher, 'deleteAccountGroup', { id: group });
  const audience = async ({ id }: Data): Promise<Data> =>
    (await publisher.query('query($id: ID!) { publication(id: $id) { accountGroups { id } } }', { id }))
      .publication.accountGroups;
  expect(await audience(publication)).toEqual([{ id: other }]);
  expect(await audience(only)).toEqual([]);
  expect(await sees(partner, publication)).toBe(true);
  expect(await sees(partner, only)).toBe(false);
});

test('R-9.5: of deleting a group and publishing to it at once, the second finds what the first did', async () => {
  for (let round = 0; round < 8; round++) {
    const [group, committed] = [await groupOf(publisher, []), await revision()];
    const input = {
      id: committed.id,
      visibility: 'PRIVATE',
      accountGroupIds: [group],
      shortDescription: 'x',
    };
    const [published, deleted] = await Promise.all([
      ask(publisher, 'publishRightScript', input),
      ask(publisher, 'deleteAccountGroup', { id: group }),
    ]);
    expect(deleted).toMatchObject({ deletedId: group, userErrors: [] });
    if (published.publication === null)
      expect(published.userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'accountGroupIds'] }]);
  }
  const links: unknown = await api.dataSource.query(
    'SELECT FROM publication_account_groups AS link LEFT JOIN account_groups AS offered ON offered.id = link.account_group_id WHERE offered.id IS NULL',
  );
  expect(links).toEqual([]);
});

test('R-2.2: what an account publishes as is shown to those who may see anything that it published', async () => {
  await organize(partner, 'Partner');
  const group = await groupOf(publisher, [partner]);
  const shown = async (): Promise<Data> =>
    (
      await publisher.query(
        'query($id: ID!) { accountGroup(id: $id) { accounts { edges { node { organization { name } } } } } }',
        { id: group },
      )
    ).accountGroup.accounts.edges[0].node.organization;
  const script = await commit(
    partner,
    'RightScript',
    await done(partner, 'createRightScript', { name: 'theirs', source: 'true' }),
    'the first',
  );
  const theirs = await groupOf(partner, []);
  const publication = await publish(partner, 'RightScript', script, { groups: [theirs] });
  expect(await shown()).toBeNull();
  await asked(partner, 'updatePublication', { publicationId: publication.id, makePublic: true });
  expect(await shown()).toEqual({ name: 'Partner' });
});

test('R-9.1: publications are found by the name that the organization has now', async () => {
  const publication = await offer({});
  const found = async (search: string): Promise<string[]> =>
    (
      await partner.query(
        'query($search: String) { marketplace(filter: { search: $search }) { edges { node { id } } } }',
        {
          search,
        },
      )
    ).marketplace.edges.map(({ node }: Data) => node.id);
  const [old, now] = [`Old${publication.id.slice(4, 12)}`, `New${publication.id.slice(4, 12)}`];
  await organize(publisher, old);
  expect(await found(old)).toEqual([publication.id]);
  await organize(publisher, now);
  expect([await found(old), await found(now)]).toEqual([[], [publication.id]]);
});

describe('R-9.7: licence agreements', () => {
  const terms = async (text = 'first'): Promise<Data> =>
    (await asked(publisher, 'createEula', { name: 'Terms', text })).eulaRevision;
  const read = async (account: TestAccount, { id }: Data): Promise<Data> =>
    (
      await account.query('query($id: ID!) { node(id: $id) { ... on EulaRevision { text archivedAt } } }', {
        id,
      })
    ).node;

  /** Only committed ServerTemplates take them. */
  async function template(): Promise<Data> {
    const place = await new TestCatalog(api.dataSource).place();
    const head = await create(publisher, 'ServerTemplate', place);
    return commit(publisher, 'ServerTemplate', head, 'the first', true);
  }

  test('are read by those who may see a publication that has them, and stay with those who accepted', async () => {
    const eula = await terms();
    const group = await groupOf(publisher, [partner]);
    expect(await read(partner, eula)).toBeNull();
    const publication = await publish(publisher, 'ServerTemplate', await template(), {
      groups: [group],
      eulaRevisionIds: [eula.id],
    });
    expect(await read(partner, eula)).toEqual({ text: 'first', archivedAt: null });
    expect(await read(await api.account(), eula)).toBeNull();
    const next = (await asked(publisher, 'reviseEula', { id: eula.id, text: 'second' })).eulaRevision;
    expect(await read(partner, next)).toBeNull();
    await asked(partner, 'importPublication', {
      publicationId: publication.id,
      acceptEulaRevisionIds: [eula.id],
    });
    await asked(publisher, 'revokeAccountGroupAccess', { id: group, accountId: partner.id });
    await asked(publisher, 'archiveEula', { id: eula.id });
    // When it was archived is the publisher's affair.
    expect(await read(partner, eula)).toEqual({ text: 'first', archivedAt: null });
  });

  test('once archived, no new publication takes them; those that have them keep them', async () => {
    const eula = await terms();
    const publication = await publish(publisher, 'ServerTemplate', await template(), {
      eulaRevisionIds: [eula.id],
    });
    await asked(publisher, 'archiveEula', { id: eula.id });
    const refused = await denied(publisher, 'publishServerTemplate', {
      id: (await template()).id,
      visibility: 'PUBLIC',
      shortDescription: 'x',
      eulaRevisionIds: [eula.id],
    });
    expect(refused).toMatchObject({ code: 'INVALID', path: ['input', 'eulaRevisionIds'] });
    const kept = await partner.query(
      'query($id: ID!) { publication(id: $id) { eulas { id name text } } }',
      publication,
    );
    expect(kept.publication.eulas).toEqual([{ id: eula.id, name: 'Terms', text: 'first' }]);
  });
});
