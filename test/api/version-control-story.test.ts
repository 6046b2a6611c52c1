import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { auditOf, done, read } from '../kit/components';
import { clone, commit, edit, historyOf, merge, preview, refusedMerge, tag } from '../kit/version-control';
import { csv, importContent, importFile } from './catalog-kit';

let api: TestApi;
/** Who keeps the MCI of the whole company, and who runs machines at the edge: two tokens of one account. */
let platform: TestAccount;
let edge: TestAccount;

const SEPTEMBER = '42.20250818.3.0';
const APRIL = '43.20260316.3.1';
const KIND = 'MultiCloudImage';

/** Clouds as the listings name them; AWS opened two regions in the Middle East that later listings lack. */
const [IRELAND, VIRGINIA, TOKYO] = ['eu-west-1', 'us-east-1', 'ap-northeast-1'] as const;
const [BAHRAIN, EMIRATES] = ['me-south-1', 'me-central-1'] as const;

beforeAll(async () => {
  api = await startApi();
  const { dataSource } = api;
  for (const region of [IRELAND, VIRGINIA, TOKYO])
    await importFile(dataSource, `aws/instance-type-offerings-${region}.json`, 'AWS_INSTANCE_TYPE_OFFERINGS');
  for (const file of ['google-machine-types', 'kubevirt-instance-types'])
    await importFile(dataSource, `csv/${file}.csv`, 'CSV');
  const offered = (region: string, name: string) => ({
    record: 'instance_type',
    cloud_type: 'amazon',
    region,
    resource_uid: name,
    name,
    cpu_architectures: 'x86_64',
  });
  await importContent(
    dataSource,
    csv([BAHRAIN, EMIRATES].flatMap((region) => [offered(region, 'm5.large'), offered(region, 'm5.xlarge')])),
    'CSV',
  );
  await importFile(dataSource, 'fcos/stable-2025-09-04.json', 'COREOS_STREAM', { complete: true });
  platform = await api.account();
  const token = await platform.tokenWith('DESIGNER');
  edge = {
    ...platform,
    query: async (source, variables) => {
      const { data, errors } = await api.request(token, source, variables);
      expect(errors).toBeUndefined();
      return data;
    },
  };
});
afterAll(() => api.close());

const CONTENT = `query($id: ID!) { multiCloudImage(id: $id) { settings { madeBy userData cloud { id region cloudType }
  image { id name lifecycle } instanceType { id name } } } }`;

const nameOf = ({ cloudType, region }: Data): string => (region === 'global' ? cloudType : region);

/** By cloud: release, instance type, user data if any, and whether a matcher made it. */
async function settingsOf({ id }: Data): Promise<Record<string, string>> {
  const { multiCloudImage } = await platform.query(CONTENT, { id });
  return Object.fromEntries(
    multiCloudImage.settings.map(({ cloud, image, instanceType, userData, madeBy }: Data) => [
      nameOf(cloud),
      [
        image.name.replace(/^fedora-coreos-(.*)-x86_64$/, '$1'),
        instanceType.name,
        ...(userData === null ? [] : [userData]),
        madeBy,
      ].join(' '),
    ]),
  );
}

/** Ids of clouds by the names that the story uses. */
async function cloudIdsOf({ id }: Data): Promise<Map<string, string>> {
  const { multiCloudImage } = await platform.query(CONTENT, { id });
  return new Map(multiCloudImage.settings.map(({ cloud }: Data) => [nameOf(cloud), cloud.id]));
}

const onHead = ({ id, version }: Data) => ({ multiCloudImageId: id, expectedVersion: version });

/** Changes a setting by hand; what isn't named stays. */
async function change(
  team: TestAccount,
  head: Data,
  cloud: string,
  { type, userData }: { type?: string; userData?: string },
): Promise<Data> {
  const { settings } = (await team.query(CONTENT, { id: head.id })).multiCloudImage;
  const setting = settings.find((one: Data) => nameOf(one.cloud) === cloud);
  const instanceTypeId =
    type === undefined ? setting.instanceType.id : await typeIn(team, setting.cloud.id, type);
  return done(team, 'setMultiCloudImageSetting', {
    ...onHead(head),
    cloudId: setting.cloud.id,
    imageId: setting.image.id,
    instanceTypeId,
    userData: userData ?? setting.userData,
  });
}

async function typeIn(team: TestAccount, cloudId: string, name: string): Promise<string> {
  const { instanceTypes } = await team.query(
    `query($id: ID!, $name: String!) { instanceTypes(first: 100, filter: { cloudId: $id, name: $name }) {
      edges { node { id name } } } }`,
    { id: cloudId, name },
  );
  return instanceTypes.edges.find(({ node }: Data) => node.name === name).node.id;
}

test('a company’s Fedora CoreOS and its clone for the edge move apart, and come together again', async () => {
  // September 2025: the platform team fills its MCI by matchers, and commits it.
  let head: Data = await done(platform, 'createMultiCloudImage', {
    name: 'Fedora CoreOS',
    description: 'What everybody boots.\n\nRelease of September 2025.\n\nAsk the platform team.',
  });
  for (const [cloudType, instanceType] of [
    ['amazon', 'm5.large'],
    ['google', 'e2-standard-2'],
    ['kubevirt', 'u1.medium'],
  ])
    head = await done(platform, 'addMultiCloudImageMatcher', {
      ...onHead(head),
      cloudType,
      namePattern: 'fedora-coreos-*',
      cpuArchitecture: 'x86_64',
      pick: 'NEWEST',
      instanceTypes: [instanceType],
    });
  head = await done(platform, 'rematchMultiCloudImage', onHead(head));
  const first = await commit(platform, KIND, head, 'Fedora CoreOS 2025-09-04');
  const september = (type: string, more = 'MATCHER') => `${SEPTEMBER} ${type} ${more}`;
  expect(await settingsOf(first)).toEqual({
    [IRELAND]: september('m5.large'),
    [VIRGINIA]: september('m5.large'),
    [TOKYO]: september('m5.large'),
    [BAHRAIN]: september('m5.large'),
    [EMIRATES]: september('m5.large'),
    google: september('e2-standard-2'),
    kubevirt: september('u1.medium'),
  });
  const clouds = await cloudIdsOf(first);
  const path = (cloud: string) => ['settings', clouds.get(cloud) ?? ''];

  // The edge team clones it: other sizes and user data here and there, no Google.
  let copy = await clone(edge, KIND, first, { name: 'Fedora CoreOS, edge' });
  copy = await change(edge, copy, IRELAND, { type: 't3.medium' });
  copy = await change(edge, copy, VIRGINIA, { userData: '#edge' });
  copy = await change(edge, copy, EMIRATES, { type: 'm5.xlarge' });
  copy = await done(edge, 'removeMultiCloudImageSetting', { ...onHead(copy), cloudId: clouds.get('google') });
  copy = await tag(edge, KIND, copy, 'team:name=edge');
  copy = await edit(edge, KIND, copy, {
    description: 'What everybody boots.\n\nRelease of September 2025.\n\nAsk the edge team.',
  });
  const edgeFirst = await commit(edge, KIND, copy, 'For the edge');

  // April 2026: the listing has a new release, and two regions fewer; the platform team follows.
  await importFile(api.dataSource, 'fcos/stable-2026-04-01.json', 'COREOS_STREAM', { complete: true });
  head = await done(platform, 'rematchMultiCloudImage', onHead(head));
  for (const region of [BAHRAIN, EMIRATES])
    head = await done(platform, 'removeMultiCloudImageSetting', {
      ...onHead(head),
      cloudId: clouds.get(region),
    });
  head = await change(platform, head, TOKYO, { type: 'm5.xlarge' });
  head = await edit(platform, KIND, head, {
    description: 'What everybody boots.\n\nRelease of April 2026.\n\nAsk the platform team.',
  });
  const second = await commit(platform, KIND, head, 'Fedora CoreOS 2026-04-01');
  const april = (type: string, more = 'MATCHER') => `${APRIL} ${type} ${more}`;
  expect(await settingsOf(second)).toEqual({
    [IRELAND]: april('m5.large'),
    [VIRGINIA]: april('m5.large'),
    [TOKYO]: april('m5.xlarge', 'HAND'),
    google: april('e2-standard-2'),
    kubevirt: april('u1.medium'),
  });

  // The edge team looks before it leaps: in conflict is what both touched, and nothing else.
  const looked = await preview(edge, copy, second);
  const byPath = (left: Data, right: Data) => (left.path.join() < right.path.join() ? -1 : 1);
  const told = ({ path: where, label }: Data) => ({ path: where, label });
  const inConflict = [
    { path: path(IRELAND), label: 'Setting for "AWS eu-west-1"' },
    { path: path(VIRGINIA), label: 'Setting for "AWS us-east-1"' },
    { path: path(EMIRATES), label: 'Setting for "AWS me-central-1"' },
    { path: path('google'), label: 'Setting for "Google Cloud global"' },
  ].sort(byPath);
  expect(looked.conflicts.map(told)).toEqual(inConflict);
  expect(looked).toMatchObject({ clean: false, base: { id: first.id }, violations: [] });
  expect(looked.changes.map(({ kind, path: where }: Data) => `${kind} ${where.join('/')}`)).toEqual([
    'MODIFIED description',
    ...[
      `MODIFIED ${path(TOKYO).join('/')}`,
      `REMOVED ${path(BAHRAIN).join('/')}`,
      `MODIFIED ${path('kubevirt').join('/')}`,
    ].sort((left, right) => ((left.split('/')[1] ?? '') < (right.split('/')[1] ?? '') ? -1 : 1)),
  ]);
  const sides = ({ image, instanceType, userData }: Data) => [image.name, instanceType.name, userData];
  const inIreland = looked.conflicts.find(({ path: where }: Data) => where[1] === clouds.get(IRELAND));
  expect([inIreland.base, inIreland.ours, inIreland.theirs].map(sides)).toEqual([
    [`fedora-coreos-${SEPTEMBER}-x86_64`, 'm5.large', null],
    [`fedora-coreos-${SEPTEMBER}-x86_64`, 't3.medium', null],
    [`fedora-coreos-${APRIL}-x86_64`, 'm5.large', null],
  ]);
  const inEmirates = looked.conflicts.find(({ path: where }: Data) => where[1] === clouds.get(EMIRATES));
  expect(inEmirates).toMatchObject({ ours: { instanceType: { name: 'm5.xlarge' } }, theirs: null });

  // Without an answer nothing happens.
  const untouched = await read(edge, 'multiCloudImage', copy.id);
  const refusal = await refusedMerge(edge, KIND, copy, second);
  expect(refusal.code).toBe('MERGE_CONFLICT');
  expect(refusal.conflicts).toEqual(looked.conflicts);
  expect(await read(edge, 'multiCloudImage', copy.id)).toEqual(untouched);

  // It takes the new release, leaves the region that has no more images, and stays away from Google.
  const resolutions = [
    { path: path(IRELAND), take: 'THEIRS' },
    { path: path(VIRGINIA), take: 'THEIRS' },
    { path: path(EMIRATES), take: 'THEIRS' },
    { path: path('google'), take: 'OURS' },
  ];
  expect(await preview(edge, copy, second, { resolutions })).toMatchObject({ clean: true, conflicts: [] });
  copy = await merge(edge, KIND, copy, second, { resolutions });
  expect(await settingsOf(copy)).toEqual({
    [IRELAND]: april('m5.large'),
    [VIRGINIA]: april('m5.large'),
    [TOKYO]: april('m5.xlarge', 'HAND'),
    kubevirt: april('u1.medium'),
  });
  expect(copy).toMatchObject({
    name: 'Fedora CoreOS, edge',
    description: 'What everybody boots.\n\nRelease of April 2026.\n\nAsk the edge team.',
    tags: ['team:name=edge'],
  });
  // Its own wishes on top of the new release.
  copy = await change(edge, copy, IRELAND, { type: 't3.medium' });
  copy = await change(edge, copy, VIRGINIA, { userData: '#edge' });
  const edgeSecond = await commit(edge, KIND, copy, 'April for the edge');
  expect((await historyOf(edge, copy)).slice(0, 2)).toEqual([
    ['COMMITTED', edgeSecond.id, [edgeFirst.id, second.id]],
    ['MERGED', copy.id, [edgeFirst.id, second.id]],
  ]);

  // The platform team likes it, and takes it over: the edge knows all of its work, so nothing is in conflict.
  const back = await preview(platform, head, edgeSecond);
  expect(back).toMatchObject({ clean: true, base: { id: second.id }, conflicts: [] });
  head = await merge(platform, KIND, head, edgeSecond);
  expect(await settingsOf(head)).toEqual(await settingsOf(copy));
  expect(head).toMatchObject({ name: 'Fedora CoreOS', tags: ['team:name=edge'] });
  expect((await auditOf(platform)).at(-1)).toMatchObject({
    action: 'multiCloudImage.merge',
    changes: { baseId: second.id, committedRevision: null },
  });
  const third = await commit(platform, KIND, head, 'As at the edge');

  // Nothing is left, in either direction; the images of September are out of use, but still told in the history.
  for (const [into, from] of [
    [head, edgeSecond],
    [copy, third],
  ])
    expect(await preview(platform, into, from)).toMatchObject({ clean: true, changes: [], conflicts: [] });
  const { diff } = await platform.query(
    'query($from: ID!, $to: ID!) { diff(fromId: $from, toId: $to) { identical changes { path before after } } }',
    { from: third.id, to: edgeSecond.id },
  );
  expect(diff).toEqual({
    identical: false,
    changes: [{ path: ['name'], before: 'Fedora CoreOS', after: 'Fedora CoreOS, edge' }],
  });
  expect(await settingsOf(first)).toMatchObject({ [EMIRATES]: september('m5.large') });
});
