import { ROLES, type Role } from '../../src/domain/access/roles';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { done } from '../kit/components';
import { asked, bring, denied, groupOf, join, organize, publish, subscribe } from '../kit/marketplace';
import { clone, commit, edit, type Kind } from '../kit/version-control';
import { create } from '../kit/versions';

let api: TestApi;
let catalog: TestCatalog;
let place: Place;
/** Names of a test begin with it: accounts of other tests publish, too. */
let mark: string;
let marks = 0;
let publisher: TestAccount;
let viewer: TestAccount;

beforeAll(async () => {
  api = await startApi();
  catalog = new TestCatalog(api.dataSource);
  place = await catalog.place();
});
afterAll(() => api.close());
beforeEach(async () => {
  mark = `mark${(marks += 1)}x`;
  [publisher, viewer] = [await api.account(), await api.account()];
  await organize(publisher, `Publisher of ${mark}`);
});

/** A committed revision with its HEAD. */
async function committed(
  account: TestAccount,
  name: string,
  kind: Kind = 'RightScript',
): Promise<{ head: Data; revision: Data }> {
  const head = await create(account, kind, place, name);
  return { head, revision: await commit(account, kind, head, 'The first one', true) };
}

/** The next revision of a script. */
async function next(
  account: TestAccount,
  head: Data,
  source: string,
): Promise<{ head: Data; revision: Data }> {
  const edited = await edit(account, 'RightScript', head, { source });
  return { head: edited, revision: await commit(account, 'RightScript', edited, `With ${source}`) };
}

/** A published script. */
async function offer(name: string, options: Parameters<typeof publish>[3] = {}): Promise<Data> {
  const { revision } = await committed(publisher, name);
  return publish(publisher, 'RightScript', revision, options);
}

const LIST = `query($filter: MarketplaceFilter, $orderBy: MarketplaceOrder) {
  marketplace(first: 100, filter: $filter, orderBy: $orderBy) { totalCount edges { node { id name revision } } } }`;

/** What an account finds, in order, as `name revision`, and how many it is told there are. */
async function found(account: TestAccount, filter: object = {}, orderBy?: string): Promise<string[]> {
  const { marketplace } = await account.query(LIST, { filter: { publisher: mark, ...filter }, orderBy });
  const names = marketplace.edges.map(({ node }: Data) => `${node.name} ${node.revision}`);
  expect(marketplace.totalCount).toBe(names.length);
  return names;
}

const PUBLICATION = `id name kind revision lineageId visibility status implicit revisionNotes allowComments
  shortDescription longDescription categories publisher { name email } component { id __typename revision name origin isSnapshot }
  accountGroups { name } supportedClouds { id } eulas { name revision text } rating ratingCount importCount cloneCount imported`;

const read = async (account: TestAccount, { id }: { id: string }): Promise<Data> =>
  (await account.query(`query($id: ID!) { publication(id: $id) { ${PUBLICATION} } }`, { id })).publication;

describe('R-9.3: of a lineage only the highest active revision that the viewer sees is listed', () => {
  test('deprecating it lets the one before reappear, reactivating undoes that', async () => {
    const first = await committed(publisher, 'tool');
    const one = await publish(publisher, 'RightScript', first.revision);
    const second = await next(publisher, first.head, 'echo two');
    const two = await publish(publisher, 'RightScript', second.revision);
    expect(await found(viewer)).toEqual(['tool 2']);
    await asked(publisher, 'deprecatePublication', { publicationId: two.id });
    expect(await found(viewer)).toEqual(['tool 1']);
    expect(await found(publisher)).toEqual(['tool 1']);
    await asked(publisher, 'deprecatePublication', { publicationId: one.id });
    expect(await found(viewer)).toEqual([]);
    expect(await read(viewer, one)).toBeNull();
    expect(await read(publisher, one)).toMatchObject({ status: 'DEPRECATED' });
    await asked(publisher, 'reactivatePublication', { publicationId: two.id });
    expect(await found(viewer)).toEqual(['tool 2']);
  });

  test('different viewers see different ones', async () => {
    const [inside, outside] = [viewer, await api.account()];
    const group = await groupOf(publisher, [inside]);
    const first = await committed(publisher, 'tool');
    await publish(publisher, 'RightScript', first.revision);
    const second = await next(publisher, first.head, 'echo two');
    const two = await publish(publisher, 'RightScript', second.revision, { groups: [group] });
    expect(await found(inside)).toEqual(['tool 2']);
    expect(await found(outside)).toEqual(['tool 1']);
    expect(await read(outside, two)).toBeNull();
    await asked(publisher, 'revokeAccountGroupAccess', { id: group, accountId: inside.id });
    expect(await found(inside)).toEqual(['tool 1']);
  });

  test('a HEAD publication counts as revision 0', async () => {
    const group = await groupOf(publisher, [viewer]);
    const { head, revision } = await committed(publisher, 'tool');
    const frozen = await publish(publisher, 'RightScript', head, { groups: [group] });
    expect(await found(viewer)).toEqual(['tool 0']);
    const { component } = await read(viewer, frozen);
    expect(component).toMatchObject({ revision: 0, isSnapshot: true, origin: 'SUBSCRIBED' });
    const listed = await publish(publisher, 'RightScript', revision);
    expect(await found(viewer)).toEqual(['tool 1']);
    // It gave way; the revision leads to it, for whom it is offered.
    const outsider = await api.account();
    const headOf = async (account: TestAccount, { id }: { id: string }): Promise<Data> =>
      (await account.query('query($id: ID!) { publication(id: $id) { headPublication { id } } }', { id }))
        .publication.headPublication;
    expect(await headOf(viewer, listed)).toEqual({ id: frozen.id });
    expect(await headOf(publisher, listed)).toEqual({ id: frozen.id });
    expect(await headOf(outsider, listed)).toBeNull();
    expect(await headOf(viewer, frozen)).toBeNull();
    await asked(publisher, 'deprecatePublication', { publicationId: frozen.id });
    expect(await headOf(viewer, listed)).toBeNull();
  });
});

test('R-2.1: publications of other accounts are for designers and library users; publishers see their own', async () => {
  const offered = await offer('tool');
  const ENTITIES = `query($id: ID!, $representations: [_Any!]!) { node(id: $id) { id } nodes(ids: [$id]) { id }
    _entities(representations: $representations) { ... on Publication { id } } }`;
  const representations = [{ __typename: 'Publication', id: offered.id }];
  const seenWith = async (account: TestAccount, role: Role): Promise<unknown[]> => {
    const token = await account.tokenWith(role);
    const { data } = await api.request(token, ENTITIES, { id: offered.id, representations });
    const seen = [data.node, ...data.nodes, ...data._entities];
    if (['DESIGNER', 'LIBRARY', 'PUBLISHER'].includes(role)) {
      const answer = await api.request(token, 'query($id: ID!) { publication(id: $id) { id } }', {
        id: offered.id,
      });
      seen.push(answer.data.publication);
    }
    return [...new Set(seen.map((node) => node?.id ?? null))];
  };
  for (const role of ROLES) {
    const browses = role === 'DESIGNER' || role === 'LIBRARY';
    expect([role, await seenWith(viewer, role)]).toEqual([role, [browses ? offered.id : null]]);
    const sees = browses || role === 'PUBLISHER';
    expect([role, await seenWith(publisher, role)]).toEqual([role, [sees ? offered.id : null]]);
  }
});

describe('what the viewer may look at', () => {
  test('R-9.3: whoever imported what was deprecated still sees it, with its own copy', async () => {
    const offered = await offer('tool');
    const { component } = await bring(viewer, offered);
    await asked(publisher, 'deprecatePublication', { publicationId: offered.id });
    expect(await read(viewer, offered)).toMatchObject({
      status: 'DEPRECATED',
      imported: true,
      component: { id: component.id, origin: 'IMPORTED' },
    });
    expect(await read(await api.account(), offered)).toBeNull();
    expect(await found(viewer)).toEqual([]);
  });

  test('R-2.2: groups, clones and imports of private ones are shown to their publisher only', async () => {
    const group = await groupOf(publisher, [viewer], 'Secret friends');
    const offered = await offer('tool', { groups: [group], categories: ['Tools'] });
    const { component } = await bring(viewer, offered);
    const copy = await clone(viewer, 'RightScript', component);
    await commit(viewer, 'RightScript', copy);
    await clone(viewer, 'RightScript', component);
    // A clone of a clone is none of the publisher's.
    await clone(viewer, 'RightScript', copy);
    expect(await read(publisher, offered)).toMatchObject({
      accountGroups: [{ name: 'Secret friends' }],
      importCount: 1,
      cloneCount: 2,
      imported: false,
    });
    expect(await read(viewer, offered)).toMatchObject({
      accountGroups: null,
      importCount: null,
      cloneCount: null,
      imported: true,
    });
    await asked(publisher, 'updatePublication', { publicationId: offered.id, makePublic: true });
    expect(await read(viewer, offered)).toMatchObject({
      accountGroups: null,
      importCount: 1,
      cloneCount: null,
    });
  });

  test('everything about a publication', async () => {
    const { eulaRevision } = await asked(publisher, 'createEula', { name: 'Terms', text: 'Be kind.' });
    const elsewhere = await catalog.place({ image: { lifecycle: 'OBSOLETE' } });
    const mci = await done(publisher, 'createMultiCloudImage', {
      name: 'image',
      settings: [place.setting, elsewhere.setting],
    });
    const head = await done(publisher, 'createServerTemplate', {
      name: 'server',
      multiCloudImageIds: [mci.id],
    });
    const revision = await commit(publisher, 'ServerTemplate', head, 'Ready', true);
    const offered = await publish(publisher, 'ServerTemplate', revision, {
      shortDescription: 'Serves',
      longDescription: 'Serves at length',
      categories: ['Web', 'Databases'],
      allowComments: true,
      eulaRevisionIds: [eulaRevision.id],
    });
    expect(await read(viewer, offered)).toEqual({
      id: offered.id,
      name: 'server',
      kind: 'SERVER_TEMPLATE',
      revision: 1,
      lineageId: revision.lineageId,
      visibility: 'PUBLIC',
      status: 'ACTIVE',
      implicit: false,
      revisionNotes: 'Ready',
      allowComments: true,
      shortDescription: 'Serves',
      longDescription: 'Serves at length',
      categories: ['Web', 'Databases'],
      publisher: { name: `Publisher of ${mark}`, email: 'contact@publisher.example' },
      component: {
        id: revision.id,
        __typename: 'ServerTemplate',
        revision: 1,
        name: 'server',
        origin: 'IMPORTED',
        isSnapshot: false,
      },
      accountGroups: null,
      supportedClouds: [{ id: place.cloud.id }],
      eulas: [{ name: 'Terms', revision: 1, text: 'Be kind.' }],
      rating: null,
      ratingCount: 0,
      importCount: 0,
      cloneCount: null,
      imported: false,
    });
    const { marketplace } = await viewer.query(LIST, { filter: { publisher: mark, implicit: true } });
    const [image] = marketplace.edges;
    expect(marketplace.totalCount).toBe(1);
    expect(await read(viewer, image.node)).toMatchObject({
      kind: 'MULTI_CLOUD_IMAGE',
      implicit: true,
      supportedClouds: [{ id: place.cloud.id }],
      eulas: [],
    });
  });

  test('R-9.7: the rating is an average to the nearest hundredth', async () => {
    const offered = await offer('tool', { allowComments: true });
    for (const rating of [4, 4, 3]) {
      const account = await api.account();
      await asked(account, 'ratePublication', { publicationId: offered.id, rating });
    }
    expect(await read(viewer, offered)).toMatchObject({ rating: 3.67, ratingCount: 3 });
  });

  test('a component leads to the publication of this very version', async () => {
    const SOURCE =
      'query($ids: [ID!]!) { nodes(ids: $ids) { ... on Component { revision publication { id } } } }';
    const publications = async (account: TestAccount, ...components: Data[]): Promise<unknown[]> => {
      const { nodes } = await account.query(SOURCE, { ids: components.map(({ id }) => id) });
      return nodes.map((node: Data) => node.publication?.id ?? null);
    };
    const { head, revision } = await committed(publisher, 'tool');
    const offered = await publish(publisher, 'RightScript', revision);
    const { component } = await bring(viewer, offered);
    expect(await publications(publisher, head, revision)).toEqual([null, offered.id]);
    expect(await publications(viewer, component, revision)).toEqual([offered.id, offered.id]);
    const group = await groupOf(publisher, [viewer]);
    const frozen = await publish(publisher, 'RightScript', head, { groups: [group] });
    const { component: shown } = await read(publisher, frozen);
    expect(await publications(publisher, head, shown, revision)).toEqual([frozen.id, frozen.id, offered.id]);
    await asked(publisher, 'revokeAccountGroupAccess', { id: group, accountId: viewer.id });
    expect(await publications(await api.account(), revision)).toEqual([offered.id]);
    await asked(publisher, 'deprecatePublication', { publicationId: offered.id });
    expect(await publications(viewer, component)).toEqual([offered.id]);
  });
});

describe('search', () => {
  beforeEach(async () => {
    await offer('fedora-coreos_v5.7 base', { shortDescription: 'Boots', categories: ['Operating Systems'] });
    await offer('Web server', { shortDescription: 'nginx on any system', categories: ['Web', 'C++'] });
    await offer('Proxy', { shortDescription: 'Before a server', longDescription: 'Long talk of the web.' });
  });

  test.each([
    ['nginx', ['Web server']],
    ['NGI', ['Web server']],
    ['coreos', ['fedora-coreos_v5.7 base']],
    ['v5', ['fedora-coreos_v5.7 base']],
    ['v5.7', ['fedora-coreos_v5.7 base']],
    ['fedora-coreos', ['fedora-coreos_v5.7 base']],
    // Inside a word: of the name only.
    ['oreo', ['fedora-coreos_v5.7 base']],
    ['inx', []],
    ['operating boots', ['fedora-coreos_v5.7 base']],
    ['web talk', ['Proxy']],
    ['web nothing', []],
    ['c++', ['fedora-coreos_v5.7 base', 'Web server']],
    ["it's: (a) <trap> & | ! \\ ' :*", []],
    ['★', []],
    ['100%', []],
    ['_', ['fedora-coreos_v5.7 base']],
  ])('%s', async (search, names) => {
    expect((await found(viewer, { search })).sort()).toEqual(names.map((name) => `${name} 1`).sort());
  });

  test('name before categories before short description and publisher before long description', async () => {
    await offer('Other', { categories: ['Servers', 'Web'] });
    expect(await found(viewer, { search: 'web' })).toEqual(['Web server 1', 'Other 1', 'Proxy 1']);
    expect(await found(viewer, { search: 'web' }, 'RELEVANCE')).toEqual([
      'Web server 1',
      'Other 1',
      'Proxy 1',
    ]);
    expect(await found(viewer, { search: 'web' }, 'NAME_ASC')).toEqual([
      'Other 1',
      'Proxy 1',
      'Web server 1',
    ]);
    expect(await found(viewer, { search: mark })).toHaveLength(4);
  });

  test('words that were changed are found, those before are not', async () => {
    const offered = await offer('Changing', { shortDescription: 'alpha', categories: ['Beta'] });
    await asked(publisher, 'updatePublication', {
      publicationId: offered.id,
      shortDescription: 'gamma',
      categories: ['Delta'],
    });
    for (const [search, count] of [
      ['alpha', 0],
      ['beta', 0],
      ['gamma', 1],
      ['delta', 1],
    ] as const)
      expect(await found(viewer, { search })).toHaveLength(count);
    await organize(publisher, `Renamed ${mark}`);
    expect(await found(viewer, { search: 'renamed gamma' })).toEqual(['Changing 1']);
  });

  test('publisher and description changed at the same time: both new words are found', async () => {
    const offered = await offer('Racing');
    for (let round = 0; round < 10; round++) {
      await Promise.all([
        organize(publisher, `Team${round} ${mark}`),
        asked(publisher, 'updatePublication', {
          publicationId: offered.id,
          shortDescription: `words${round}`,
        }),
      ]);
      expect(await found(viewer, { search: `team${round} words${round}` })).toEqual(['Racing 1']);
    }
  });

  test('no words find everything, by name', async () => {
    expect(await found(viewer, { search: ' ' })).toEqual(await found(viewer, {}, 'NAME_ASC'));
  });

  test('the longest descriptions can be searched', async () => {
    const words = Array.from({ length: 32_760 }, (_, index) =>
      String.fromCodePoint(0x4e00 + (index % 20_000)),
    );
    await offer('Many', { longDescription: `${words.join(' ')} end` });
    await offer('Long', { longDescription: `${'x'.repeat(65_000)} finish` });
    expect(await found(viewer, { search: '一 end' })).toEqual(['Many 1']);
    expect(await found(viewer, { search: 'finish' })).toEqual(['Long 1']);
  });

  test('pages by relevance go on where they ended', async () => {
    const PAGES = `query($search: String!, $after: String) { marketplace(first: 1, after: $after, filter: { search: $search }) {
      edges { node { name } } pageInfo { hasNextPage endCursor } } }`;
    const names: string[] = [];
    for (let after: string | null = null; ;) {
      const { marketplace }: Data = await viewer.query(PAGES, { search: `web ${mark}`, after });
      names.push(...marketplace.edges.map(({ node }: Data) => node.name));
      if (!marketplace.pageInfo.hasNextPage) break;
      after = marketplace.pageInfo.endCursor;
    }
    expect(names).toEqual(['Web server', 'Proxy']);
  });

  test.each([
    [{ orderBy: 'RELEVANCE' }, ['orderBy'], /give one, or choose another order/],
    [{ filter: { search: ' ' }, orderBy: 'RELEVANCE' }, ['orderBy'], /give one, or choose another order/],
    [{ filter: { search: 'a b c d e f g h i j k' } }, ['filter', 'search'], /at most 10 are searched/],
    [{ filter: { search: 'x'.repeat(256) } }, ['filter', 'search'], /at most 255 are searched/],
    [{ filter: { lineageId: 'x' } }, ['filter', 'lineageId'], /not the id of a lineage/],
    [{ filter: { cloudId: 'x' } }, ['filter', 'cloudId'], /not an id of this graph/],
  ])('%j is refused', async (variables, argumentPath, message) => {
    const { errors } = await api.request(viewer.token, LIST, variables);
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(message),
        extensions: expect.objectContaining({ code: 'BAD_USER_INPUT', argumentPath }),
      }),
    ]);
  });
});

describe('filters', () => {
  test('kind and category', async () => {
    await offer('script', { categories: ['Web Servers', '★'] });
    const { revision } = await committed(publisher, 'image', 'MultiCloudImage');
    await publish(publisher, 'MultiCloudImage', revision, { categories: ['Servers'] });
    expect(await found(viewer, { kind: 'MULTI_CLOUD_IMAGE' })).toEqual(['image 1']);
    expect(await found(viewer, { kind: 'RIGHT_SCRIPT' })).toEqual(['script 1']);
    expect(await found(viewer, { kind: 'SERVER_TEMPLATE' })).toEqual([]);
    expect(await found(viewer, { category: 'servers' })).toEqual(['image 1']);
    expect(await found(viewer, { category: ' WEB servers ' })).toEqual(['script 1']);
    expect(await found(viewer, { category: '★' })).toEqual(['script 1']);
    expect(await found(viewer, { category: 'web' })).toEqual([]);
    expect(await found(viewer, { category: 'image' })).toEqual([]);
  });

  test('publisher, by a part of the name; nothing in it is a pattern', async () => {
    await offer('script');
    expect(await found(viewer, { publisher: `LISHER of ${mark.toUpperCase()}` })).toEqual(['script 1']);
    expect(await found(viewer, { publisher: `Publisher%${mark}` })).toEqual([]);
  });

  test('implicit and lineageId', async () => {
    const { revision } = await committed(publisher, 'server', 'ServerTemplate');
    await publish(publisher, 'ServerTemplate', revision);
    expect(await found(viewer, { implicit: false })).toEqual(['server 1']);
    expect(await found(viewer, { implicit: true })).toEqual(['server 1']);
    expect(await found(viewer, { implicit: true, kind: 'SERVER_TEMPLATE' })).toEqual([]);
    expect(await found(viewer, { lineageId: revision.lineageId })).toEqual(['server 1']);
    expect(await found(viewer, { lineageId: revision.lineageId, implicit: true })).toEqual([]);
  });

  test('R-5.2: the clouds that it supports as the viewer sees them', async () => {
    const shared = await catalog.place({ image: { ownerAccountId: publisher.key } });
    const { id } = await done(publisher, 'createMultiCloudImage', {
      name: 'image',
      settings: [place.setting, shared.setting],
    });
    const group = await groupOf(publisher, [viewer]);
    await catalog.share(shared.image, viewer.key);
    const head = await done(publisher, 'createServerTemplate', { name: 'server', multiCloudImageIds: [id] });
    const revision = await commit(publisher, 'ServerTemplate', head, 'One', true);
    await publish(publisher, 'ServerTemplate', revision, { groups: [group] });
    await offer('script');
    expect(await found(viewer, { cloudId: place.cloud.id })).toEqual(['image 1', 'server 1']);
    expect(await found(viewer, { cloudId: shared.cloud.id })).toEqual(['image 1', 'server 1']);
    const other = await api.account();
    await join(publisher, group, other);
    expect(await found(other, { cloudId: place.cloud.id })).toEqual(['image 1', 'server 1']);
    expect(await found(other, { cloudId: shared.cloud.id })).toEqual([]);
  });

  test('shared with me: private ones of others; imported: what is in the local collection', async () => {
    const group = await groupOf(publisher, [viewer]);
    await offer('open');
    const closed = await offer('closed', { groups: [group] });
    expect(await found(viewer, { sharedWithMe: true })).toEqual(['closed 1']);
    expect(await found(viewer, { sharedWithMe: false })).toEqual(['open 1']);
    expect(await found(publisher, { sharedWithMe: true })).toEqual([]);
    const { component } = await bring(viewer, closed);
    expect(await found(viewer, { imported: true })).toEqual(['closed 1']);
    expect(await found(viewer, { imported: false })).toEqual(['open 1']);
    await asked(viewer, 'removeImport', { id: component.id });
    expect(await found(viewer, { imported: true })).toEqual([]);
    expect(await found(viewer, { imported: false })).toEqual(['closed 1', 'open 1']);
  });
});

test('orders', async () => {
  const group = await groupOf(publisher, [viewer]);
  const beta = await offer('beta', { allowComments: true });
  const alpha = await offer('alpha', { allowComments: true });
  const gamma = await offer('gamma', { groups: [group], allowComments: true });
  await bring(viewer, gamma);
  await bring(viewer, beta);
  await asked(viewer, 'ratePublication', { publicationId: beta.id, rating: 2 });
  await asked(viewer, 'ratePublication', { publicationId: alpha.id, rating: 3 });
  expect(await found(viewer)).toEqual(['alpha 1', 'beta 1', 'gamma 1']);
  expect(await found(viewer, {}, 'NAME_DESC')).toEqual(['gamma 1', 'beta 1', 'alpha 1']);
  expect(await found(viewer, {}, 'NEWEST')).toEqual(['gamma 1', 'alpha 1', 'beta 1']);
  expect(await found(viewer, {}, 'RATING')).toEqual(['alpha 1', 'beta 1', 'gamma 1']);
  // Imports of private ones count as none.
  expect((await found(viewer, {}, 'IMPORTS'))[0]).toBe('beta 1');
  expect((await found(publisher, {}, 'IMPORTS'))[0]).toBe('beta 1');
});

const MINE = `query($filter: MyPublicationsFilter) { myPublications(first: 100, filter: $filter) {
  totalCount edges { node { name revision status } } } }`;

test('R-9.6: my publications, newest first, deprecated ones too', async () => {
  const mine = async (filter: object = {}): Promise<string[]> => {
    const { myPublications } = await publisher.query(MINE, { filter });
    return myPublications.edges.map(({ node }: Data) => `${node.name} ${node.revision} ${node.status}`);
  };
  const first = await committed(publisher, 'tool');
  const one = await publish(publisher, 'RightScript', first.revision);
  const second = await next(publisher, first.head, 'echo two');
  await publish(publisher, 'RightScript', second.revision);
  const { revision } = await committed(publisher, 'server', 'ServerTemplate');
  await publish(publisher, 'ServerTemplate', revision);
  await asked(publisher, 'deprecatePublication', { publicationId: one.id });
  expect((await mine()).slice(2)).toEqual(['tool 2 ACTIVE', 'tool 1 DEPRECATED']);
  expect(await mine({ status: 'DEPRECATED' })).toEqual(['tool 1 DEPRECATED']);
  expect(await mine({ kind: 'SERVER_TEMPLATE' })).toEqual(['server 1 ACTIVE']);
  expect(await mine({ implicit: true, kind: 'MULTI_CLOUD_IMAGE' })).toEqual(['server 1 ACTIVE']);
  expect(await mine({ lineageId: first.head.lineageId })).toHaveLength(2);
  const { myPublications } = await viewer.query(MINE);
  expect(myPublications).toEqual({ totalCount: 0, edges: [] });
});

describe('R-9.6: my imports', () => {
  const IMPORTS = `query($updatesOnly: Boolean) { myImports(first: 100, updatesOnly: $updatesOnly) { totalCount edges { node {
    component { id name revision origin } importedAt update { id revision } diff { identical to { id } changes { path kind } } } } } }`;

  /** As `name revision → update`. */
  async function imports(account: TestAccount, updatesOnly = false): Promise<string[]> {
    const { myImports } = await account.query(IMPORTS, { updatesOnly });
    expect(myImports.totalCount).toBe(myImports.edges.length);
    return myImports.edges.map(
      ({ node: { component, update } }: Data) =>
        `${component.name} ${component.revision} → ${update?.revision ?? '-'}`,
    );
  }

  test('each lineage once, by its highest revision, with what is above it and what that changes', async () => {
    const first = await committed(publisher, 'tool');
    const one = await publish(publisher, 'RightScript', first.revision);
    await bring(viewer, await offer('other'));
    await bring(viewer, one);
    expect(await imports(viewer)).toEqual(['tool 1 → -', 'other 1 → -']);
    expect(await imports(viewer, true)).toEqual([]);
    const second = await next(publisher, first.head, 'echo two');
    const two = await publish(publisher, 'RightScript', second.revision);
    const third = await next(publisher, second.head, 'echo three');
    const three = await publish(publisher, 'RightScript', third.revision);
    expect(await imports(viewer, true)).toEqual(['tool 1 → 3']);
    const { myImports } = await viewer.query(IMPORTS, { updatesOnly: true });
    expect(myImports.edges[0].node).toMatchObject({
      update: { id: three.id },
      diff: {
        identical: false,
        to: { id: third.revision.id },
        changes: [{ path: ['source'], kind: 'MODIFIED' }],
      },
    });
    await asked(publisher, 'deprecatePublication', { publicationId: three.id });
    expect(await imports(viewer, true)).toEqual(['tool 1 → 2']);
    await bring(viewer, two);
    expect(await imports(viewer)).toEqual(['tool 2 → -', 'other 1 → -']);
    // One that is below changes nothing.
    await asked(publisher, 'reactivatePublication', { publicationId: three.id });
    expect(await imports(viewer)).toEqual(['tool 2 → 3', 'other 1 → -']);
  });

  test('only what the account sees is an update', async () => {
    const [inside, outside] = [viewer, await api.account()];
    const group = await groupOf(publisher, [inside]);
    const first = await committed(publisher, 'tool');
    const one = await publish(publisher, 'RightScript', first.revision);
    for (const account of [inside, outside]) await bring(account, one);
    const second = await next(publisher, first.head, 'echo two');
    await publish(publisher, 'RightScript', second.revision, { groups: [group] });
    expect(await imports(inside)).toEqual(['tool 1 → 2']);
    expect(await imports(outside)).toEqual(['tool 1 → -']);
    expect(await imports(outside, true)).toEqual([]);
    await asked(publisher, 'revokeAccountGroupAccess', { id: group, accountId: inside.id });
    expect(await imports(inside)).toEqual(['tool 1 → -']);
  });

  test('what was removed is not there; what came along is; a revision is an update of a subscribed HEAD', async () => {
    const group = await groupOf(publisher, [viewer]);
    const { revision } = await committed(publisher, 'server', 'ServerTemplate');
    const { component } = await bring(viewer, await publish(publisher, 'ServerTemplate', revision));
    expect((await imports(viewer)).sort()).toEqual(['server 1 → -', 'server 1 → -']);
    await asked(viewer, 'removeImport', { id: component.id });
    expect(await imports(viewer)).toEqual(['server 1 → -']);
    const tool = await committed(publisher, 'tool');
    await subscribe(viewer, await publish(publisher, 'RightScript', tool.head, { groups: [group] }));
    expect(await imports(viewer)).toEqual(['tool 0 → -', 'server 1 → -']);
    await publish(publisher, 'RightScript', tool.revision);
    expect(await imports(viewer, true)).toEqual(['tool 0 → 1']);
  });

  test('nobody else sees them', async () => {
    await bring(viewer, await offer('tool'));
    expect(await imports(publisher)).toEqual([]);
    expect(await imports(await api.account())).toEqual([]);
  });
});

test('a gateway finds publications and groups by their ids, as the account sees them', async () => {
  const group = await groupOf(publisher, []);
  const [open, closed] = [await offer('open'), await offer('closed', { groups: [group] })];
  const SOURCE = `query($references: [_Any!]!) { _entities(representations: $references) {
    ... on Publication { id name } ... on AccountGroup { id } } }`;
  const references = [
    { __typename: 'Publication', id: open.id },
    { __typename: 'Publication', id: closed.id },
    { __typename: 'AccountGroup', id: group },
  ];
  expect((await publisher.query(SOURCE, { references }))._entities).toEqual([
    { id: open.id, name: 'open' },
    { id: closed.id, name: 'closed' },
    { id: group },
  ]);
  expect((await viewer.query(SOURCE, { references }))._entities).toEqual([
    { id: open.id, name: 'open' },
    null,
    null,
  ]);
  expect(await denied(viewer, 'importPublication', { publicationId: closed.id })).toMatchObject({
    code: 'NOT_FOUND',
  });
});
