import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { auditOf, done, read } from '../kit/components';
import { ask, asked, bring, denied, groupOf, organize, publish, subscribe } from '../kit/marketplace';
import { clone, commit, edit, fieldOf, KINDS, preview, type Kind } from '../kit/version-control';
import { create } from '../kit/versions';

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

/** So many revisions of a new component, all published. */
async function publications(kind: Kind, count = 1): Promise<Data[]> {
  const made: Data[] = [];
  let head = await create(publisher, kind, place);
  for (let number = 1; number <= count; number += 1) {
    head = await edit(publisher, kind, head, { description: `state ${number}` });
    const revision = await commit(publisher, kind, head, 'next', kind === 'ServerTemplate');
    head = await read(publisher, fieldOf(kind), head.id);
    made.push(await publish(publisher, kind, revision));
  }
  return made;
}

async function collection(account: TestAccount, kind: Kind): Promise<string[]> {
  const list = `${fieldOf(kind)}s`;
  const data = await account.query(
    `{ ${list}(first: 100, filter: { versions: ALL }) { edges { node { id } } } }`,
  );
  return data[list].edges.map(({ node }: Data) => node.id).sort();
}

const USED = `mutation($input: DeleteComponentInput!) { removeImport(input: $input) { deletedId userErrors {
  __typename code message path ... on InUseError { usedBy { id name revision } } } } }`;

const removal = async (account: TestAccount, id: string): Promise<Data> =>
  (await account.query(USED, { input: { id } })).removeImport;

describe.each(KINDS)('R-4.5: an imported %s', (kind) => {
  test('leaves the local collection with all its revisions, by any of them, and comes back one by one', async () => {
    const importer = await api.account();
    const offered = await publications(kind, 3);
    const components: Data[] = [];
    for (const publication of offered) components.push((await bring(importer, publication)).component);
    const [one, two, three] = components.map(({ id }) => id);
    expect(await asked(importer, 'removeImport', { id: two })).toMatchObject({ deletedId: two });
    expect(await collection(importer, kind)).toEqual([]);
    const entry = (await auditOf(importer)).at(-1);
    expect(entry).toMatchObject({
      action: `${fieldOf(kind)}.removeImport`,
      changes: { revisions: [1, 2, 3] },
    });
    // What points at it still reads it.
    const { node } = await importer.query(
      'query($id: ID!) { node(id: $id) { ... on Component { deletedAt advisories { code } } } }',
      { id: one },
    );
    expect(node.deletedAt).not.toBeNull();
    expect(node.advisories.map(({ code }: Data) => code)).toContain('COMPONENT_DELETED');
    expect(await denied(importer, 'removeImport', { id: one })).toMatchObject({ code: 'NOT_FOUND' });

    const again = await bring(importer, offered[1]);
    expect(again.component.id).toBe(two);
    expect(again.imported.map(({ id }: Data) => id)).toContain(two);
    expect(await collection(importer, kind)).toEqual([two]);
    const field = fieldOf(kind);
    const LINEAGE = `query($id: ID!) { ${field}(id: $id) { latestRevision { id } revisions { edges { node { id } } } } }`;
    const lineage = await importer.query(LINEAGE, { id: two });
    expect(lineage[field]).toEqual({
      latestRevision: { id: two },
      revisions: { edges: [{ node: { id: two } }] },
    });
    const list = `${field}s`;
    const listed = await importer.query(`{ ${list} { edges { node { id } } } }`);
    expect(listed[list].edges).toEqual([{ node: { id: two } }]);
    await bring(importer, offered[2]);
    expect(await collection(importer, kind)).toEqual([two, three].sort());
    const counts = await publisher.query(
      'query($ids: [ID!]!) { nodes(ids: $ids) { ... on Publication { importCount } } }',
      {
        ids: offered.map(({ id }) => id),
      },
    );
    expect(counts.nodes.map(({ importCount }: Data) => importCount)).toEqual([1, 1, 1]);
  });

  test('of one’s own is deleted instead, and others’ ids tell nothing', async () => {
    const own = await create(publisher, kind, place);
    expect(await denied(publisher, 'removeImport', { id: own.id })).toMatchObject({
      code: 'INVALID',
      path: ['input', 'id'],
      message: expect.stringContaining(`delete${kind}`),
    });
    const [publication] = await publications(kind);
    const [importer, other] = [await api.account(), await api.account()];
    const { component } = await bring(importer, publication);
    const missing = `${component.id.slice(0, 4)}00000000-0000-4000-8000-000000000000`;
    for (const id of [component.id, publication.component.id, missing])
      expect(await denied(other, 'removeImport', { id })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await denied(importer, 'removeImport', { id: 'pub_x' })).toMatchObject({ code: 'INVALID' });
  });
});

describe('R-4.5: what ServerTemplates of the local collection name', () => {
  const MESSAGE =
    'Cannot delete as the MultiCloud Image (HEAD/committed revision) is being used by one or more ServerTemplates.';

  test('stays while an imported template names it, and goes after that', async () => {
    const importer = await api.account();
    const [publication] = await publications('ServerTemplate');
    const { component, imported } = await bring(importer, publication);
    const mci = imported.find(({ __typename }: Data) => __typename === 'MultiCloudImage');
    const before = await auditOf(importer);
    expect(await removal(importer, mci.id)).toEqual({
      deletedId: null,
      userErrors: [
        {
          __typename: 'InUseError',
          code: 'IN_USE',
          message: MESSAGE,
          path: ['input', 'id'],
          usedBy: [{ id: component.id, name: component.name, revision: 1 }],
        },
      ],
    });
    expect(await auditOf(importer)).toEqual(before);
    await asked(importer, 'removeImport', { id: component.id });
    await asked(importer, 'removeImport', { id: mci.id });
    expect(await collection(importer, 'MultiCloudImage')).toEqual([]);
    const again = await bring(importer, publication);
    expect(again.imported).toEqual(imported);
  });

  test('stays while an own template names another revision of it', async () => {
    const importer = await api.account();
    const [first, second] = await publications('MultiCloudImage', 2);
    const one = await bring(importer, first);
    const two = await bring(importer, second);
    const template = await done(importer, 'createServerTemplate', {
      name: 'own',
      multiCloudImageIds: [one.component.id],
    });
    expect((await removal(importer, two.component.id)).userErrors).toMatchObject([
      { code: 'IN_USE', usedBy: [{ id: template.id }] },
    ]);
    await done(importer, 'deleteServerTemplate', { id: template.id });
    await asked(importer, 'removeImport', { id: two.component.id });
  });
});

test('R-5.5, R-9.4: a removed template still launches the servers that use it', async () => {
  const importer = await api.account();
  const [publication] = await publications('ServerTemplate');
  const { component } = await bring(importer, publication);
  const deployment = await importer.query(
    'mutation { createDeployment(input: { name: "d" }) { deployment { id } userErrors { message } } }',
  );
  const CREATE = `mutation($input: CreateServerInput!) { createServer(input: $input) { server { id } userErrors { message } } }`;
  const created = await importer.query(CREATE, {
    input: {
      name: 'one',
      deploymentId: deployment.createDeployment.deployment.id,
      cloudId: place.cloud.id,
      serverTemplateId: component.id,
    },
  });
  expect(created.createServer.userErrors).toEqual([]);
  await asked(importer, 'removeImport', { id: component.id });
  const { server } = await importer.query(
    `query($id: ID!) { server(id: $id) { next { serverTemplate { id deletedAt } advisories { code } resolution { status } } } }`,
    { id: created.createServer.server.id },
  );
  expect(server.next.serverTemplate).toEqual({ id: component.id, deletedAt: expect.any(String) });
  expect(server.next.resolution.status).toBe('READY');
  expect(server.next.advisories.map(({ code }: Data) => code)).toContain('COMPONENT_DELETED');
});

test('R-9.4: a HEAD that is followed leaves, and comes back as it was published last', async () => {
  const member = await api.account();
  const group = await groupOf(publisher, [member]);
  const head = await create(publisher, 'RightScript', place, 'followed');
  const publication = await publish(publisher, 'RightScript', head, { groups: [group] });
  const { component } = await subscribe(member, publication);
  const taken = await clone(member, 'RightScript', component, { name: 'taken' });
  await asked(member, 'removeImport', { id: component.id });
  expect(await collection(member, 'RightScript')).toEqual([taken.id]);
  await done(publisher, 'updateRightScript', {
    id: head.id,
    expectedVersion: head.version,
    source: 'echo new',
  });
  await asked(publisher, 'republish', { publicationId: publication.id });
  // It follows nothing while it is gone.
  expect(await read(member, 'rightScript', component.id)).toMatchObject({ source: 'echo hello', version: 1 });
  const back = await ask(member, 'subscribePublication', { publicationId: publication.id });
  expect(back).toMatchObject({
    component: { id: component.id },
    imported: [{ id: component.id }],
    reused: [],
  });
  expect(await read(member, 'rightScript', component.id)).toMatchObject({
    source: 'echo new',
    version: 2,
    deletedAt: null,
  });
  // What was taken from it before is its content, still.
  const merge = await preview(member, taken, component);
  expect(merge).toMatchObject({ clean: true, changes: [{ path: ['source'] }] });
  const { node } = await member.query(
    'query($id: ID!) { node(id: $id) { ... on Component { isSnapshot deletedAt } } }',
    { id: merge.base.id },
  );
  expect(node).toEqual({ isSnapshot: true, deletedAt: null });
});
