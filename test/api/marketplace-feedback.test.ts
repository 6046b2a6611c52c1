import { randomUUID } from 'node:crypto';
import { AccessToken } from '../../src/entities/access/access-token';
import { Membership } from '../../src/entities/access/user';
import { hashToken, mintToken } from '../../src/domain/access/token';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { auditOf, done } from '../kit/components';
import { asked, bring, groupOf, organize, publish } from '../kit/marketplace';
import { deniedWithoutTrace } from '../kit/marketplace-rows';
import { commit } from '../kit/version-control';

let api: TestApi;
let publisher: TestAccount;
let partner: TestAccount;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  [publisher, partner] = [await api.account(), await api.account()];
  await organize(publisher);
});

const MISSING = 'pub_00000000-0000-4000-8000-000000000000';

const script = (name = 'one'): Promise<Data> =>
  done(publisher, 'createRightScript', { name, source: 'echo hello' });

/** A committed script, published to everyone unless told. */
async function offer(more: Parameters<typeof publish>[3] = {}): Promise<Data> {
  const revision = await commit(publisher, 'RightScript', await script(), 'the first');
  return publish(publisher, 'RightScript', revision, { allowComments: true, ...more });
}

const READ = `query($id: ID!) { publication(id: $id) { rating ratingCount allowComments
  comments { totalCount edges { node { text byPublisher author { id } } } } } }`;
const read = async (account: TestAccount, { id }: Data): Promise<Data> =>
  (await account.query(READ, { id })).publication;
const rate = (account: TestAccount, { id }: Data, rating: number): Promise<Data> =>
  asked(account, 'ratePublication', { publicationId: id, rating });
const comment = (account: TestAccount, { id }: Data, text: string): Promise<Data> =>
  asked(account, 'commentPublication', { publicationId: id, text });
const denied = (account: TestAccount, name: string, input: object): Promise<Data> =>
  deniedWithoutTrace(api.dataSource, account, name, input);

/** What each of the two mutations needs besides the publication. */
const BOTH = [
  ['ratePublication', { rating: 3 }],
  ['commentPublication', { text: 'Good' }],
] as const;

/** Another person of the account, with a token. */
async function colleague(account: TestAccount, userKey?: string): Promise<TestAccount> {
  const other = userKey === undefined ? await api.account() : { userKey };
  const token = mintToken();
  const createdAt = new Date();
  const { manager } = api.dataSource;
  await manager.insert(Membership, {
    accountId: account.key,
    userId: other.userKey,
    name: 'Colleague',
    roles: ['OBSERVER', 'LIBRARY'],
    createdAt,
  });
  await manager.insert(AccessToken, {
    id: randomUUID(),
    accountId: account.key,
    userId: other.userKey,
    name: 'test',
    tokenHash: hashToken(token),
    roles: null,
    expiresAt: null,
    revokedAt: null,
    createdAt,
  });
  return {
    ...account,
    userKey: other.userKey,
    token,
    query: async (source, variables) => {
      const { data, errors } = await api.request(token, source, variables);
      expect(errors).toBeUndefined();
      return data;
    },
  };
}

describe('R-9.7: ratings', () => {
  test('one per person, changed by rating again; the average is of the last ones', async () => {
    const publication = await offer();
    expect(await read(partner, publication)).toMatchObject({ rating: null, ratingCount: 0 });
    await rate(partner, publication, 1);
    expect(await read(partner, publication)).toMatchObject({ rating: 1, ratingCount: 1 });
    await rate(await colleague(partner), publication, 4);
    await rate(await api.account(), publication, 4);
    expect(await read(publisher, publication)).toMatchObject({ rating: 3, ratingCount: 3 });
    await rate(partner, publication, 2);
    expect(await read(partner, publication)).toMatchObject({ rating: 3.33, ratingCount: 3 });
    expect((await auditOf(partner)).map(({ changes }) => changes.rating)).toEqual([1, 4, 2]);
  });

  test('R-2.2, R-9.7: what a person rated in one account is not told in the other', async () => {
    const publication = await offer();
    await rate(partner, publication, 1);
    const elsewhere = await api.account();
    const there = await colleague(elsewhere, partner.userKey);
    await rate(there, publication, 4);
    expect(await read(partner, publication)).toMatchObject({ rating: 4, ratingCount: 1 });
    expect((await auditOf(elsewhere)).map(({ changes }) => changes)).toEqual([{ rating: 4 }]);
  });

  test('R-2.4: the same rating again leaves no trace', async () => {
    const publication = await offer();
    await rate(partner, publication, 3);
    await rate(partner, publication, 3);
    expect(await auditOf(partner)).toHaveLength(1);
    expect(await read(partner, publication)).toMatchObject({ rating: 3, ratingCount: 1 });
  });

  test.each([0, 5, -1])('%d is refused', async (rating) => {
    const { id } = await offer();
    expect(await denied(partner, 'ratePublication', { publicationId: id, rating })).toMatchObject({
      code: 'INVALID',
      path: ['input', 'rating'],
    });
  });

  test("one's own and that of a machine are refused", async () => {
    const { id } = await offer();
    const input = { publicationId: id, rating: 3 };
    expect(await denied(publisher, 'ratePublication', input)).toMatchObject({
      code: 'INVALID',
      path: ['input', 'publicationId'],
    });
    const token = await partner.tokenWith('LIBRARY');
    const answer = await api.request(
      token,
      'mutation($input: RatePublicationInput!) { ratePublication(input: $input) { userErrors { code path message } } }',
      { input },
    );
    expect(answer.data.ratePublication.userErrors).toEqual([
      { code: 'INVALID', path: ['input'], message: expect.stringContaining('token of a user') },
    ]);
    expect(await read(partner, { id })).toMatchObject({ rating: null, ratingCount: 0 });
  });

  test('of many people and of many ratings of one person at once, each person counts once', async () => {
    const publication = await offer();
    const people = await Promise.all(Array.from({ length: 6 }, () => api.account()));
    await Promise.all(
      people.flatMap((person, index) =>
        [1, 2, 3, 4].map((rating) => rate(person, publication, ((rating + index) % 4) + 1)),
      ),
    );
    const [sums] = await api.dataSource.query(
      `SELECT rating_sum AS sum, rating_count AS count,
         (SELECT sum(rating)::int FROM publication_ratings WHERE publication_id = publications.id) AS "realSum",
         (SELECT count(*)::int FROM publication_ratings WHERE publication_id = publications.id) AS "realCount"
       FROM publications WHERE id = $1`,
      [publication.id.slice(4)],
    );
    expect(sums).toEqual({ sum: sums.realSum, count: 6, realSum: sums.sum, realCount: 6 });
  });

  test('an import at the same time is counted, too', async () => {
    const publication = await offer();
    const people = await Promise.all(Array.from({ length: 4 }, () => api.account()));
    await Promise.all(people.flatMap((person) => [rate(person, publication, 4), bring(person, publication)]));
    const counts = await publisher.query(
      'query($id: ID!) { publication(id: $id) { ratingCount importCount } }',
      publication,
    );
    expect(counts.publication).toEqual({ ratingCount: 4, importCount: 4 });
  });
});

describe('R-9.7: comments', () => {
  test('newest first; people of other accounts stay unnamed (R-2.2)', async () => {
    const publication = await offer();
    await comment(partner, publication, 'How do I start it?');
    await comment(publisher, publication, 'With a server.');
    const machine = await partner.tokenWith('LIBRARY');
    await api.request(
      machine,
      'mutation($input: CommentPublicationInput!) { commentPublication(input: $input) { userErrors { code } } }',
      { input: { publicationId: publication.id, text: 'It runs.' } },
    );
    const seen = async (account: TestAccount): Promise<Data[]> =>
      (await read(account, publication)).comments.edges.map(({ node }: Data) => node);
    const author = (account: TestAccount) => ({ id: `usr_${account.userKey}` });
    const said = (by: TestAccount | null) => [
      { text: 'It runs.', byPublisher: false, author: null },
      { text: 'With a server.', byPublisher: true, author: by === publisher ? author(publisher) : null },
      { text: 'How do I start it?', byPublisher: false, author: by === partner ? author(partner) : null },
    ];
    expect(await seen(partner)).toEqual(said(partner));
    expect(await seen(publisher)).toEqual(said(publisher));
    expect(await seen(await api.account())).toEqual(said(null));
    expect((await auditOf(publisher)).at(-1)).toEqual({
      action: 'publication.comment',
      changes: { text: 'With a server.' },
    });
  });

  test('R-2.2: who works in both accounts is not shown to be in the other one', async () => {
    const publication = await offer();
    await comment(publisher, publication, 'Ours');
    const inBoth = await colleague(partner, publisher.userKey);
    expect((await read(inBoth, publication)).comments.edges[0].node.author).toBeNull();
  });

  test.each(['', ' \n', 'x'.repeat(65_537)])('a text that is empty or too long is refused', async (text) => {
    const { id } = await offer();
    expect(await denied(partner, 'commentPublication', { publicationId: id, text })).toMatchObject({
      code: 'INVALID',
      path: ['input', 'text'],
    });
  });

  test('the longest is kept whole', async () => {
    const publication = await offer();
    await comment(partner, publication, 'x'.repeat(65_536));
    expect((await read(partner, publication)).comments.edges[0].node.text).toHaveLength(65_536);
  });
});

describe.each(BOTH)('R-9.7: %s', (name, input) => {
  test('is refused where the publisher does not allow it; what was said before stays', async () => {
    const publication = await offer();
    await comment(partner, publication, 'Before');
    await rate(partner, publication, 2);
    await asked(publisher, 'updatePublication', { publicationId: publication.id, allowComments: false });
    expect(await denied(partner, name, { publicationId: publication.id, ...input })).toMatchObject({
      code: 'INVALID',
      path: ['input', 'publicationId'],
    });
    expect(await read(partner, publication)).toMatchObject({
      rating: 2,
      allowComments: false,
      comments: { totalCount: 1 },
    });
  });

  test('is refused on a HEAD', async () => {
    const group = await groupOf(publisher, [partner]);
    const { id } = await publish(publisher, 'RightScript', await script(), {
      groups: [group],
      allowComments: null,
    });
    expect(await denied(partner, name, { publicationId: id, ...input })).toMatchObject({
      code: 'INVALID',
      path: ['input', 'publicationId'],
    });
  });

  test('R-2.2: what may not be seen is NOT_FOUND, as what does not exist', async () => {
    const group = await groupOf(publisher, [partner]);
    const { id } = await offer({ groups: [group] });
    const outsider = await api.account();
    const refusal = await denied(outsider, name, { publicationId: id, ...input });
    expect(refusal).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'publicationId'] });
    expect(await denied(outsider, name, { publicationId: MISSING, ...input })).toEqual(refusal);
    await asked(partner, name, { publicationId: id, ...input });
  });

  test('R-9.3: of what is deprecated only by those who imported it', async () => {
    const publication = await offer();
    const late = await api.account();
    await bring(partner, publication);
    await asked(publisher, 'deprecatePublication', { publicationId: publication.id });
    const target = { publicationId: publication.id, ...input };
    expect(await denied(late, name, target)).toMatchObject({ code: 'NOT_FOUND' });
    await asked(partner, name, target);
  });
});
