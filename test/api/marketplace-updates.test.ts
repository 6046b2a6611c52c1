import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { done, run } from '../kit/components';
import { asked, bring, groupOf, organize, publish, subscribe } from '../kit/marketplace';
import { statementsDuring } from '../kit/statements';
import { create, describeAs } from '../kit/versions';
import { clone, commit, KINDS, merge, readVersion, type Kind } from '../kit/version-control';

let api: TestApi;
let place: Place;
let publisher: TestAccount;
let importer: TestAccount;

beforeAll(async () => {
  // Over one connection the same request has the same statements each time (test/contract/statement-counts).
  api = await startApi({}, 1);
  place = await new TestCatalog(api.dataSource).place();
});
afterAll(() => api.close());
beforeEach(async () => {
  publisher = await api.account();
  importer = await api.account();
  await organize(publisher);
});

const CURRENT = { updateAvailable: null, changedInHead: false };

const UPDATE =
  'updateAvailable { revision inMarketplace component { id revision } publication { id revision } }';

/** Revisions 1, 2, … of a new lineage of the account, each of another content. */
async function revisions(account: TestAccount, kind: Kind, count: number): Promise<Data[]> {
  let head = await create(account, kind, place, 'published');
  const made: Data[] = [];
  for (let number = 1; number <= count; number += 1) {
    head = await describeAs(account, kind, head, `content ${number}`);
    made.push(await commit(account, kind, head, 'A release', true));
    head = await readVersion(account, kind, head.id);
  }
  return made;
}

/** A template of the account that pins these versions. */
async function pinning(account: TestAccount, kind: Kind, ...versions: Data[]): Promise<Data> {
  let template = await done(account, 'createServerTemplate', { name: 'web' });
  for (const { id } of versions) {
    const edit = { serverTemplateId: template.id, expectedVersion: template.version };
    template =
      kind === 'MultiCloudImage'
        ? await done(account, 'addServerTemplateMultiCloudImage', { ...edit, multiCloudImageId: id })
        : await done(account, 'attachScript', { ...edit, rightScriptId: id, phase: 'BOOT' });
  }
  return template;
}

const OUTLOOK = `query($id: ID!) { serverTemplate(id: $id) { advisories { code severity message subject { id __typename } }
  multiCloudImages { ${UPDATE} changedInHead } scripts { ${UPDATE} changedInHead } } }`;

/** What the pins of a template say about updates, and what the template advises about them. */
async function outlook(account: TestAccount, { id }: Data): Promise<{ pins: Data[]; advisories: Data[] }> {
  const { serverTemplate } = await account.query(OUTLOOK, { id });
  return {
    pins: [...serverTemplate.multiCloudImages, ...serverTemplate.scripts],
    advisories: serverTemplate.advisories.filter(({ code }: Data) => code === 'UPDATE_AVAILABLE'),
  };
}

describe.each(['MultiCloudImage', 'RightScript'] as const)('R-5.7: an imported %s', (kind) => {
  test('pinned 7, 9 published but not visible to the account: no', async () => {
    const made = await revisions(publisher, kind, 9);
    const copy = (await bring(importer, await publish(publisher, kind, made[6]))).component;
    const template = await pinning(importer, kind, copy);
    const groups = [await groupOf(publisher, [])];
    await publish(publisher, kind, made[8], { groups });
    expect(await outlook(importer, template)).toEqual({ pins: [CURRENT], advisories: [] });
  });

  test('pinned 7, 9 visible in the marketplace: yes; imported, it is local; deprecated, 8 is again', async () => {
    const made = await revisions(publisher, kind, 9);
    const copy = (await bring(importer, await publish(publisher, kind, made[6]))).component;
    const template = await pinning(importer, kind, copy);
    const eight = await publish(publisher, kind, made[7]);
    const nine = await publish(publisher, kind, made[8]);
    const offered = {
      revision: 9,
      inMarketplace: true,
      component: null,
      publication: { id: nine.id, revision: 9 },
    };
    expect(await outlook(importer, template)).toEqual({
      pins: [{ updateAvailable: offered, changedInHead: false }],
      advisories: [
        {
          code: 'UPDATE_AVAILABLE',
          severity: 'INFO',
          message: expect.stringContaining('"published" [rev 9]. Import it with `importPublication`'),
          subject: { id: nine.id, __typename: 'Publication' },
        },
      ],
    });
    // nothing is local yet.
    const edit = { serverTemplateId: template.id, expectedVersion: template.version };
    expect(await run(importer, 'updateServerTemplatePins', edit)).toMatchObject({
      userErrors: [],
      moved: [],
    });

    await asked(publisher, 'deprecatePublication', { publicationId: nine.id });
    expect((await outlook(importer, template)).pins).toMatchObject([
      { updateAvailable: { revision: 8, publication: { id: eight.id } } },
    ]);
    const eighth = (await bring(importer, eight)).component;
    await asked(publisher, 'reactivatePublication', { publicationId: nine.id });
    expect((await outlook(importer, template)).pins).toEqual([
      {
        updateAvailable: { ...offered, component: { id: eighth.id, revision: 8 } },
        changedInHead: false,
      },
    ]);
    const ninth = (await bring(importer, nine)).component;
    expect((await outlook(importer, template)).pins).toEqual([
      {
        updateAvailable: { ...offered, component: { id: ninth.id, revision: 9 }, inMarketplace: false },
        changedInHead: false,
      },
    ]);
    expect(await run(importer, 'updateServerTemplatePins', edit)).toMatchObject({
      userErrors: [],
      moved: [{ from: { id: copy.id }, to: { id: ninth.id } }],
    });
    expect(await outlook(importer, template)).toEqual({ pins: [CURRENT], advisories: [] });
  });

  test('pinned 1, 2 visible to a group: yes for its members only, until access ends', async () => {
    const [one, two] = await revisions(publisher, kind, 2);
    const group = await groupOf(publisher, [importer]);
    const first = await publish(publisher, kind, one);
    const stranger = await api.account();
    const [ours, theirs] = [
      await pinning(importer, kind, (await bring(importer, first)).component),
      await pinning(stranger, kind, (await bring(stranger, first)).component),
    ];
    const { id } = await publish(publisher, kind, two, { groups: [group] });
    expect((await outlook(importer, ours)).pins).toMatchObject([
      { updateAvailable: { inMarketplace: true, publication: { id } } },
    ]);
    expect((await outlook(stranger, theirs)).pins).toEqual([CURRENT]);
    await asked(publisher, 'revokeAccountGroupAccess', { id: group, accountId: importer.id });
    expect((await outlook(importer, ours)).pins).toEqual([CURRENT]);
  });

  test('what the account published itself is local', async () => {
    const [one, two] = await revisions(publisher, kind, 2);
    const template = await pinning(publisher, kind, one);
    const { id } = await publish(publisher, kind, two);
    expect((await outlook(publisher, template)).pins).toEqual([
      {
        updateAvailable: {
          revision: 2,
          inMarketplace: false,
          component: { id: two.id, revision: 2 },
          publication: { id, revision: 2 },
        },
        changedInHead: true,
      },
    ]);
  });

  test('a clone of it is another lineage: its ancestor’s publications never show', async () => {
    const [one, two] = await revisions(publisher, kind, 2);
    const copy = (await bring(importer, await publish(publisher, kind, one))).component;
    const head = await clone(importer, kind, copy);
    const template = await pinning(importer, kind, await commit(importer, kind, head));
    await publish(publisher, kind, two);
    expect(await outlook(importer, template)).toEqual({ pins: [CURRENT], advisories: [] });
  });

  test('subscribed and pinned at HEAD: neither updates nor changes, whatever is published', async () => {
    const [one, two] = await revisions(publisher, kind, 2);
    const groups = [await groupOf(publisher, [importer])];
    const copy = (await bring(importer, await publish(publisher, kind, one))).component;
    const byNumber = await pinning(importer, kind, copy);
    const { head } = await headOf(two);
    const followed = (await subscribe(importer, await publish(publisher, kind, head, { groups }))).component;
    const byHead = await pinning(importer, kind, followed);
    expect((await outlook(importer, byNumber)).pins).toEqual([CURRENT]);
    await publish(publisher, kind, two);
    expect((await outlook(importer, byHead)).pins).toEqual([CURRENT]);
    expect((await outlook(importer, byNumber)).pins).toMatchObject([
      { updateAvailable: { revision: 2, inMarketplace: true }, changedInHead: false },
    ]);
  });
});

async function headOf({ id }: Data): Promise<Data> {
  const selection = 'head { id version }';
  const { node } = await publisher.query(
    `query($id: ID!) { node(id: $id) { ... on MultiCloudImage { ${selection} } ... on RightScript { ${selection} } } }`,
    { id },
  );
  return node;
}

test.each([1, 5])('R-5.7: %i pins cost as many statements', async (count) => {
  const copies: Data[] = [];
  for (let number = 0; number < count; number += 1) {
    const [one, two] = await revisions(publisher, 'MultiCloudImage', 2);
    copies.push((await bring(importer, await publish(publisher, 'MultiCloudImage', one))).component);
    await publish(publisher, 'MultiCloudImage', two);
  }
  const template = await pinning(importer, 'MultiCloudImage', ...copies);
  const statements = await statementsDuring(async () => {
    const { pins } = await outlook(importer, template);
    expect(pins).toHaveLength(count);
    for (const pin of pins) expect(pin.updateAvailable).toMatchObject({ inMarketplace: true });
  });
  const tables = statements.map((statement) => / FROM "?(\w+)/.exec(statement)?.[1] ?? statement);
  expect(tables.toSorted()).toEqual([
    'access_tokens',
    // What is pinned, the newest local revisions, HEADs.
    'multi_cloud_images',
    'multi_cloud_images',
    'multi_cloud_images',
    // The newest ones, and again as what the advisories are about.
    'publications',
    'publications',
    'server_template_multi_cloud_images',
    'server_template_scripts',
    'server_templates',
  ]);
});

const UPSTREAM = `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Component {
  upstreamUpdate { revision inMarketplace component { id } publication { id } } } } }`;

describe.each(KINDS)('R-6.10 upstreamUpdate of a clone of an imported %s', (kind) => {
  const upstreamOf = async (...versions: Data[]): Promise<Data[]> => {
    const { nodes } = await importer.query(UPSTREAM, { ids: versions.map(({ id }) => id) });
    return nodes.map((node: Data) => node.upstreamUpdate);
  };

  test('2 visible in the marketplace, then local, then merged', async () => {
    const [one, two] = await revisions(publisher, kind, 2);
    const copy = (await bring(importer, await publish(publisher, kind, one))).component;
    const head = await clone(importer, kind, copy);
    expect(await upstreamOf(head, copy)).toEqual([null, null]);
    const publication = await publish(publisher, kind, two);
    const offered = {
      revision: 2,
      component: null,
      publication: { id: publication.id },
      inMarketplace: true,
    };
    expect(await upstreamOf(head, copy)).toEqual([offered, null]);
    const next = (await bring(importer, publication)).component;
    const local = { ...offered, component: { id: next.id }, inMarketplace: false };
    expect(await upstreamOf(head)).toEqual([local]);
    expect(await upstreamOf(await merge(importer, kind, head, next))).toEqual([null]);
  });

  test('2 published but not visible, or deprecated: none', async () => {
    const [one, two] = await revisions(publisher, kind, 2);
    const head = await clone(
      importer,
      kind,
      (await bring(importer, await publish(publisher, kind, one))).component,
    );
    const group = await groupOf(publisher, []);
    const publication = await publish(publisher, kind, two, { groups: [group] });
    expect(await upstreamOf(head)).toEqual([null]);
    await asked(publisher, 'updatePublication', { publicationId: publication.id, makePublic: true });
    expect(await upstreamOf(head)).toMatchObject([{ revision: 2 }]);
    await asked(publisher, 'deprecatePublication', { publicationId: publication.id });
    expect(await upstreamOf(head)).toEqual([null]);
  });

  test('2 came along with something else that was merged: none', async () => {
    const [one, two] = await revisions(publisher, kind, 2);
    const copy = (await bring(importer, await publish(publisher, kind, one))).component;
    const head = await clone(importer, kind, copy);
    const other = await clone(publisher, kind, two, { name: 'other' });
    const released = await commit(
      publisher,
      kind,
      await describeAs(publisher, kind, other, 'more'),
      'A release',
      true,
    );
    const from = (await bring(importer, await publish(publisher, kind, released))).component;
    await publish(publisher, kind, two);
    expect(await upstreamOf(head)).toMatchObject([{ revision: 2 }]);
    expect(await upstreamOf(await merge(importer, kind, head, from))).toEqual([null]);
  });
});
