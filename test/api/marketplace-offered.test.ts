import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { done } from '../kit/components';
import { asked, bring, groupOf, organize, publish, subscribe } from '../kit/marketplace';
import { create, describeAs } from '../kit/versions';
import {
  allRows,
  clone,
  commit,
  edit,
  fieldOf,
  KINDS,
  preview,
  readVersion,
  tryTo,
  type Kind,
} from '../kit/version-control';

/** Words of HEADs and of what nobody published: they must come up nowhere. */
const CANARY = 'unpublished words';

let api: TestApi;
let place: Place;
let publisher: TestAccount;
let viewer: TestAccount;

beforeAll(async () => {
  api = await startApi();
  place = await new TestCatalog(api.dataSource).place();
});
afterAll(() => api.close());
beforeEach(async () => {
  publisher = await api.account();
  viewer = await api.account();
  await organize(publisher);
});

const release = (account: TestAccount, kind: Kind, head: Data): Promise<Data> =>
  commit(account, kind, head, 'A release', true);

/** A published template with an MCI and a script; their HEADs have got other names since. */
async function offeredTemplate(): Promise<{ template: Data; mci: Data; script: Data; publication: Data }> {
  const mciHead = await create(publisher, 'MultiCloudImage', place, 'offered image');
  const scriptHead = await create(publisher, 'RightScript', place, 'offered script');
  const mci = await commit(publisher, 'MultiCloudImage', mciHead);
  const script = await commit(publisher, 'RightScript', scriptHead);
  let head = await done(publisher, 'createServerTemplate', { name: 'offered', multiCloudImageIds: [mci.id] });
  head = await done(publisher, 'attachScript', {
    serverTemplateId: head.id,
    expectedVersion: head.version,
    rightScriptId: script.id,
    phase: 'BOOT',
  });
  const revision = await release(publisher, 'ServerTemplate', head);
  const publication = await publish(publisher, 'ServerTemplate', revision);
  await edit(publisher, 'MultiCloudImage', mciHead, { name: CANARY });
  await edit(publisher, 'RightScript', scriptHead, { name: CANARY });
  return { template: revision, mci, script, publication };
}

const DIFF = `query($fromId: ID!, $toId: ID!) { diff(fromId: $fromId, toId: $toId) {
  changes { path kind label before after } text } }`;

test('R-6.6: what is offered can be compared; what it pins has the names that are offered', async () => {
  const { template } = await offeredTemplate();
  const mine = await done(viewer, 'createServerTemplate', { name: 'mine' });
  const { diff } = await viewer.query(DIFF, { fromId: mine.id, toId: template.id });
  expect(diff.text).toContain('offered image');
  expect(diff.text).toContain('offered script');
  expect(JSON.stringify(diff)).not.toContain(CANARY);
  expect((await viewer.query(DIFF, { fromId: template.id, toId: template.id })).diff.changes).toEqual([]);
  const stranger = await create(publisher, 'ServerTemplate', place, CANARY);
  expect((await viewer.query(DIFF, { fromId: mine.id, toId: stranger.id })).diff).toBeNull();
});

test('R-7.4: what is offered can be resolved before it is imported, as it is resolved afterwards', async () => {
  const { template, mci, publication } = await offeredTemplate();
  const resolve = async (id: string): Promise<Data> => {
    const { resolveLaunch } = await viewer.query(
      `query($input: ResolveLaunchInput!) { resolveLaunch(input: $input) { status supportedClouds { id } advisories { code }
        multiCloudImage { value { id name } source } image { resourceUid source value { id } } instanceType { value { id } } } }`,
      { input: { serverTemplateId: id, cloudId: place.cloud.id } },
    );
    return resolveLaunch;
  };
  const before = await resolve(template.id);
  expect(before).toMatchObject({
    status: 'READY',
    supportedClouds: [{ id: place.cloud.id }],
    multiCloudImage: { value: { id: mci.id, name: 'offered image' }, source: 'SERVER_TEMPLATE' },
    image: { resourceUid: place.image.resourceUid, value: { id: place.image.id } },
  });
  const copy = (await bring(viewer, publication)).component;
  const after = await resolve(copy.id);
  expect(after.multiCloudImage.value.id).not.toBe(mci.id);
  expect({ ...after, multiCloudImage: null }).toEqual({ ...before, multiCloudImage: null });
  const unpublished = await create(publisher, 'ServerTemplate', place, CANARY);
  expect(await resolve(unpublished.id)).toBeNull();
});

const ENTITIES = `query($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on Component { id name } } }`;

describe.each(KINDS)('R-2.2: a %s of another account', (kind) => {
  test('by lineage and revision: what is offered, and the own copy once it is imported', async () => {
    const head = await create(publisher, kind, place, 'offered');
    const one = await release(publisher, kind, head);
    const later = await readVersion(publisher, kind, head.id);
    const two = await release(publisher, kind, await describeAs(publisher, kind, later, CANARY));
    const reference = ({ lineageId, revision }: Data) => ({ __typename: kind, lineageId, revision });
    const found = async (): Promise<Data[]> =>
      (await viewer.query(ENTITIES, { representations: [one, two, head].map(reference) }))._entities;
    expect(await found()).toEqual([null, null, null]);
    const publication = await publish(publisher, kind, one);
    expect(await found()).toEqual([{ id: one.id, name: 'offered' }, null, null]);
    const copy = (await bring(viewer, publication)).component;
    expect(await found()).toEqual([{ id: copy.id, name: 'offered' }, null, null]);
    const groups = [await groupOf(publisher, [viewer])];
    const frozen = await publish(publisher, kind, head, { groups });
    expect((await found())[2]).toEqual({ id: frozen.component.id, name: 'offered' });
    const followed = (await subscribe(viewer, frozen)).component;
    expect((await found())[2]).toEqual({ id: followed.id, name: 'offered' });
  });

  test('offered, but not imported: cloning says what to do, and changes nothing', async () => {
    const head = await create(publisher, kind, place, 'offered');
    const one = await release(publisher, kind, head);
    const groups = [await groupOf(publisher, [viewer])];
    const revision = await publish(publisher, kind, one);
    const frozen = await publish(publisher, kind, head, { groups });
    const before = await allRows(api.dataSource);
    for (const [{ component }, mutation] of [
      [revision, 'importPublication'],
      [frozen, 'subscribePublication'],
    ]) {
      const { component: made, userErrors } = await tryTo(viewer, 'clone', kind, { id: component.id });
      expect(made).toBeNull();
      expect(userErrors).toMatchObject([{ code: 'INVALID', path: ['input', 'id'] }]);
      expect(userErrors[0].message).toContain('is offered in the marketplace');
      expect(userErrors[0].message).toContain(`\`${mutation}\``);
    }
    // What the publisher's HEAD is called is offered to nobody.
    expect((await tryTo(viewer, 'clone', kind, { id: head.id })).userErrors).toMatchObject([
      { code: 'NOT_FOUND', path: ['input', 'id'] },
    ]);
    expect(await allRows(api.dataSource)).toEqual(before);
  });

  test('offered: cannot be edited, nor merged into', async () => {
    const head = await create(publisher, kind, place, 'offered');
    const one = await release(publisher, kind, head);
    await publish(publisher, kind, one);
    const mine = await create(viewer, kind, place, 'mine');
    const { errors } = await api.request(
      viewer.token,
      'query($intoId: ID!, $fromId: ID!) { mergePreview(intoId: $intoId, fromId: $fromId) { clean } }',
      { intoId: one.id, fromId: mine.id },
    );
    expect(errors).toMatchObject([{ message: expect.stringContaining('is offered in the marketplace') }]);
    const { userErrors } = await tryTo(viewer, 'merge', kind, {
      intoId: one.id,
      expectedVersion: one.version,
      fromId: mine.id,
    });
    expect(userErrors).toMatchObject([{ code: 'INVALID', path: ['input', 'intoId'] }]);
    const { [fieldOf(kind)]: shown } = await viewer.query(
      `query($id: ID!) { ${fieldOf(kind)}(id: $id) { editable head { id } latestRevision { id } revisions { totalCount } } }`,
      { id: one.id },
    );
    expect(shown).toEqual({
      editable: false,
      head: null,
      latestRevision: null,
      revisions: { totalCount: 0 },
    });
  });
});

test('R-9.4: pinning, and creating a server with, what is offered but not imported says what to do', async () => {
  const { template, mci, script } = await offeredTemplate();
  const mine = await done(viewer, 'createServerTemplate', { name: 'mine' });
  const { createDeployment } = await viewer.query(
    'mutation { createDeployment(input: { name: "site" }) { deployment { id } } }',
  );
  const edits = { serverTemplateId: mine.id, expectedVersion: mine.version };
  const before = await allRows(api.dataSource);
  const attempts: [name: string, field: string, input: object][] = [
    ['addServerTemplateMultiCloudImage', 'multiCloudImageId', { ...edits, multiCloudImageId: mci.id }],
    ['attachScript', 'rightScriptId', { ...edits, rightScriptId: script.id, phase: 'BOOT' }],
    ['createServerTemplate', 'multiCloudImageIds', { name: 'other', multiCloudImageIds: [mci.id] }],
    [
      'createServer',
      'serverTemplateId',
      {
        deploymentId: createDeployment.deployment.id,
        name: 'server',
        cloudId: place.cloud.id,
        serverTemplateId: template.id,
      },
    ],
  ];
  for (const [name, field, input] of attempts) {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const data = await viewer.query(
      `mutation($input: ${type}!) { ${name}(input: $input) { userErrors { code path message } } }`,
      { input },
    );
    expect(data[name].userErrors).toMatchObject([
      { code: 'INVALID', message: expect.stringContaining('import it with `importPublication`') },
    ]);
    expect(data[name].userErrors[0].path.slice(0, 2)).toEqual(['input', field]);
  }
  expect(await allRows(api.dataSource)).toEqual(before);
});

/** A publication of the maker's for one group, imported by the publisher. */
async function importedFrom(maker: TestAccount, group: string, kind: Kind, at: Place): Promise<Data> {
  const secret = await commit(maker, kind, await create(maker, kind, at, CANARY));
  return (await bring(publisher, await publish(maker, kind, secret, { groups: [group] }))).component;
}

test('R-9.2: what a publisher imported goes out of sight with its own publication, without a trace', async () => {
  const maker = await api.account();
  await organize(maker, 'Maker');
  const group = await groupOf(maker, [publisher, viewer]);
  const elsewhere = await new TestCatalog(api.dataSource).place();
  const brought = await importedFrom(maker, group, 'MultiCloudImage', elsewhere);
  const script = await importedFrom(maker, group, 'RightScript', place);
  const own = await commit(
    publisher,
    'MultiCloudImage',
    await create(publisher, 'MultiCloudImage', place, 'own image'),
  );
  const groups = [await groupOf(publisher, [viewer])];
  let head = await done(publisher, 'createServerTemplate', { name: 'offered', multiCloudImageIds: [own.id] });
  const first = await publish(
    publisher,
    'ServerTemplate',
    await commit(publisher, 'ServerTemplate', head, 'The first one'),
    { groups },
  );
  const copy = (await bring(viewer, first)).component;
  head = await done(publisher, 'addServerTemplateMultiCloudImage', {
    serverTemplateId: head.id,
    expectedVersion: head.version,
    multiCloudImageId: brought.id,
    makeDefault: true,
  });
  head = await done(publisher, 'attachScript', {
    serverTemplateId: head.id,
    expectedVersion: head.version,
    rightScriptId: script.id,
    phase: 'DECOMMISSION',
  });
  const revision = await commit(publisher, 'ServerTemplate', head, 'The second one');
  const publication = await publish(publisher, 'ServerTemplate', revision, { groups });
  const SHOWN = `query($id: ID!, $cloudId: ID!) { serverTemplate(id: $id) { name supportedClouds { id } defaultMultiCloudImage { name }
    multiCloudImages { isDefault multiCloudImage { id name } } scripts { phase rightScript { id name } } advisories { code message }
    resolve(cloudId: $cloudId) { status multiCloudImage { value { name } } alternatives { name } advisories { code message } } } }`;
  const variables = { id: revision.id, cloudId: elsewhere.cloud.id };
  const mine = await done(viewer, 'createServerTemplate', { name: 'mine' });
  const cloned = await clone(viewer, 'ServerTemplate', copy);
  const other = await create(viewer, 'ServerTemplate', place, 'other');
  /** What leads the viewer to the template, and how it differs from what it has. */
  const readAround = async (): Promise<Data> => {
    const { marketplace } = await viewer.query(
      `query($cloudId: ID!, $lineageId: ID!) { marketplace(filter: { cloudId: $cloudId, lineageId: $lineageId }) {
        totalCount edges { node { name supportedClouds { id } component { name } } } } }`,
      { cloudId: elsewhere.cloud.id, lineageId: revision.lineageId },
    );
    const { myImports } = await viewer.query(
      `{ myImports(first: 100) { edges { node { component { lineageId }
        diff { identical text changes { path kind label before after } } } } } }`,
    );
    const { resolveLaunch } = await viewer.query(
      `query($input: ResolveLaunchInput!) { resolveLaunch(input: $input) { status advisories { code message } } }`,
      {
        input: {
          serverTemplateId: revision.id,
          cloudId: place.cloud.id,
          choices: { multiCloudImageId: own.id },
        },
      },
    );
    return {
      marketplace,
      imported: myImports.edges.find(({ node }: Data) => node.component.lineageId === revision.lineageId).node
        .diff,
      chosen: resolveLaunch,
      preview: await preview(viewer, cloned, revision),
      based: await preview(viewer, cloned, other, { baseId: revision.id }),
      diff: (await viewer.query(DIFF, { fromId: mine.id, toId: revision.id })).diff,
    };
  };
  const paths = ({ changes }: Data): string[] => changes.map(({ path }: Data) => path.join('/'));
  const hiddenPaths = [
    'defaultMultiCloudImage',
    `multiCloudImages/${brought.lineageId}`,
    `scripts/DECOMMISSION/${script.lineageId}`,
  ];
  const before = (await viewer.query(SHOWN, variables)).serverTemplate;
  const around = await readAround();
  expect(before.multiCloudImages.map(({ multiCloudImage }: Data) => multiCloudImage.name)).toEqual([
    CANARY,
    'own image',
  ]);
  expect(around.marketplace.totalCount).toBe(1);
  expect(around.chosen.advisories).toMatchObject([{ code: 'AGENT_TAG_MISSING' }]);
  const ofDefault = ({ based }: Data): Data =>
    based.conflicts.find(({ path }: Data) => path[0] === 'defaultMultiCloudImage');
  expect(ofDefault(around).base).toMatchObject({ lineageId: brought.lineageId });
  for (const differences of [around.imported, around.preview, around.diff])
    expect(paths(differences)).toEqual(expect.arrayContaining(hiddenPaths));

  await asked(maker, 'revokeAccountGroupAccess', { id: group, accountId: viewer.id });
  const after = (await viewer.query(SHOWN, variables)).serverTemplate;
  expect(after.multiCloudImages).toEqual([
    { isDefault: false, multiCloudImage: { id: own.id, name: 'own image' } },
  ]);
  expect(after).toMatchObject({ scripts: [], defaultMultiCloudImage: null, resolve: { status: 'BLOCKED' } });
  const left = await readAround();
  expect(left.marketplace).toEqual({ totalCount: 0, edges: [] });
  expect(left.chosen).toEqual({ status: 'READY', advisories: [] });
  // The name, and the MCI that is seen; to the viewer the offered template has no default any more.
  expect(paths(left.diff)).toEqual(['name', `multiCloudImages/${own.lineageId}`]);
  expect(left.imported.changes).toMatchObject([{ path: ['defaultMultiCloudImage'], after: null }]);
  expect(paths(left.preview)).toEqual(['defaultMultiCloudImage']);
  expect(ofDefault(left).base).toBeNull();
  const { publication: offered } = await viewer.query(
    'query($id: ID!) { publication(id: $id) { supportedClouds { id } component { name } } }',
    { id: publication.id },
  );
  const said = JSON.stringify([after, left, offered]);
  for (const secret of [CANARY, brought.lineageId, script.lineageId, 'DECOMMISSION', elsewhere.cloud.id])
    expect(said).not.toContain(secret);
  // Who imported it keeps it: the publisher.
  expect((await publisher.query(SHOWN, variables)).serverTemplate).toMatchObject({
    defaultMultiCloudImage: { name: CANARY },
    resolve: { status: 'READY' },
  });
});

test('R-2.2: whether a publisher removed what it offers from its own collection is not told', async () => {
  const maker = await api.account();
  await organize(maker, 'Maker');
  const secret = await commit(
    maker,
    'MultiCloudImage',
    await create(maker, 'MultiCloudImage', place, 'made elsewhere'),
  );
  const brought = (await bring(publisher, await publish(maker, 'MultiCloudImage', secret))).component;
  const own = await create(publisher, 'MultiCloudImage', place, 'own image');
  let head = await done(publisher, 'createServerTemplate', {
    name: 'followed',
    multiCloudImageIds: [brought.id, own.id],
  });
  const groups = [await groupOf(publisher, [viewer])];
  const { component } = await publish(publisher, 'ServerTemplate', head, { groups });
  head = await readVersion(publisher, 'ServerTemplate', head.id);
  await done(publisher, 'removeServerTemplateMultiCloudImage', {
    serverTemplateId: head.id,
    expectedVersion: head.version,
    multiCloudImageId: brought.id,
    newDefaultId: own.id,
  });
  const SHOWN = `query($id: ID!, $cloudId: ID!, $mci: [_Any!]!) { serverTemplate(id: $id) { deletedAt advisories { code }
      defaultMultiCloudImage { id name deletedAt advisories { code } } resolve(cloudId: $cloudId) { status advisories { code } } }
    _entities(representations: $mci) { ... on MultiCloudImage { name deletedAt } } }`;
  const { lineageId, revision } = brought;
  const variables = {
    id: component.id,
    cloudId: place.cloud.id,
    mci: [{ __typename: 'MultiCloudImage', lineageId, revision }],
  };
  const before = await viewer.query(SHOWN, variables);
  expect(before.serverTemplate).toMatchObject({
    defaultMultiCloudImage: { id: brought.id, deletedAt: null },
    resolve: { status: 'READY' },
  });
  await asked(publisher, 'removeImport', { id: brought.id });
  expect(await viewer.query(SHOWN, variables)).toEqual(before);
  // Its publisher is told.
  expect((await publisher.query(SHOWN, variables)).serverTemplate.defaultMultiCloudImage).toMatchObject({
    deletedAt: expect.any(String),
    advisories: [{ code: 'COMPONENT_DELETED' }],
  });
});
