import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { auditOf, done, read, run } from '../kit/components';
import { ask, asked, bring, groupOf, organize, publish, subscribe } from '../kit/marketplace';
import { deadlocks } from '../kit/deadlocks';
import { commit, KINDS, type Kind } from '../kit/version-control';
import { create, describeAs } from '../kit/versions';

/** What several people and accounts do at the same moment, each over its own connection. */

let api: TestApi;
let place: Place;
let publisher: TestAccount;

beforeAll(async () => {
  api = await startApi();
  place = await new TestCatalog(api.dataSource).place();
  publisher = await api.account();
  await organize(publisher);
});
afterAll(() => api.close());

const atOnce = <T>(acts: readonly (() => Promise<T>)[]): Promise<T[]> =>
  Promise.all(acts.map((act) => act()));

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_none, index) => make(index));

async function publishedTemplate(mcis: number, account = publisher): Promise<Data> {
  const ids: string[] = [];
  for (let index = 0; index < mcis; index += 1)
    ids.push((await create(account, 'MultiCloudImage', place, `mci ${index}`)).id);
  const head = await done(account, 'createServerTemplate', { name: 'shared', multiCloudImageIds: ids });
  const revision = await commit(account, 'ServerTemplate', head, 'all', true);
  return publish(account, 'ServerTemplate', revision);
}

const countOf = async ({ id }: Data): Promise<number> =>
  (await publisher.query('query($id: ID!) { publication(id: $id) { importCount } }', { id })).publication
    .importCount;

test('R-9.4: of people of one account who import at once one brings it, the others find it there', async () => {
  const importer = await api.account();
  const publication = await publishedTemplate(5);
  const payloads = await atOnce(times(8, () => () => bring(importer, publication)));
  const [brought, ...found] = payloads.toSorted(
    (left, right) => right.imported.length - left.imported.length,
  );
  expect(brought.imported).toHaveLength(6);
  for (const payload of found)
    expect(payload).toMatchObject({ component: brought.component, imported: [], reused: brought.imported });
  expect((await auditOf(importer)).map(({ action }) => action)).toEqual(['publication.import']);
  expect(await countOf(publication)).toBe(1);
});

test('R-9.4: accounts that import at once, from publications that share what they carry, don’t wait for one another in vain', async () => {
  const before = await deadlocks(api.dataSource);
  const mcis: Data[] = [];
  for (let index = 0; index < 6; index += 1)
    mcis.push(await create(publisher, 'MultiCloudImage', place, `common ${index}`));
  const publications: Data[] = [];
  for (const order of [mcis, mcis.toReversed()]) {
    const head = await done(publisher, 'createServerTemplate', {
      name: 'shares',
      multiCloudImageIds: order.map(({ id }) => id),
    });
    const revision = await commit(publisher, 'ServerTemplate', head, 'all', true);
    publications.push(await publish(publisher, 'ServerTemplate', revision));
  }
  const importers = await Promise.all(times(6, () => api.account()));
  const payloads = await atOnce(
    importers.flatMap((importer, index) => [
      () => bring(importer, publications[index % 2]),
      () => bring(importer, publications[(index + 1) % 2]),
    ]),
  );
  for (const [index, importer] of importers.entries()) {
    const own = payloads.slice(2 * index, 2 * index + 2);
    expect(own.map(({ imported }) => imported.length).sort()).toEqual([1, 7]);
    const { serverTemplates } = await importer.query(
      '{ serverTemplates { edges { node { multiCloudImages { multiCloudImage { accountOwned: editable origin } } } } } }',
    );
    for (const { node } of serverTemplates.edges)
      for (const { multiCloudImage } of node.multiCloudImages)
        expect(multiCloudImage).toEqual({ accountOwned: false, origin: 'IMPORTED' });
  }
  for (const publication of publications) expect(await countOf(publication)).toBe(importers.length);
  expect(await deadlocks(api.dataSource)).toBe(before);
});

test('R-4.5, R-9.4: importing a template and removing what it pins, at once, leaves no template without it', async () => {
  for (let round = 0; round < 6; round += 1) {
    const importer = await api.account();
    const publication = await publishedTemplate(1);
    const first = await bring(importer, publication);
    const mci = first.imported.find(({ __typename }: Data) => __typename === 'MultiCloudImage');
    await asked(importer, 'removeImport', { id: first.component.id });
    const [removal] = await atOnce([
      () => ask(importer, 'removeImport', { id: mci.id }),
      () => bring(importer, publication),
    ]);
    const codes = removal.userErrors.map(({ code }: Data) => code);
    expect([[], ['IN_USE']]).toContainEqual(codes);
    expect((await read(importer, 'multiCloudImage', mci.id)).deletedAt).toBeNull();
    expect((await read(importer, 'serverTemplate', first.component.id)).deletedAt).toBeNull();
  }
});

test('R-4.5: pinning an import and removing it, at once: one of the two is refused', async () => {
  for (let round = 0; round < 6; round += 1) {
    const importer = await api.account();
    const revision = await commit(
      publisher,
      'MultiCloudImage',
      await create(publisher, 'MultiCloudImage', place),
    );
    const { component } = await bring(importer, await publish(publisher, 'MultiCloudImage', revision));
    const [removal, creation] = await atOnce([
      () => ask(importer, 'removeImport', { id: component.id }),
      () => run(importer, 'createServerTemplate', { name: 'pins it', multiCloudImageIds: [component.id] }),
    ]);
    const codes = [removal, creation].map(({ userErrors }) => userErrors.map(({ code }: Data) => code));
    expect([
      [['IN_USE'], []],
      [[], ['NOT_FOUND']],
    ]).toContainEqual(codes);
  }
});

test.each(KINDS)(
  'R-9.4: subscribing, republishing and removing a %s at once: every follower ends up with one published state',
  async (kind: Kind) => {
    const before = await deadlocks(api.dataSource);
    const members = await Promise.all(times(4, () => api.account()));
    const group = await groupOf(publisher, members);
    let head = await create(publisher, kind, place);
    const publication = await publish(publisher, kind, head, { groups: [group] });
    for (let round = 0; round < 3; round += 1) {
      head = await describeAs(publisher, kind, head, `state ${round}`);
      const answers = await atOnce<Data>([
        ...members.map((member) => () => subscribe(member, publication)),
        () => asked(publisher, 'republish', { publicationId: publication.id }),
        ...members.map((member) => () => subscribe(member, publication)),
      ]);
      const components = answers.slice(0, members.length).map(({ component }) => component);
      for (const [index, member] of members.entries()) {
        const { node } = await member.query(
          'query($id: ID!) { node(id: $id) { ... on Component { description } } }',
          { id: components[index].id },
        );
        expect(node.description).toBe(`state ${round}`);
      }
      if (round === 1)
        await atOnce(
          members.map((member, index) => () => asked(member, 'removeImport', { id: components[index].id })),
        );
    }
    expect(await countOf(publication)).toBe(members.length);
    expect(await deadlocks(api.dataSource)).toBe(before);
  },
);

test('R-9.4: a template and the HEAD that it pins, republished and followed at once', async () => {
  const before = await deadlocks(api.dataSource);
  const members = await Promise.all(times(4, () => api.account()));
  const groups = [await groupOf(publisher, members)];
  let mci = await create(publisher, 'MultiCloudImage', place);
  const template = await done(publisher, 'createServerTemplate', {
    name: 'pins a HEAD',
    multiCloudImageIds: [mci.id],
  });
  const whole = await publish(publisher, 'ServerTemplate', template, { groups });
  const part = await publish(publisher, 'MultiCloudImage', mci, { groups });
  for (let round = 0; round < 4; round += 1) {
    mci = await describeAs(publisher, 'MultiCloudImage', mci, `state ${round}`);
    const codes = await atOnce<Data>([
      ...members.map((member) => () => ask(member, 'subscribePublication', { publicationId: whole.id })),
      () => ask(publisher, 'republish', { publicationId: whole.id }),
      () => ask(publisher, 'republish', { publicationId: part.id }),
      ...members.map((member) => () => ask(member, 'subscribePublication', { publicationId: part.id })),
    ]);
    expect(codes.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    for (const member of members) {
      const { multiCloudImages } = await member.query(
        '{ multiCloudImages { edges { node { origin description } } } }',
      );
      expect(multiCloudImages.edges).toEqual([
        { node: { origin: 'SUBSCRIBED', description: `state ${round}` } },
      ]);
    }
  }
  expect(await deadlocks(api.dataSource)).toBe(before);
});
