import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Place } from '../kit/catalog';
import { done } from '../kit/components';
import { define } from '../kit/definitions';
import { asked, bring, groupOf, join, organize, publish, subscribe } from '../kit/marketplace';
import { create, describeAs } from '../kit/versions';
import { allRows, clone, commit, KINDS, readVersion, tryTo, type Kind } from '../kit/version-control';

let api: TestApi;
let place: Place;
let publisher: TestAccount;
let importer: TestAccount;
let group: string;

beforeAll(async () => {
  api = await startApi();
  place = await new TestCatalog(api.dataSource).place();
});
afterAll(() => api.close());
beforeEach(async () => {
  publisher = await api.account();
  importer = await api.account();
  await organize(publisher);
  group = await groupOf(publisher, [importer]);
});

/** A HEAD that is published to the group, its publication, and the importer's subscribed HEAD. */
async function followed(kind: Kind): Promise<{ head: Data; publication: Data; copy: Data }> {
  const head = await create(publisher, kind, place, 'followed');
  const publication = await publish(publisher, kind, head, { groups: [group] });
  return { head, publication, copy: (await subscribe(importer, publication)).component };
}

const revoke = (): Promise<Data> =>
  asked(publisher, 'revokeAccountGroupAccess', { id: group, accountId: importer.id });

const ADVISORIES = 'advisories { code severity message subject { id } }';

/** What is advised about these codes; each as `code subject`. */
async function advised(id: string, ...codes: string[]): Promise<string[]> {
  const { node } = await importer.query(
    `query($id: ID!) { node(id: $id) { ... on Component { ${ADVISORIES} } } }`,
    {
      id,
    },
  );
  return shown(node.advisories, codes);
}

const shown = (advisories: Data[], codes: string[]): string[] =>
  advisories
    .filter(({ code }) => codes.includes(code))
    .map(({ code, severity, subject }) => `${severity} ${code} ${subject.id}`);

const HEADS = ['HEAD_DEPENDENCY', 'SUBSCRIBED_HEAD', 'SUBSCRIPTION_ENDED', 'COMPONENT_DELETED'];

async function pinning(
  ...versions: { id: string; kind: 'MultiCloudImage' | 'RightScript' }[]
): Promise<Data> {
  let template = await done(importer, 'createServerTemplate', { name: 'web' });
  for (const { id, kind } of versions) {
    const edit = { serverTemplateId: template.id, expectedVersion: template.version };
    template =
      kind === 'MultiCloudImage'
        ? await done(importer, 'addServerTemplateMultiCloudImage', { ...edit, multiCloudImageId: id })
        : await done(importer, 'attachScript', { ...edit, rightScriptId: id, phase: 'BOOT' });
  }
  return template;
}

describe.each(KINDS)('Section 11: a subscribed %s', (kind) => {
  test('can change; when access ends it keeps its last content, and says so; then it follows again', async () => {
    const { head, publication, copy } = await followed(kind);
    expect(await advised(copy.id, ...HEADS)).toContain(`WARNING SUBSCRIBED_HEAD ${copy.id}`);
    await asked(publisher, 'deprecatePublication', { publicationId: publication.id });
    expect(await advised(copy.id, ...HEADS)).toContain(`WARNING SUBSCRIBED_HEAD ${copy.id}`);
    await asked(publisher, 'reactivatePublication', { publicationId: publication.id });
    await revoke();
    const ended = await advised(copy.id, ...HEADS);
    expect(ended).toContain(`WARNING SUBSCRIPTION_ENDED ${copy.id}`);
    expect(ended.join()).not.toContain('SUBSCRIBED_HEAD');
    const before = await readVersion(importer, kind, copy.id);
    await describeAs(publisher, kind, await readVersion(publisher, kind, head.id), 'later');
    await asked(publisher, 'republish', { publicationId: publication.id });
    expect(await readVersion(importer, kind, copy.id)).toEqual(before);
    await join(publisher, group, importer);
    expect(await advised(copy.id, ...HEADS)).toContain(`WARNING SUBSCRIBED_HEAD ${copy.id}`);
  });

  test('what was removed says so, and changes no more', async () => {
    const { copy } = await followed(kind);
    await asked(importer, 'removeImport', { id: copy.id });
    const after = await advised(copy.id, ...HEADS);
    expect(after).toContain(`WARNING COMPONENT_DELETED ${copy.id}`);
    expect(after).not.toContain(`WARNING SUBSCRIBED_HEAD ${copy.id}`);
  });
});

describe.each(['MultiCloudImage', 'RightScript'] as const)(
  'Section 11: a template that pins a subscribed %s',
  (kind) => {
    test('SUBSCRIBED_HEAD instead of HEAD_DEPENDENCY, also in its revisions; then SUBSCRIPTION_ENDED', async () => {
      const { copy } = await followed(kind);
      const mci = await create(importer, 'MultiCloudImage', place);
      const own = {
        id: (await commit(importer, 'MultiCloudImage', mci)).id,
        kind: 'MultiCloudImage',
      } as const;
      const template = await pinning({ id: copy.id, kind }, own);
      const revision = await commit(importer, 'ServerTemplate', template);
      for (const { id } of [template, revision])
        expect(await advised(id, ...HEADS)).toEqual([`WARNING SUBSCRIBED_HEAD ${copy.id}`]);
      await revoke();
      for (const { id } of [template, revision])
        expect(await advised(id, ...HEADS)).toEqual([`WARNING SUBSCRIPTION_ENDED ${copy.id}`]);
    });

    test('R-6.3: committing it with its HEADs is refused as a whole, naming it and the cure', async () => {
      const { copy } = await followed(kind);
      const own = await create(importer, 'MultiCloudImage', place, 'own');
      const template = await pinning({ id: own.id, kind: 'MultiCloudImage' }, { id: copy.id, kind });
      const before = await allRows(api.dataSource);
      const { component, userErrors } = await tryTo(importer, 'commit', 'ServerTemplate', {
        id: template.id,
        expectedVersion: template.version,
        message: 'all',
        commitHeadDependencies: true,
      });
      expect(component).toBeNull();
      expect(userErrors).toEqual([
        expect.objectContaining({ code: 'HEAD_DEPENDENCY', path: ['input', 'commitHeadDependencies'] }),
      ]);
      expect(userErrors[0].message).toContain('"followed"');
      expect(userErrors[0].message).toContain('import a revision of it, or clone it, and pin that');
      expect(await allRows(api.dataSource)).toEqual(before);
      // The cure.
      const mine = await commit(importer, kind, await clone(importer, kind, copy));
      const cured = await pinning({ id: own.id, kind: 'MultiCloudImage' }, { id: mine.id, kind });
      expect(await commit(importer, 'ServerTemplate', cured, 'all', true)).toMatchObject({ revision: 1 });
    });

    test('R-5.1: only own and subscribed lineages can be pinned at HEAD', async () => {
      const { head } = await followed(kind);
      const stranger = await create(publisher, kind, place, 'unpublished');
      const template = await done(importer, 'createServerTemplate', { name: 'web' });
      const edit = { serverTemplateId: template.id, expectedVersion: template.version };
      for (const { id } of [head, stranger]) {
        const [name, input] =
          kind === 'MultiCloudImage'
            ? ['addServerTemplateMultiCloudImage', { ...edit, multiCloudImageId: id }]
            : ['attachScript', { ...edit, rightScriptId: id, phase: 'BOOT' }];
        const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
        const data = await importer.query(
          `mutation($input: ${type}!) { ${name}(input: $input) { userErrors { code } } }`,
          { input },
        );
        expect(data[name].userErrors).toEqual([{ code: 'NOT_FOUND' }]);
      }
    });
  },
);

test('Section 11: a server on a subscribed template with a subscribed MCI says that they can change', async () => {
  const { head, copy } = await followed('ServerTemplate');
  const [pinned] = (
    await importer.query(
      'query($id: ID!) { serverTemplate(id: $id) { multiCloudImages { multiCloudImage { id } } } }',
      {
        id: copy.id,
      },
    )
  ).serverTemplate.multiCloudImages;
  expect(head.multiCloudImages[0].multiCloudImage.id).not.toBe(pinned.multiCloudImage.id);
  const resolutions = async (): Promise<string[]> => {
    const { serverTemplate } = await importer.query(
      `query($id: ID!, $cloudId: ID!) { serverTemplate(id: $id) { resolve(cloudId: $cloudId) { status ${ADVISORIES} } } }`,
      { id: copy.id, cloudId: place.cloud.id },
    );
    expect(serverTemplate.resolve.status).toBe('READY');
    return shown(serverTemplate.resolve.advisories, HEADS);
  };
  expect(await resolutions()).toEqual([
    `WARNING SUBSCRIBED_HEAD ${copy.id}`,
    `WARNING SUBSCRIBED_HEAD ${pinned.multiCloudImage.id}`,
  ]);
  await revoke();
  expect(await resolutions()).toEqual([
    `WARNING SUBSCRIPTION_ENDED ${copy.id}`,
    `WARNING SUBSCRIPTION_ENDED ${pinned.multiCloudImage.id}`,
  ]);
});

test('Section 11, R-8.6: a server that runs on a subscribed template drifts when that is published anew', async () => {
  const { head, publication, copy } = await followed('ServerTemplate');
  const deployment = await define(importer, 'createDeployment', { name: 'site' });
  const server = await define(importer, 'createServer', {
    deploymentId: deployment.id,
    name: 'server',
    cloudId: place.cloud.id,
    serverTemplateId: copy.id,
  });
  const { launchServer } = await importer.query(
    'mutation($id: ID!) { launchServer(input: { id: $id }) { server { current { id } } userErrors { message } } }',
    { id: server.id },
  );
  expect(launchServer.userErrors).toEqual([]);
  const running = async (): Promise<Data> => {
    const { node } = await importer.query(
      `query($id: ID!) { node(id: $id) { ... on Instance { serverTemplate { id } drift { field } ${ADVISORIES} } } }`,
      { id: launchServer.server.current.id },
    );
    return { drift: node.drift.map(({ field }: Data) => field), advised: shown(node.advisories, HEADS) };
  };
  const [{ multiCloudImage: mci }] = (
    await importer.query(
      'query($id: ID!) { serverTemplate(id: $id) { multiCloudImages { multiCloudImage { id } } } }',
      {
        id: copy.id,
      },
    )
  ).serverTemplate.multiCloudImages;
  const followedHeads = [`WARNING SUBSCRIBED_HEAD ${copy.id}`, `WARNING SUBSCRIBED_HEAD ${mci.id}`];
  expect(await running()).toEqual({ drift: [], advised: followedHeads });
  await describeAs(publisher, 'ServerTemplate', head, 'changed');
  await asked(publisher, 'republish', { publicationId: publication.id });
  expect(await running()).toEqual({ drift: ['SERVER_TEMPLATE'], advised: followedHeads });
  await revoke();
  expect((await running()).advised).toEqual([
    `WARNING SUBSCRIPTION_ENDED ${copy.id}`,
    `WARNING SUBSCRIPTION_ENDED ${mci.id}`,
  ]);
});

test('R-9.4: what two subscriptions carry follows as long as one of them is meant for the account', async () => {
  const mci = await create(publisher, 'MultiCloudImage', place, 'shared');
  const other = await groupOf(publisher, [importer], 'Others');
  const copies: Data[] = [];
  for (const groups of [[group], [other]]) {
    const head = await done(publisher, 'createServerTemplate', { name: 'web', multiCloudImageIds: [mci.id] });
    copies.push(
      (await subscribe(importer, await publish(publisher, 'ServerTemplate', head, { groups }))).component,
    );
  }
  const carried = await importer.query('{ multiCloudImages { edges { node { id origin } } } }');
  const [{ node: copy }] = carried.multiCloudImages.edges;
  expect(copy).toMatchObject({ origin: 'SUBSCRIBED' });
  const states = (): Promise<string[][]> =>
    Promise.all([...copies, copy].map(({ id }) => advised(id, 'SUBSCRIBED_HEAD', 'SUBSCRIPTION_ENDED')));
  await revoke();
  expect(await states()).toEqual([
    [`WARNING SUBSCRIBED_HEAD ${copy.id}`, `WARNING SUBSCRIPTION_ENDED ${copies[0].id}`],
    [`WARNING SUBSCRIBED_HEAD ${copies[1].id}`, `WARNING SUBSCRIBED_HEAD ${copy.id}`],
    [`WARNING SUBSCRIBED_HEAD ${copy.id}`],
  ]);
  await asked(publisher, 'revokeAccountGroupAccess', { id: other, accountId: importer.id });
  expect(await advised(copy.id, 'SUBSCRIBED_HEAD', 'SUBSCRIPTION_ENDED')).toEqual([
    `WARNING SUBSCRIPTION_ENDED ${copy.id}`,
  ]);
});

test('R-5.5: an imported template that was removed says so, and is imported again', async () => {
  let head = await create(publisher, 'ServerTemplate', place, 'imported');
  head = await commit(publisher, 'ServerTemplate', head, 'A release', true);
  const publication = await publish(publisher, 'ServerTemplate', head);
  const copy = (await bring(importer, publication)).component;
  expect(await advised(copy.id, ...HEADS)).toEqual([]);
  await asked(importer, 'removeImport', { id: copy.id });
  const { node } = await importer.query(
    `query($id: ID!) { node(id: $id) { ... on Component { ${ADVISORIES} } } }`,
    {
      id: copy.id,
    },
  );
  expect(node.advisories).toContainEqual({
    code: 'COMPONENT_DELETED',
    severity: 'WARNING',
    message:
      'The ServerTemplate "imported" [rev 1] was removed from the local collection. Import it again while it is offered, clone it to bring it back, or choose another one.',
    subject: { id: copy.id },
  });
});

test('R-5.5: cloning an imported template that was removed brings it and what it pins back as private ones', async () => {
  const head = await create(publisher, 'ServerTemplate', place, 'imported');
  const revision = await commit(publisher, 'ServerTemplate', head, 'A release', true);
  const payload = await bring(importer, await publish(publisher, 'ServerTemplate', revision));
  const mci = payload.imported.find(({ __typename }: Data) => __typename === 'MultiCloudImage');
  for (const { id } of [payload.component, mci]) await asked(importer, 'removeImport', { id });
  const { component, resurrected, userErrors } = await tryTo(importer, 'clone', 'ServerTemplate', {
    id: payload.component.id,
  });
  expect(userErrors).toEqual([]);
  expect(component).toMatchObject({ clonedFrom: { id: payload.component.id }, editable: true });
  expect(resurrected).toMatchObject([{ __typename: 'MultiCloudImage', revision: 0 }]);
  expect(await readVersion(importer, 'MultiCloudImage', resurrected[0].id)).toMatchObject({
    clonedFrom: { id: mci.id },
    editable: true,
  });
  expect(await advised(component.id, ...HEADS)).toEqual([`WARNING HEAD_DEPENDENCY ${resurrected[0].id}`]);
});
