import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { done } from '../kit/components';
import { bring, groupOf, organize, publish } from '../kit/marketplace';
import { clone, commit, merge, preview } from '../kit/version-control';
import { importFile } from './catalog-kit';

let api: TestApi;
let publisher: TestAccount;
let importer: TestAccount;

const APRIL = '43.20260316.3.1';
const SEPTEMBER = '42.20250818.3.0';
const [IRELAND, VIRGINIA, TOKYO] = ['eu-west-1', 'us-east-1', 'ap-northeast-1'] as const;
const MCI = 'MultiCloudImage';
const TEMPLATE = 'ServerTemplate';

beforeAll(async () => {
  api = await startApi();
  for (const region of [IRELAND, VIRGINIA, TOKYO])
    await importFile(
      api.dataSource,
      `aws/instance-type-offerings-${region}.json`,
      'AWS_INSTANCE_TYPE_OFFERINGS',
    );
  await importFile(api.dataSource, 'fcos/stable-2025-09-04.json', 'COREOS_STREAM', { complete: true });
  publisher = await api.account();
  importer = await api.account();
});
afterAll(() => api.close());

const onHead = ({ id, version }: Data) => ({ multiCloudImageId: id, expectedVersion: version });

/** Release by region. */
async function releasesOf(account: TestAccount, { id }: Data): Promise<Record<string, string>> {
  const { multiCloudImage } = await account.query(
    `query($id: ID!) { multiCloudImage(id: $id) { settings { cloud { region } image { name } } } }`,
    { id },
  );
  return Object.fromEntries(
    multiCloudImage.settings.map(({ cloud, image }: Data) => [
      cloud.region,
      image.name.replace(/^fedora-coreos-(.*)-x86_64$/, '$1'),
    ]),
  );
}

async function cloudIn(account: TestAccount, region: string): Promise<string> {
  const { cloud } = await account.query(
    'query($region: String!) { cloud(cloudType: "amazon", region: $region) { id } }',
    { region },
  );
  return cloud.id;
}

/** The MCI that a template's version pins. */
async function pinOf(account: TestAccount, { id }: Data): Promise<Data> {
  const { serverTemplate } = await account.query(
    `query($id: ID!) { serverTemplate(id: $id) { multiCloudImages { multiCloudImage { id name revision origin }
      updateAvailable { revision inMarketplace publication { id } component { id } } } } }`,
    { id },
  );
  expect(serverTemplate.multiCloudImages).toHaveLength(1);
  return serverTemplate.multiCloudImages[0];
}

async function launch(account: TestAccount, serverTemplateId: string, region: string): Promise<Data> {
  const run = async (mutation: string, input: string, selection: string, fields: object): Promise<Data> => {
    const data = await account.query(
      `mutation($input: ${input}!) { ${mutation}(input: $input) { ${selection} userErrors { message } } }`,
      { input: fields },
    );
    expect(data[mutation].userErrors).toEqual([]);
    return data[mutation];
  };
  const { deployment } = await run('createDeployment', 'CreateDeploymentInput', 'deployment { id }', {
    name: 'Web',
  });
  const { server } = await run('createServer', 'CreateServerInput', 'server { id }', {
    deploymentId: deployment.id,
    name: 'web-1',
    cloudId: await cloudIn(account, region),
    serverTemplateId,
  });
  const launched = await run(
    'launchServer',
    'LaunchServerInput',
    'server { current { state image { name } launchedFrom { id origin revision } } }',
    { id: server.id },
  );
  return launched.server.current;
}

const MY_IMPORTS = `{ myImports(first: 10, updatesOnly: true) { edges { node { component { id __typename revision }
  update { id revision } diff { changes { kind label } } } } } }`;

test('a publisher ships a revision with a region gone, and an importer brings it into its own clone (R-9.1 – R-9.6)', async () => {
  // The publisher's MCI in three regions, and a template of it: revision 1 of both, for its partners.
  let head: Data = await done(publisher, 'createMultiCloudImage', { name: 'Fedora CoreOS' });
  head = await done(publisher, 'addMultiCloudImageMatcher', {
    ...onHead(head),
    cloudType: 'amazon',
    namePattern: 'fedora-coreos-*',
    cpuArchitecture: 'x86_64',
    pick: 'NEWEST',
    instanceTypes: ['m5.large'],
  });
  head = await done(publisher, 'rematchMultiCloudImage', onHead(head));
  const first = await commit(publisher, MCI, head, 'September 2025');
  expect(await releasesOf(publisher, first)).toEqual({
    [IRELAND]: SEPTEMBER,
    [VIRGINIA]: SEPTEMBER,
    [TOKYO]: SEPTEMBER,
  });
  let template: Data = await done(publisher, 'createServerTemplate', {
    name: 'Web server',
    multiCloudImageIds: [first.id],
  });
  const templateFirst = await commit(publisher, TEMPLATE, template, 'The first');
  await organize(publisher, 'Images Inc');
  const groups = [await groupOf(publisher, [importer])];
  const offered = await publish(publisher, TEMPLATE, templateFirst, { groups });

  // The importer finds it by a part of a word, imports it with all it pins, and launches.
  const { marketplace } = await importer.query(
    '{ marketplace(filter: { search: "serv", kind: SERVER_TEMPLATE, sharedWithMe: true }) { edges { node { id publisher { name } } } } }',
  );
  expect(marketplace.edges).toEqual([{ node: { id: offered.id, publisher: { name: 'Images Inc' } } }]);
  const brought = await bring(importer, offered);
  expect(brought.imported.map(({ __typename, revision }: Data) => `${__typename} ${revision}`)).toEqual([
    'ServerTemplate 1',
    'MultiCloudImage 1',
  ]);
  const imported = brought.component;
  const importedMci = (await pinOf(importer, imported)).multiCloudImage;
  expect(importedMci).toMatchObject({ name: 'Fedora CoreOS', revision: 1, origin: 'IMPORTED' });
  expect(await launch(importer, imported.id, TOKYO)).toEqual({
    state: 'PENDING',
    image: { name: `fedora-coreos-${SEPTEMBER}-x86_64` },
    launchedFrom: { id: imported.id, origin: 'IMPORTED', revision: 1 },
  });

  // It makes an MCI of its own of it, with another size in Ireland.
  let own = await clone(importer, MCI, importedMci, { name: 'Our CoreOS' });
  const { instanceTypes } = await importer.query(
    `query($cloudId: ID!) { instanceTypes(first: 100, filter: { cloudId: $cloudId, name: "m5.xlarge" }) { edges { node { id name } } } }`,
    { cloudId: await cloudIn(importer, IRELAND) },
  );
  const { multiCloudImage } = await importer.query(
    'query($id: ID!, $cloudId: ID!) { multiCloudImage(id: $id) { setting(cloudId: $cloudId) { image { id } } } }',
    { id: own.id, cloudId: await cloudIn(importer, IRELAND) },
  );
  own = await done(importer, 'setMultiCloudImageSetting', {
    ...onHead(own),
    cloudId: await cloudIn(importer, IRELAND),
    imageId: multiCloudImage.setting.image.id,
    instanceTypeId: instanceTypes.edges.find(({ node }: Data) => node.name === 'm5.xlarge').node.id,
    userData: '#ours',
  });

  // April 2026: a new release; the publisher gives up Tokyo, and ships revision 2 of both.
  await importFile(api.dataSource, 'fcos/stable-2026-04-01.json', 'COREOS_STREAM', { complete: true });
  head = await done(publisher, 'rematchMultiCloudImage', onHead(head));
  head = await done(publisher, 'removeMultiCloudImageSetting', {
    ...onHead(head),
    cloudId: await cloudIn(publisher, TOKYO),
  });
  const second = await commit(publisher, MCI, head, 'April 2026, without Tokyo');
  template = await done(publisher, 'repinServerTemplateMultiCloudImage', {
    serverTemplateId: template.id,
    expectedVersion: template.version,
    fromId: first.id,
    toId: second.id,
  });
  const shipped = await publish(publisher, TEMPLATE, await commit(publisher, TEMPLATE, template, 'April'), {
    groups,
  });

  // The importer sees the update in its list, with what it changes, and of its clone where it comes from.
  const { myImports } = await importer.query(MY_IMPORTS);
  const updates: Data[] = myImports.edges.map(({ node }: Data) => node);
  const ofTemplate = updates.find(({ component }) => component.__typename === TEMPLATE);
  expect(ofTemplate).toMatchObject({
    component: { id: imported.id, revision: 1 },
    update: { id: shipped.id, revision: 2 },
  });
  expect(ofTemplate?.diff.changes).toEqual([
    { kind: 'MODIFIED', label: expect.stringContaining('Fedora CoreOS') },
  ]);
  const ofMci = updates.find(({ component }) => component.__typename === MCI);
  expect(ofMci?.diff.changes.map(({ kind }: Data) => kind).sort()).toEqual([
    'MODIFIED',
    'MODIFIED',
    'REMOVED',
  ]);
  const upstream = await importer.query(
    `query($id: ID!) { multiCloudImage(id: $id) { upstreamUpdate { revision inMarketplace component { id } publication { id } } } }`,
    { id: own.id },
  );
  expect(upstream.multiCloudImage.upstreamUpdate).toEqual({
    revision: 2,
    inMarketplace: true,
    component: null,
    publication: { id: ofMci?.update.id },
  });

  // It imports revision 2, and merges it into its clone: only Ireland is in conflict.
  await bring(importer, shipped);
  const { myImports: after } = await importer.query(MY_IMPORTS);
  expect(after.edges).toEqual([]);
  const { rightScripts: _none, ...local } = await importer.query(
    `query($id: ID!) { rightScripts(first: 1) { totalCount } multiCloudImage(id: $id) { latestRevision { id revision } head { id } } }`,
    { id: importedMci.id },
  );
  expect(local.multiCloudImage).toEqual({
    latestRevision: { id: expect.any(String), revision: 2 },
    head: null,
  });
  const theirs = local.multiCloudImage.latestRevision;
  const looked = await preview(importer, own, theirs);
  expect(looked).toMatchObject({ clean: false, base: { id: importedMci.id } });
  expect(looked.conflicts.map(({ label }: Data) => label)).toEqual(['Setting for "AWS eu-west-1"']);
  own = await merge(importer, MCI, own, theirs, {
    resolutions: [{ path: looked.conflicts[0].path, take: 'THEIRS' }],
  });
  expect(await releasesOf(importer, own)).toEqual({ [IRELAND]: APRIL, [VIRGINIA]: APRIL });
  expect(await preview(importer, own, theirs)).toMatchObject({ clean: true, changes: [] });

  // What runs still runs from revision 1, which stays.
  expect(await releasesOf(importer, importedMci)).toMatchObject({ [TOKYO]: SEPTEMBER });
});
