import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { done, read } from '../kit/components';
import { define } from '../kit/definitions';
import { Launching } from '../kit/launching';
import { clone, commit } from '../kit/version-control';
import { DATA, importFile } from './catalog-kit';

const RELEASE = '42.20250818.3.0';
const AGENT_TAG = 'provides:rs_agent_type=right_link';

let api: TestApi;
let account: TestAccount;
let launching: Launching;

/** Only the clock is the test's own: it stands still, so that boot times are exact. Timers run as ever. */
beforeAll(async () => {
  jest.useFakeTimers({
    now: new Date('2026-04-01T08:00:00Z'),
    doNotFake: [
      'cancelAnimationFrame',
      'cancelIdleCallback',
      'clearImmediate',
      'clearInterval',
      'clearTimeout',
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'requestAnimationFrame',
      'requestIdleCallback',
      'setImmediate',
      'setInterval',
      'setTimeout',
    ],
  });
  api = await startApi();
  const { dataSource } = api;
  await importFile(dataSource, 'aws/instance-type-offerings-eu-west-1.json', 'AWS_INSTANCE_TYPE_OFFERINGS');
  await importFile(dataSource, 'csv/google-machine-types.csv', 'CSV');
  await importFile(dataSource, 'fcos/stable-2025-09-04.json', 'COREOS_STREAM', { complete: true });
  account = await api.account();
  launching = await Launching.of(api, account);
});
afterAll(async () => {
  await api.close();
  jest.useRealTimers();
});

const pass = (seconds: number): void => {
  jest.setSystemTime(Date.now() + seconds * 1000);
};

const onTemplate = ({ id, version }: Data) => ({ serverTemplateId: id, expectedVersion: version });

/** A script of the repository, committed later with its template. */
async function script(name: string): Promise<Data> {
  const source = await readFile(join(DATA, 'scripts', `${name}.sh`), 'utf8');
  return done(account, 'createRightScript', { name, source });
}

/** What an MCI has for one cloud. */
interface Setting {
  readonly cloud: Data;
  readonly image: Data;
  readonly instanceType: Data;
}

async function settingsOf({ id }: Data): Promise<{ ireland: Setting; google: Setting }> {
  const { multiCloudImage } = await account.query(
    `query($id: ID!) { multiCloudImage(id: $id) { settings { cloud { id region cloudType }
      image { id name resourceUid } instanceType { id name } } } }`,
    { id },
  );
  const of = (wanted: (cloud: Data) => boolean) =>
    multiCloudImage.settings.find(({ cloud }: Data) => wanted(cloud));
  return {
    ireland: of(({ region }) => region === 'eu-west-1'),
    google: of(({ cloudType }) => cloudType === 'google'),
  };
}

/** A machine as a cloud would start it: under which id, and how many seconds until it serves. */
interface Machine {
  readonly name: string;
  readonly resourceUid: string;
  readonly seconds: number;
}

/**
 * A launcher starts the machines that are ordered; each spends its token for a credential, with which it reports that
 * it serves when so many seconds have passed.
 *
 * @returns the instances by name
 */
async function start(machines: readonly Machine[]): Promise<Map<string, Data>> {
  const orders = await launching.claim(machines.length, { kinds: ['LAUNCH'] });
  const launchedAt = Date.now();
  const reporting: { seconds: number; credential: string }[] = [];
  for (const { name, resourceUid, seconds } of machines) {
    const claimed = orders.find(({ instanceName }) => instanceName === name);
    await launching.complete(claimed, resourceUid);
    const { enrolmentToken } = claimed;
    const { instance, credential } = await launching.as(null, 'enrolInstance', {
      enrolmentToken,
      resourceUid,
    });
    expect(instance).toMatchObject({ name, state: 'BOOTING', resourceUid });
    reporting.push({ seconds, credential });
  }
  const instances = new Map<string, Data>();
  for (const { seconds, credential } of reporting.toSorted((one, other) => one.seconds - other.seconds)) {
    jest.setSystemTime(launchedAt + seconds * 1000);
    const { instance } = await launching.as(credential, 'reportInstance', { state: 'OPERATIONAL' });
    instances.set(instance.name, await launching.instance(instance.id));
  }
  for (const { name, resourceUid, seconds } of machines)
    expect(instances.get(name)).toMatchObject({
      state: 'OPERATIONAL',
      resourceUid,
      bootSeconds: seconds,
      launchedAt: new Date(launchedAt).toISOString(),
      operationalAt: new Date(launchedAt + seconds * 1000).toISOString(),
    });
  return instances;
}

async function serverOf(template: Data, deployment: Data, name: string, cloud: Data, more: object = {}) {
  const input = { deploymentId: deployment.id, name, cloudId: cloud.id, serverTemplateId: template.id };
  return define(account, 'createServer', { ...input, ...more });
}

const RESOLUTION = `status multiCloudImage { source value { id } } image { source resourceUid value { id } }
  instanceType { source value { name } } tags advisories { code severity } setting { id }
  steps { field source outcome reason candidate { id } }`;

async function resolutionOf({ id }: Data): Promise<Data> {
  const { server } = await account.query(
    `query($id: ID!) { server(id: $id) { next { resolution { ${RESOLUTION} } } } }`,
    { id },
  );
  return server.next.resolution;
}

const CONNECTION = '{ totalCount edges { node { id } } }';

/** Ids of everything that an image is used by, sorted. */
async function usersOf({ id }: Data): Promise<Record<string, string[]>> {
  const { cloudImage } = await account.query(
    `query($id: ID!) { cloudImage(id: $id) { usedBy { multiCloudImages ${CONNECTION} serverTemplates ${CONNECTION}
      servers ${CONNECTION} serverArrays ${CONNECTION} instances(running: true) ${CONNECTION} } } }`,
    { id },
  );
  return Object.fromEntries(
    Object.entries<Data>(cloudImage.usedBy).map(([kind, { totalCount, edges }]) => {
      expect(edges).toHaveLength(totalCount);
      return [kind, edges.map(({ node }: Data) => node.id).toSorted()];
    }),
  );
}

/** As the definition of a median has it, of all that booted by themselves. */
function median(seconds: readonly number[]): number {
  const sorted = seconds.toSorted((one, other) => one - other);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

test('a template that installs everything at boot becomes one that boots from bundles of its own, in seconds', async () => {
  // A web server as it often begins: a plain image in two clouds, and scripts that install everything at boot.
  let plain: Data = await done(account, 'createMultiCloudImage', { name: 'Fedora CoreOS' });
  for (const [cloudType, instanceType] of [
    ['amazon', 'm5.large'],
    ['google', 'e2-standard-2'],
  ])
    plain = await done(account, 'addMultiCloudImageMatcher', {
      multiCloudImageId: plain.id,
      expectedVersion: plain.version,
      cloudType,
      namePattern: 'fedora-coreos-*',
      cpuArchitecture: 'x86_64',
      pick: 'NEWEST',
      instanceTypes: [instanceType],
    });
  const onPlain = { multiCloudImageId: plain.id, expectedVersion: plain.version };
  plain = await done(account, 'rematchMultiCloudImage', onPlain);
  const plainRevision = await commit(account, 'MultiCloudImage', plain, RELEASE);
  const { ireland, google } = await settingsOf(plainRevision);
  expect([ireland.image.resourceUid, ireland.instanceType.name]).toEqual([
    'ami-09e24b9c0211fe309',
    'm5.large',
  ]);
  expect(google.instanceType.name).toBe('e2-standard-2');

  let web: Data = await done(account, 'createServerTemplate', {
    name: 'Web server',
    multiCloudImageIds: [plainRevision.id],
  });
  const installing = [await script('install-node-exporter'), await script('set-update-window')];
  const draining = await script('drain-connections');
  for (const { id } of installing)
    web = await done(account, 'attachScript', { ...onTemplate(web), phase: 'BOOT', rightScriptId: id });
  web = await done(account, 'attachScript', {
    ...onTemplate(web),
    phase: 'DECOMMISSION',
    rightScriptId: draining.id,
  });
  const slow = await commit(account, 'ServerTemplate', web, 'Installs at boot', true);

  const deployment = await define(account, 'createDeployment', { name: 'Shop' });
  const slowServers = [
    await serverOf(slow, deployment, 'web-ireland', ireland.cloud),
    await serverOf(slow, deployment, 'web-google', google.cloud),
  ];
  const before = await resolutionOf(slowServers[0]);
  expect(before).toMatchObject({ status: 'READY', image: { value: { id: ireland.image.id } } });
  expect(before.advisories).toContainEqual({ code: 'AGENT_TAG_MISSING', severity: 'WARNING' });
  pass(60);
  for (const { id } of slowServers) await launching.act('launchServer', { id });
  const slowInstances = await start([
    { name: 'web-ireland', resourceUid: 'i-0a1', seconds: 1140 },
    { name: 'web-google', resourceUid: 'projects/shop/instances/web-1', seconds: 1381 },
  ]);

  // An image builder: a clone whose servers also get the agent, and are there to be bundled.
  pass(60);
  let building = await clone(account, 'ServerTemplate', slow, { name: 'Web server, image builder' });
  const agent = await done(account, 'createRightScript', {
    name: 'install-agent',
    source: '#!/bin/sh\nset -eu\nrpm-ostree install --idempotent --apply-live rightlink\n',
  });
  building = await done(account, 'attachScript', {
    ...onTemplate(building),
    phase: 'BOOT',
    rightScriptId: agent.id,
  });
  const builder = await commit(account, 'ServerTemplate', building, 'Installs the agent, too', true);
  const workshop = await define(account, 'createDeployment', { name: 'Workshop' });
  const tags = { tags: [AGENT_TAG] };
  const builders = [
    await serverOf(builder, workshop, 'build-ireland', ireland.cloud, tags),
    await serverOf(builder, workshop, 'build-google', google.cloud, tags),
  ];
  for (const { id } of builders) await launching.act('launchServer', { id });
  const built = await start([
    { name: 'build-ireland', resourceUid: 'i-0b1', seconds: 1504 },
    { name: 'build-google', resourceUid: 'projects/shop/instances/build-1', seconds: 1720 },
  ]);
  expect(built.get('build-ireland')).toMatchObject({
    image: { id: ireland.image.id },
    imageResourceUid: 'ami-09e24b9c0211fe309',
    serverTemplate: { id: builder.id },
    multiCloudImage: { id: plainRevision.id },
    tags: [AGENT_TAG],
  });

  // Bundled in both clouds; the builders have done their work.
  pass(60);
  const bundles: Data[] = [];
  for (const name of ['build-ireland', 'build-google']) {
    const instanceId = built.get(name).id;
    const { cloudImage } = await launching.act('bundleInstance', { instanceId, name: 'web 1' });
    expect(cloudImage).toMatchObject({ lifecycle: 'PENDING', visibility: 'PRIVATE', agentEnabled: true });
    bundles.push(cloudImage);
  }
  const uids: Record<string, string> = {
    'i-0b1': 'ami-0feb1',
    'projects/shop/instances/build-1': 'projects/shop/global/images/web-1',
  };
  for (const claimed of await launching.claim(2, { kinds: ['BUNDLE'] })) {
    expect(claimed).toMatchObject({ bundleName: 'web 1', launch: null, enrolmentToken: null });
    pass(240);
    await launching.complete(claimed, uids[claimed.resourceUid]);
  }
  const { nodes } = await account.query(
    `query($ids: [ID!]!) { nodes(ids: $ids) { ... on CloudImage { resourceUid lifecycle availability cloud { id } } } }`,
    { ids: bundles.map(({ id }) => id) },
  );
  expect(nodes).toEqual(
    [
      { resourceUid: 'ami-0feb1', cloud: { id: ireland.cloud.id } },
      { resourceUid: 'projects/shop/global/images/web-1', cloud: { id: google.cloud.id } },
    ].map((image) => ({ ...image, lifecycle: 'AVAILABLE', availability: 'AVAILABLE' })),
  );
  for (const { id } of builders) await launching.act('terminateServer', { id });
  for (const claimed of await launching.claim(2, { kinds: ['TERMINATE'] })) await launching.complete(claimed);
  for (const { id } of builders)
    expect(await launching.server(id)).toMatchObject({ state: null, current: null });

  // An MCI of the bundles, and a clone of the web server that boots from it and has nothing left to install.
  pass(60);
  const [irish, googles] = bundles;
  const bundled = await done(account, 'createMultiCloudImage', {
    name: 'Web server bundles',
    tags: [AGENT_TAG],
    settings: [
      { cloudId: ireland.cloud.id, imageId: irish.id, instanceTypeId: ireland.instanceType.id },
      { cloudId: google.cloud.id, imageId: googles.id, instanceTypeId: google.instanceType.id },
    ],
  });
  const bundledRevision = await commit(account, 'MultiCloudImage', bundled, 'First bundles');
  let quick = await clone(account, 'ServerTemplate', slow, { name: 'Web server, bundled' });
  quick = await done(account, 'addServerTemplateMultiCloudImage', {
    ...onTemplate(quick),
    multiCloudImageId: bundledRevision.id,
    makeDefault: true,
  });
  quick = await done(account, 'removeServerTemplateMultiCloudImage', {
    ...onTemplate(quick),
    multiCloudImageId: plainRevision.id,
  });
  const { scripts } = await read(account, 'serverTemplate', quick.id);
  for (const { phase, rightScript } of scripts.filter(({ phase }: Data) => phase === 'BOOT'))
    quick = await done(account, 'detachScript', {
      ...onTemplate(quick),
      phase,
      rightScriptId: rightScript.id,
    });
  expect(quick).toMatchObject({
    multiCloudImages: [{ isDefault: true, multiCloudImage: { id: bundledRevision.id } }],
    scripts: [{ phase: 'DECOMMISSION' }],
  });
  const fast = await commit(account, 'ServerTemplate', quick, 'Boots from bundles');
  expect(fast).toMatchObject({ revision: 1, clonedFrom: { id: slow.id } });

  // Its servers resolve to the bundles, and say why.
  const fastServers = [
    await serverOf(fast, deployment, 'fast-ireland', ireland.cloud),
    await serverOf(fast, deployment, 'fast-google', google.cloud),
  ];
  const array = await define(account, 'createServerArray', {
    deploymentId: deployment.id,
    name: 'fast-array',
    cloudId: ireland.cloud.id,
    serverTemplateId: fast.id,
    minCount: 1,
    maxCount: 4,
  });
  for (const [index, server] of fastServers.entries()) {
    const resolution = await resolutionOf(server);
    const image = bundles[index];
    expect(resolution).toMatchObject({
      status: 'READY',
      multiCloudImage: { source: 'SERVER_TEMPLATE', value: { id: bundledRevision.id } },
      image: { source: 'MULTI_CLOUD_IMAGE', resourceUid: nodes[index].resourceUid, value: { id: image.id } },
      instanceType: { source: 'MULTI_CLOUD_IMAGE', value: { name: ['m5.large', 'e2-standard-2'][index] } },
      tags: [AGENT_TAG],
      advisories: [{ code: 'IMAGE_PRIVATE', severity: 'INFO' }],
    });
    const taken = resolution.steps.filter(({ outcome }: Data) => outcome === 'CHOSEN');
    expect(taken.slice(0, 2)).toMatchObject([
      { field: 'MULTI_CLOUD_IMAGE', source: 'SERVER_TEMPLATE', candidate: { id: bundledRevision.id } },
      { field: 'IMAGE', source: 'MULTI_CLOUD_IMAGE', candidate: { id: image.id } },
    ]);
    expect(taken[0].reason).toContain('Web server, bundled');
    expect(taken[1].reason).toContain('Web server bundles');
  }

  pass(60);
  for (const { id } of fastServers) await launching.act('launchServer', { id });
  const { instances } = await launching.act('launchServerArray', { id: array.id, count: 2 });
  const [oneOfArray, otherOfArray] = instances.map(({ name }: Data) => name);
  const fastInstances = await start([
    { name: 'fast-ireland', resourceUid: 'i-0c1', seconds: 48 },
    { name: 'fast-google', resourceUid: 'projects/shop/instances/web-2', seconds: 61.5 },
    { name: oneOfArray, resourceUid: 'i-0c2', seconds: 44 },
    { name: otherOfArray, resourceUid: 'i-0c3', seconds: 53.25 },
  ]);
  for (const [name, instance] of fastInstances)
    expect(instance).toMatchObject({
      image: { id: name === 'fast-google' ? googles.id : irish.id },
      launchedFrom: { id: fast.id },
      multiCloudImage: { id: bundledRevision.id },
      tags: [AGENT_TAG],
    });

  // The comparison that all of this was for.
  const { slowly, quickly, toBuild, uncommitted } = await account.query(
    `query($slow: ID!, $fast: ID!, $builder: ID!, $head: ID!) {
      slowly: serverTemplate(id: $slow) { launchStatistics { launchCount medianBootSeconds } }
      quickly: serverTemplate(id: $fast) { launchStatistics { launchCount medianBootSeconds } }
      toBuild: serverTemplate(id: $builder) { launchStatistics { launchCount medianBootSeconds } }
      uncommitted: serverTemplate(id: $head) { launchStatistics { launchCount medianBootSeconds } } }`,
    { slow: slow.id, fast: fast.id, builder: builder.id, head: quick.id },
  );
  const statisticsOf = (launched: Map<string, Data>) => ({
    launchCount: launched.size,
    medianBootSeconds: median([...launched.values()].map(({ bootSeconds }) => bootSeconds)),
  });
  expect(slowly.launchStatistics).toEqual(statisticsOf(slowInstances));
  expect(toBuild.launchStatistics).toEqual(statisticsOf(built));
  expect(quickly.launchStatistics).toEqual(statisticsOf(fastInstances));
  expect(uncommitted.launchStatistics).toEqual({ launchCount: 0, medianBootSeconds: null });
  expect([slowly, quickly].map(({ launchStatistics }) => launchStatistics.medianBootSeconds)).toEqual([
    1260.5, 50.625,
  ]);

  // The day a bundle must be withdrawn: everything that boots from it, would boot from it, or runs on it.
  const named = (...names: string[]) => names.map((name) => fastInstances.get(name).id).toSorted();
  expect(await usersOf(irish)).toEqual({
    multiCloudImages: [bundled.id, bundledRevision.id].toSorted(),
    serverTemplates: [quick.id, fast.id].toSorted(),
    servers: [fastServers[0].id],
    serverArrays: [array.id],
    instances: named('fast-ireland', oneOfArray, otherOfArray),
  });
  expect(await usersOf(googles)).toEqual({
    multiCloudImages: [bundled.id, bundledRevision.id].toSorted(),
    serverTemplates: [quick.id, fast.id].toSorted(),
    servers: [fastServers[1].id],
    serverArrays: [],
    instances: named('fast-google'),
  });
  // Of the plain image: the builders would boot from it again, but only the slow server runs on it.
  expect(await usersOf(ireland.image)).toMatchObject({
    servers: [slowServers[0].id, builders[0].id].toSorted(),
    serverArrays: [],
    instances: [slowInstances.get('web-ireland').id],
  });
});
