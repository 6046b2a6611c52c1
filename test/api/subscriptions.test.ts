import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { done } from '../kit/components';
import { asked, bring, groupOf, join, organize, publish } from '../kit/marketplace';
import { TestServers } from '../kit/servers';
import { endSubscriptions, newestEvent, subscribe, subscribeWith, webSocketClient } from '../kit/subscriber';
import { commit, merge, clone, type Kind } from '../kit/version-control';
import { create, describeAs } from '../kit/versions';

let api: TestApi;
let place: Place;
let account: TestAccount;
let stranger: TestAccount;

beforeAll(async () => {
  api = await startApi({ MCI_GRAPH_RECHECK_SECONDS: '1' });
  place = await new TestCatalog(api.dataSource).place();
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
  stranger = await api.account();
});
afterEach(() => endSubscriptions(api.url));

const COMPONENT = `subscription($lineageIds: [ID!], $kinds: [ComponentKind!], $after: ID) {
  componentChanged(lineageIds: $lineageIds, kinds: $kinds, after: $after) { id kind at component { id __typename name revision } } }`;
const PUBLICATION = `subscription($lineageIds: [ID!], $after: ID) {
  publicationChanged(lineageIds: $lineageIds, after: $after) { id at publication { id revision status } } }`;
const INSTANCE = `subscription($serverIds: [ID!], $serverArrayIds: [ID!], $after: ID) {
  instanceStateChanged(serverIds: $serverIds, serverArrayIds: $serverArrayIds, after: $after) { id from to at instance { id state } } }`;
const IMPORT = `subscription($after: ID) {
  importUpdateAvailable(after: $after) { id at component { id revision } update { id revision } } }`;

/** What happens from here on, unless the variables say after which event. */
const follow = async (who: TestAccount, query: string, variables = {}) =>
  subscribe(api.url, who.token, query, { after: await newestEvent(api.dataSource), ...variables });

const script = (who: TestAccount, name: string): Promise<Data> =>
  done(who, 'createRightScript', { name, source: 'echo' });

/** HEAD of a new component with a change to commit. */
const head = async (who: TestAccount, kind: Kind, name: string): Promise<Data> =>
  describeAs(who, kind, await create(who, kind, place, name), `content of ${name}`);

const NOWHERE = '00000000-0000-4000-8000-000000000000';

describe('componentChanged', () => {
  it('tells what happens to own components, as it happens, and nothing of another account', async () => {
    const [own, others] = [await follow(account, COMPONENT), await follow(stranger, COMPONENT)];
    const mci = await head(account, 'MultiCloudImage', 'base');
    const revision = await commit(account, 'MultiCloudImage', mci);
    const copy = await clone(account, 'MultiCloudImage', revision);
    const changed = await describeAs(account, 'MultiCloudImage', copy, 'other words');
    await merge(account, 'MultiCloudImage', { id: mci.id, version: mci.version }, { id: changed.id });
    await script(stranger, 'of the stranger');

    const told = [];
    for (let count = 0; count < 4; count++) told.push((await own.next()).componentChanged);
    expect(told).toMatchObject([
      { kind: 'CREATED', component: { id: mci.id, __typename: 'MultiCloudImage', revision: 0 } },
      { kind: 'COMMITTED', component: { id: revision.id, revision: 1 } },
      { kind: 'CLONED', component: { id: copy.id, revision: 0 } },
      { kind: 'MERGED', component: { id: mci.id, revision: 0 } },
    ]);
    expect(new Set(told.map(({ id }) => id)).size).toBe(4);
    expect((await others.next()).componentChanged.component.name).toBe('of the stranger');
  });

  it('filters by lineage and kind; what is not visible says nothing, as what does not exist (R-2.2)', async () => {
    const [one, another] = [await script(account, 'one'), await script(account, 'another')];
    const foreign = await script(stranger, 'foreign');
    const byLineage = await follow(account, COMPONENT, {
      lineageIds: [another.lineageId, foreign.lineageId, NOWHERE],
    });
    const byKind = await follow(account, COMPONENT, { kinds: ['MULTI_CLOUD_IMAGE'] });
    for (const [who, id, version] of [
      [account, one.id, one.version],
      [stranger, foreign.id, foreign.version],
      [account, another.id, another.version],
    ] as const)
      await commit(who, 'RightScript', { id, version });
    const mci = await create(account, 'MultiCloudImage', place, 'of another kind');
    expect((await byLineage.next()).componentChanged).toMatchObject({
      kind: 'COMMITTED',
      component: { name: 'another', revision: 1 },
    });
    expect((await byKind.next()).componentChanged.component.id).toBe(mci.id);
  });
});

describe('publicationChanged', () => {
  it('R-9.3: tells of own publications and of those that are offered, once per transaction, and of no other', async () => {
    const partner = await api.account();
    await organize(account);
    const groups = [await groupOf(account, [partner])];
    const [own, offered, others] = [
      await follow(account, PUBLICATION),
      await follow(partner, PUBLICATION),
      await follow(stranger, PUBLICATION),
    ];
    const hidden = await commit(account, 'RightScript', await head(account, 'RightScript', 'for partners'));
    const open = await commit(account, 'RightScript', await head(account, 'RightScript', 'for everyone'));
    const first = await publish(account, 'RightScript', hidden, { groups });
    const second = await publish(account, 'RightScript', open);
    await asked(account, 'deprecatePublication', { publicationId: first.id });
    await asked(account, 'reactivatePublication', { publicationId: first.id });

    const publications = async (who: typeof own, count: number) => {
      const ids = [];
      for (let told = 0; told < count; told++) ids.push((await who.next()).publicationChanged.publication.id);
      return ids;
    };
    expect(await publications(own, 4)).toEqual([first.id, second.id, first.id, first.id]);
    expect(await publications(others, 1)).toEqual([second.id]);
    expect((await publications(offered, 2)).sort()).toEqual([first.id, second.id].sort());
  });

  it('filters by lineage', async () => {
    await organize(account);
    const revisions = [];
    for (const name of ['one', 'other'])
      revisions.push(await commit(account, 'RightScript', await head(account, 'RightScript', name)));
    const [one, other] = revisions;
    const told = await follow(stranger, PUBLICATION, { lineageIds: [other.lineageId] });
    await publish(account, 'RightScript', one);
    const publication = await publish(account, 'RightScript', other);
    expect((await told.next()).publicationChanged.publication.id).toBe(publication.id);
  });

  it('R-2.2: what counts is the moment: access that was revoked since is nothing told, access gained since is told', async () => {
    await organize(account);
    const start = await newestEvent(api.dataSource);
    const accountGroupId = await groupOf(account, [stranger]);
    const [gained, lost] = [await api.account(), stranger];
    const revision = await commit(account, 'RightScript', await head(account, 'RightScript', 'secret'));
    const secret = await publish(account, 'RightScript', revision, { groups: [accountGroupId] });
    await asked(account, 'revokeAccountGroupAccess', { id: accountGroupId, accountId: lost.id });
    await join(account, accountGroupId, gained);
    const later = await publish(
      account,
      'RightScript',
      await commit(account, 'RightScript', await head(account, 'RightScript', 'open')),
    );
    const firstTold = async (who: TestAccount) => {
      const told = await follow(who, PUBLICATION, { after: start });
      const { publication } = (await told.next()).publicationChanged;
      return publication.id;
    };
    expect(await firstTold(lost)).toBe(later.id);
    expect(await firstTold(gained)).toBe(secret.id);
  });
});

describe('instanceStateChanged', () => {
  it('R-8.3: tells launches and states of own instances, of chosen servers and arrays only', async () => {
    const servers = new TestServers(api.dataSource, account);
    const template = await create(account, 'ServerTemplate', place, 'web');
    const launch = { cloudId: place.cloud.key, serverTemplateId: template.id.slice(4) };
    const deployment = await servers.deployment();
    const [one, other] = [await servers.server(deployment, launch), await servers.server(deployment, launch)];
    const array = await servers.serverArray(deployment, launch);
    const machine = { ...launch, imageId: place.image.key, instanceTypeId: place.type.key };
    const everything = await follow(account, INSTANCE);
    const chosen = await follow(account, INSTANCE, { serverIds: [other.id], serverArrayIds: [array.id] });
    const others = await follow(stranger, INSTANCE);

    const ofOne = await servers.instance({ ...machine, serverId: one.key });
    const ofArray = await servers.instance({ ...machine, serverArrayId: array.key });
    const ofOther = await servers.instance({ ...machine, serverId: other.key });
    await api.dataSource.query(`UPDATE instances SET state = 'BOOTING' WHERE account_id = $1`, [account.key]);
    const foreign = await new TestServers(api.dataSource, stranger).oneOfEach(
      place,
      (await create(stranger, 'ServerTemplate', place, 'theirs')).id.slice(4),
    );

    const told = async (who: typeof chosen, count: number) => {
      const events = [];
      for (let index = 0; index < count; index++) {
        const { instance, from, to } = (await who.next()).instanceStateChanged;
        events.push([instance.id, from, to]);
      }
      return events;
    };
    const launched = (known: { id: string }) => [known.id, null, 'PENDING'];
    const booting = [ofOne, ofArray, ofOther].map(({ id }) => [id, 'PENDING', 'BOOTING']);
    const all = await told(everything, 6);
    expect(all.slice(0, 3)).toEqual([launched(ofOne), launched(ofArray), launched(ofOther)]);
    expect(all.slice(3).sort()).toEqual(booting.sort());
    const some = await told(chosen, 4);
    expect(some.slice(0, 2)).toEqual([launched(ofArray), launched(ofOther)]);
    expect(some.slice(2).map(([id]) => id)).not.toContain(ofOne.id);
    expect(await told(others, 1)).toEqual([launched(foreign.Instance)]);
  });
});

describe('importUpdateAvailable', () => {
  it('R-9.6: tells the account that imported an older revision, and nobody else, what `myImports` says', async () => {
    await organize(account);
    const importer = stranger;
    const bystander = await api.account();
    const name = 'published';
    const first = await commit(account, 'RightScript', await head(account, 'RightScript', name));
    const copy = (await bring(importer, await publish(account, 'RightScript', first))).component;
    const [told, notTold] = [await follow(importer, IMPORT), await follow(bystander, IMPORT)];
    const next = async (words: string, audience = {}) => {
      const { rightScript } = await account.query(
        'query($id: ID!) { rightScript(id: $id) { head { id version } } }',
        { id: first.id },
      );
      const changed = await describeAs(account, 'RightScript', rightScript.head, words);
      return publish(account, 'RightScript', await commit(account, 'RightScript', changed), audience);
    };
    await next('not for the importer', { groups: [await groupOf(account, [])] });
    const third = await next('for everyone');
    await asked(account, 'updatePublication', { publicationId: third.id, shortDescription: 'other words' });
    await asked(account, 'deprecatePublication', { publicationId: third.id });
    await asked(account, 'reactivatePublication', { publicationId: third.id });

    const update = { component: { id: copy.id, revision: 1 }, update: { id: third.id, revision: 3 } };
    const told1 = (await told.next()).importUpdateAvailable;
    expect(told1).toMatchObject(update);
    const { myImports } = await importer.query(
      '{ myImports(updatesOnly: true) { edges { node { component { id revision } update { id revision } } } } }',
    );
    expect(myImports.edges).toEqual([{ node: update }]);
    // Offered again. What was said about it in between is no news.
    const again = (await told.next()).importUpdateAvailable;
    expect(again).toMatchObject(update);
    expect(again.id).not.toBe(told1.id);

    await bring(importer, third);
    await bring(bystander, third);
    const fourth = await next('again');
    expect((await told.next()).importUpdateAvailable).toMatchObject({
      component: { revision: 3 },
      update: { id: fourth.id },
    });
    expect((await notTold.next()).importUpdateAvailable.update.id).toBe(fourth.id);
  });
});

describe('authorization', () => {
  const LOGGED = /^Something went wrong on our side: connect again\. The log has it under [0-9a-f-]{36}\.$/;

  it('R-2.1: without the role a subscription does not begin', async () => {
    const token = await account.tokenWith('ACTOR');
    const told = await subscribe(api.url, token, IMPORT);
    expect(await told.errors()).toEqual([
      {
        message: '`importUpdateAvailable` needs the role LIBRARY; this token has OBSERVER, ACTOR.',
        path: ['importUpdateAvailable'],
        locations: expect.any(Array),
        extensions: { code: 'FORBIDDEN' },
      },
    ]);
  });

  it.each([
    ['no token', {}, 'Send a token in the connection parameters'],
    ['an unknown token', { authorization: `Bearer mci_${'x'.repeat(43)}` }, 'token'],
    ['no Bearer', { authorization: 'Basic xyz' }, 'The header `authorization` is not understood'],
  ])('with %s a connection does not begin', async (_which, parameters, message) => {
    const client = webSocketClient(api.url, parameters);
    await expect(subscribeWith(client, { query: COMPONENT }).next()).rejects.toMatchObject({
      code: 4401,
      reason: expect.stringContaining(message),
    });
  });

  it('a token that is revoked ends a subscription that waits, with the reason', async () => {
    const told = await follow(account, COMPONENT);
    await revokeTokens(account);
    expect(await told.errors()).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('a role that is taken away ends it, with the reason', async () => {
    const told = await follow(account, IMPORT);
    const waiting = told.errors();
    await api.dataSource.query(`UPDATE memberships SET roles = '{OBSERVER}' WHERE account_id = $1`, [
      account.key,
    ]);
    expect(await waiting).toMatchObject([
      {
        message: '`importUpdateAvailable` needs the role LIBRARY; this token has OBSERVER.',
        extensions: { code: 'FORBIDDEN' },
      },
    ]);
  });

  it('a fault is masked, ends the connection so that clients come back, and loses no event', async () => {
    const start = await newestEvent(api.dataSource);
    const told = await follow(account, COMPONENT);
    await api.dataSource.query('ALTER TABLE right_scripts RENAME TO right_scripts_away');
    const failed = told.next();
    failed.catch(() => undefined);
    try {
      await api.dataSource.query(
        `INSERT INTO events (transaction, at, kind, change, account_id, subject_id, component_type, lineage_id)
         VALUES (pg_current_xact_id()::text::bigint, now(), 'COMPONENT', 'CREATED', $1, $2, 'RightScript', $2)`,
        [account.key, NOWHERE],
      );
      // 1013, not 1011: clients of graphql-ws never come back after that.
      await expect(failed).rejects.toMatchObject({ code: 1013, reason: expect.stringMatching(LOGGED) });
    } finally {
      await api.dataSource.query('ALTER TABLE right_scripts_away RENAME TO right_scripts');
    }
    const made = await script(account, 'afterwards');
    const again = await follow(account, COMPONENT, { after: start });
    expect((await again.next()).componentChanged.component.id).toBe(made.id);
  });
});

describe('what a request may ask', () => {
  const many = Array.from({ length: 101 }, () => NOWHERE);

  it.each<[string, string, Record<string, unknown>, string[], string]>([
    ['an id of no event', COMPONENT, { after: 'evt_!' }, ['after'], 'is not the id of an event'],
    ['an event yet to come', COMPONENT, { after: 'evt_zzzzzz' }, ['after'], 'There is no event'],
    ['no lineage', COMPONENT, { lineageIds: ['x'] }, ['lineageIds', '0'], 'is not the id of a lineage'],
    ['many lineages', PUBLICATION, { lineageIds: many }, ['lineageIds'], 'has 101 values; at most 100'],
    [
      'no server',
      INSTANCE,
      { serverIds: [`arr_${NOWHERE}`] },
      ['serverIds', '0'],
      'the id of a Server is needed',
    ],
    ['no array', INSTANCE, { serverArrayIds: ['x'] }, ['serverArrayIds', '0'], 'is not an id of this graph'],
  ])('%s: the argument is named', async (_case, query, variables, argumentPath, message) => {
    const told = await follow(account, query, variables);
    expect(await told.errors()).toMatchObject([
      {
        message: expect.stringContaining(message),
        extensions: { code: 'BAD_USER_INPUT', argumentPath },
      },
    ]);
  });

  const cases: [string, string, string, string][] = [
    ['a query', '{ viewer { roles } }', 'BAD_REQUEST', 'send the query to /graphql, with HTTP POST'],
    [
      'a mutation',
      'mutation { revokeToken(input: { id: "x" }) { userErrors { code } } }',
      'BAD_REQUEST',
      'the mutation',
    ],
    ['no GraphQL', 'subscription {', 'GRAPHQL_PARSE_FAILED', 'Syntax Error'],
    [
      'an unknown field',
      'subscription { nothing }',
      'GRAPHQL_VALIDATION_FAILED',
      'Cannot query field "nothing"',
    ],
    [
      'a field that may be left out',
      'subscription { componentChanged @skip(if: true) { id } }',
      'GRAPHQL_VALIDATION_FAILED',
      'takes no `@skip`',
    ],
    [
      'the same in a fragment',
      'subscription { ...f } fragment f on Subscription { ... @include(if: false) { componentChanged { id } } }',
      'GRAPHQL_VALIDATION_FAILED',
      'takes no `@include`',
    ],
    [
      'too many aliases',
      `subscription { componentChanged { ${Array.from({ length: 201 }, (_, n) => `a${n}: id`).join(' ')} } }`,
      'MAX_ALIASES_LIMIT',
      '201 aliases',
    ],
    [
      'too many tokens',
      `subscription { componentChanged { ${'id '.repeat(10_001)} } }`,
      'MAX_TOKENS_LIMIT',
      '10000 tokens',
    ],
    [
      'a NUL character',
      'subscription { componentChanged(after: "\\u0000") { id } }',
      'BAD_USER_INPUT',
      'holds a NUL character',
    ],
  ];
  it.each(cases)('%s is refused', async (_case, query, code, message) => {
    const told = await follow(account, query);
    expect(await told.errors()).toMatchObject([
      { message: expect.stringContaining(message), extensions: { code } },
    ]);
  });

  it('a subscription that was sent as a query is told where to go', async () => {
    const answer = await api.request(account.token, 'subscription { componentChanged { id } }');
    expect(answer).toMatchObject({
      status: 400,
      errors: [
        {
          message: expect.stringContaining('at /graphql/stream'),
          extensions: { code: 'BAD_REQUEST' },
        },
      ],
    });
    expect(answer.data).toBeUndefined();
  });
});

const revokeTokens = (who: TestAccount): Promise<unknown> =>
  api.dataSource.query('UPDATE access_tokens SET revoked_at = now() WHERE account_id = $1', [who.key]);
