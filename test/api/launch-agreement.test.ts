import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { toGlobalId } from '../../src/domain/global-id';
import { NO_CHOICES, type ChosenKeys } from '../../src/domain/launch/chosen-keys';
import { launchTags } from '../../src/domain/launch/launch-tags';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Known, type KnownImage, type Place } from '../kit/catalog';
import { done } from '../kit/components';
import { TestServers, type DefinitionColumns } from '../kit/servers';
import { commit } from '../kit/version-control';

const COUNT = 1000;
/** Named in the title: put it here to have the same configurations again. */
const seed = randomInt(2 ** 31);

let api: TestApi;
let account: TestAccount;
let catalog: TestCatalog;
let places: readonly Choosable[];
let multiCloudImages: readonly Data[];
let templates: readonly Data[];

/** A cloud with something to choose from in every slot. */
interface Choosable extends Place {
  readonly machines: readonly KnownImage[];
  readonly kernels: readonly KnownImage[];
  readonly ramdisks: readonly KnownImage[];
  readonly types: readonly Known[];
}

async function choosable(): Promise<Choosable> {
  const place = await catalog.place();
  const { cloud } = place;
  return {
    ...place,
    machines: [
      place.image,
      await catalog.image(cloud, { lifecycle: 'DEPRECATED', replacementId: place.image.key }),
      await catalog.image(cloud, { ownerAccountId: account.key, agentEnabled: true, cpuArchitecture: null }),
      await catalog.image(cloud, { cpuArchitecture: 'arm64' }),
      await catalog.image(cloud, { lifecycle: 'OBSOLETE' }),
    ],
    kernels: [
      await catalog.image(cloud, { imageType: 'KERNEL' }),
      await catalog.image(cloud, { imageType: 'KERNEL', cpuArchitecture: null }),
    ],
    ramdisks: [
      await catalog.image(cloud, { imageType: 'RAMDISK' }),
      await catalog.image(cloud, { imageType: 'RAMDISK', ownerAccountId: account.key }),
    ],
    types: [
      place.type,
      await catalog.instanceType(cloud, { cpuArchitectures: [] }),
      await catalog.instanceType(cloud, { cpuArchitectures: ['x86_64', 'arm64'] }),
    ],
  };
}

beforeAll(async () => {
  api = await startApi();
  account = await api.account();
  catalog = new TestCatalog(api.dataSource);
  const [first, second, third] = [await choosable(), await choosable(), await choosable()];
  places = [first, second, third];
  const withKernel = ({ setting, kernels, ramdisks }: Choosable, userData: string) => ({
    ...setting,
    kernelImageId: kernels[0]?.id,
    ramdiskImageId: ramdisks[0]?.id,
    userData,
  });
  const mci = (name: string, settings: object[], tags: string[] = []): Promise<Data> =>
    done(account, 'createMultiCloudImage', { name, settings, tags });
  const whole = await mci(
    'whole',
    [withKernel(first, '#cloud-config'), second.setting, withKernel(third, '#ignition')],
    ['provides:rs_agent_type=right_link', 'Blue'],
  );
  const committed = await commit(account, 'MultiCloudImage', whole);
  const others = await mci('others', [
    { ...first.setting, imageId: first.machines[1]?.id, instanceTypeId: first.types[1]?.id },
    withKernel(second, 'second'),
  ]);
  multiCloudImages = [whole, committed, others, await mci('empty', [])];
  const template = (name: string, mcis: Data[]): Promise<Data> =>
    done(account, 'createServerTemplate', { name, multiCloudImageIds: mcis.map(({ id }) => id) });
  const pinned = await template('pinned', [committed, others]);
  templates = [
    pinned,
    await commit(account, 'ServerTemplate', pinned, 'one', true),
    await template('by HEAD', [whole]),
    await template('two clouds', [others, whole]),
    await template('without MCI', []),
  ];
});
afterAll(() => api.close());

/** What a server or array is to be made of, by row keys. */
interface Configuration extends ChosenKeys {
  readonly kind: 'Server' | 'ServerArray';
  readonly serverTemplateId: string;
  readonly cloudId: string;
  readonly tags: string[];
}

const keyOf = (id: string): string => id.slice(4);

function configurations(): fc.Arbitrary<Configuration> {
  const keys = (things: readonly { readonly id: string }[]) =>
    fc.option(fc.constantFrom(...things.map(({ id }) => keyOf(id))), { freq: 1 });
  const choices = (place: Choosable): fc.Arbitrary<ChosenKeys> =>
    fc
      .record({
        multiCloudImageId: keys(multiCloudImages),
        imageId: keys(place.machines),
        instanceTypeId: keys(place.types),
        kernelImageId: keys(place.kernels),
        ramdiskImageId: keys(place.ramdisks),
        userData: fc.option(fc.constantFrom('#!/bin/sh', 'größer\n'), { freq: 1 }),
        none: fc.subarray<ChosenKeys['none'][number]>(['KERNEL_IMAGE', 'RAMDISK_IMAGE', 'USER_DATA']),
      })
      .map((chosen) => ({
        ...chosen,
        kernelImageId: chosen.none.includes('KERNEL_IMAGE') ? null : chosen.kernelImageId,
        ramdiskImageId: chosen.none.includes('RAMDISK_IMAGE') ? null : chosen.ramdiskImageId,
        userData: chosen.none.includes('USER_DATA') ? null : chosen.userData,
      }));
  return fc.constantFrom(...places).chain((place) =>
    fc
      .record({
        kind: fc.constantFrom('Server' as const, 'ServerArray' as const),
        cloudId: fc.constant(place.cloud.key),
        serverTemplateId: fc.constantFrom(...templates.map(({ id }) => keyOf(id))),
        tags: fc.subarray(['blue', 'a:b=c']),
        choices: fc.oneof(
          { weight: 4, arbitrary: choices(place) },
          { weight: 1, arbitrary: fc.constant(NO_CHOICES) },
          {
            weight: 1,
            arbitrary: keys(multiCloudImages).map((multiCloudImageId) => ({
              ...NO_CHOICES,
              multiCloudImageId,
            })),
          },
        ),
      })
      .map(({ choices: chosen, ...rest }) => ({ ...rest, ...chosen })),
  );
}

const RESOLUTION = `status cloud { id } serverTemplate { id } tags multiCloudImage { value { id } }
  image { resourceUid value { id } } instanceType { value { id } } kernelImage { resourceUid value { id } }
  ramdiskImage { resourceUid value { id } } userData { value }`;

const INSTANCE = `cloud { id } serverTemplate { id } launchedFrom { id } tags multiCloudImage { id } imageResourceUid
  image { id resourceUid } instanceType { id } kernelImage { id resourceUid } ramdiskImage { id resourceUid } userData`;

/** All values of a resolution, with the tags that a server or array adds. */
const resolved = (resolution: Data, tags: readonly string[] = []): Data => ({
  cloud: resolution.cloud.id,
  serverTemplate: resolution.serverTemplate.id,
  multiCloudImage: resolution.multiCloudImage?.value.id ?? null,
  image: imageOf(resolution.image),
  instanceType: resolution.instanceType?.value.id ?? null,
  kernelImage: imageOf(resolution.kernelImage),
  ramdiskImage: imageOf(resolution.ramdiskImage),
  userData: resolution.userData?.value ?? null,
  tags: launchTags(tags, resolution.tags),
});

const imageOf = (image: Data): Data => image && { id: image.value.id, resourceUid: image.resourceUid };

/** The same of an instance. */
const frozen = (instance: Data): Data => ({
  cloud: instance.cloud.id,
  serverTemplate: instance.launchedFrom.id,
  multiCloudImage: instance.multiCloudImage.id,
  image: instance.image,
  instanceType: instance.instanceType.id,
  kernelImage: instance.kernelImage,
  ramdiskImage: instance.ramdiskImage,
  userData: instance.userData,
  tags: instance.tags,
});

function chunksOf<T>(things: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(things.length / size) }, (_, index) =>
    things.slice(index * size, (index + 1) * size),
  );
}

/** Asks one field of the root for many inputs, several to a request. @returns the answers in the inputs' order */
async function askEach<T>(
  operation: 'query' | 'mutation',
  inputs: readonly T[],
  ask: (input: T) => { readonly type: string; readonly input: object; readonly field: string },
): Promise<Data[]> {
  const answers: Data[] = [];
  for (const chunk of chunksOf(inputs, 50)) {
    const asked = chunk.map(ask);
    const data = await account.query(
      `${operation}(${asked.map(({ type }, index) => `$i${index}: ${type}!`).join(' ')}) {
        ${asked.map(({ field }, index) => `a${index}: ${field.replace('$input', `$i${index}`)}`).join('\n')} }`,
      Object.fromEntries(asked.map(({ input }, index) => [`i${index}`, input])),
    );
    answers.push(...asked.map((_, index) => data[`a${index}`]));
  }
  return answers;
}

const globalId = (type: Parameters<typeof toGlobalId>[0], key: string | null) => key && toGlobalId(type, key);

/** As `resolveLaunch` resolves them. */
const requested = (configured: readonly Configuration[]): Promise<Data[]> =>
  askEach('query', configured, (configuration) => ({
    type: 'ResolveLaunchInput',
    field: `resolveLaunch(input: $input) { ${RESOLUTION} }`,
    input: {
      serverTemplateId: globalId('ServerTemplate', configuration.serverTemplateId),
      cloudId: globalId('Cloud', configuration.cloudId),
      choices: {
        multiCloudImageId: globalId('MultiCloudImage', configuration.multiCloudImageId),
        imageId: globalId('CloudImage', configuration.imageId),
        instanceTypeId: globalId('InstanceType', configuration.instanceTypeId),
        kernelImageId: globalId('CloudImage', configuration.kernelImageId),
        ramdiskImageId: globalId('CloudImage', configuration.ramdiskImageId),
        userData: configuration.userData,
        none: configuration.none,
      },
    },
  }));

/** As `ServerTemplate.resolve` resolves one that chooses no more than an MCI. */
async function ofTemplate({ serverTemplateId, cloudId, multiCloudImageId }: Configuration): Promise<Data> {
  const { serverTemplate } = await account.query(
    `query($id: ID!, $cloudId: ID!, $multiCloudImageId: ID) {
      serverTemplate(id: $id) { resolve(cloudId: $cloudId, multiCloudImageId: $multiCloudImageId) { ${RESOLUTION} } } }`,
    {
      id: globalId('ServerTemplate', serverTemplateId),
      cloudId: globalId('Cloud', cloudId),
      multiCloudImageId: globalId('MultiCloudImage', multiCloudImageId),
    },
  );
  return serverTemplate.resolve;
}

/** The servers and arrays of configurations, in their order. */
async function define(configured: readonly Configuration[]): Promise<string[]> {
  const servers = new TestServers(api.dataSource, account);
  const deployment = await servers.deployment();
  const insert = async (kind: Configuration['kind'], chunk: readonly Configuration[]) => {
    const columns: DefinitionColumns[] = chunk
      .filter((one) => one.kind === kind)
      .map(({ kind: _kind, none, ...rest }) => ({ ...rest, none: [...none] }));
    if (columns.length === 0) return [];
    return kind === 'Server'
      ? servers.servers(deployment, columns)
      : servers.serverArrays(deployment, columns);
  };
  const ids: string[] = [];
  for (const chunk of chunksOf(configured, 100)) {
    const known = { Server: await insert('Server', chunk), ServerArray: await insert('ServerArray', chunk) };
    const next = { Server: known.Server.values(), ServerArray: known.ServerArray.values() };
    for (const { kind } of chunk) ids.push(next[kind].next().value?.id ?? '');
  }
  return ids;
}

async function nodesOf(ids: readonly string[], selection: string): Promise<Data[]> {
  const found: Data[] = [];
  for (const chunk of chunksOf(ids, 100)) {
    const { nodes } = await account.query(
      `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Server { ${selection} } ... on ServerArray { ${selection} } } }`,
      { ids: chunk },
    );
    found.push(...nodes);
  }
  return found;
}

const onlyMultiCloudImage = ({ multiCloudImageId: _chosen, ...others }: Configuration): boolean =>
  others.none.length === 0 &&
  [others.imageId, others.instanceTypeId, others.kernelImageId, others.ramdiskImageId, others.userData].every(
    (value) => value === null,
  );

test(`R-7.1, R-7.5, R-8.2: of ${COUNT} configurations, resolve, resolveLaunch, next and the instance agree (seed ${seed})`, async () => {
  const configured = fc.sample(configurations(), { numRuns: COUNT, seed });
  const ids = await define(configured);
  const tagsOf = (index: number): readonly string[] => configured[index]?.tags ?? [];

  const next = (await nodesOf(ids, `next { resolution { ${RESOLUTION} } }`)).map(
    (node) => node.next.resolution,
  );
  const expected = next.map((resolution) => resolved(resolution));
  const byRequest = await requested(configured);
  expect(byRequest.map(({ status }) => status)).toEqual(next.map(({ status }) => status));
  expect(byRequest.map((resolution, index) => resolved(resolution, tagsOf(index)))).toEqual(expected);

  let byTemplate = 0;
  for (const [index, configuration] of configured.entries()) {
    if (!onlyMultiCloudImage(configuration)) continue;
    const resolution = await ofTemplate(configuration);
    expect(resolution.status).toBe(next[index].status);
    expect(resolved(resolution, configuration.tags)).toEqual(expected[index]);
    byTemplate += 1;
  }
  expect(byTemplate).toBeGreaterThan(COUNT / 10);

  const ERRORS = 'userErrors { code path }';
  const launched = await askEach('mutation', [...configured.entries()], ([index, { kind }]) => ({
    type: `Launch${kind}Input`,
    field: `launch${kind}(input: $input) { ${ERRORS} }`,
    input: { id: ids[index], ...(kind === 'ServerArray' && { count: 1 }) },
  }));
  expect(launched.map(({ userErrors }) => (userErrors.length === 0 ? 'READY' : 'BLOCKED'))).toEqual(
    next.map(({ status }) => status),
  );
  const instances = await nodesOf(ids, `instances(first: 2) { totalCount edges { node { ${INSTANCE} } } }`);
  const ready = next.map(({ status }) => status === 'READY');
  expect(instances.map(({ instances: { totalCount } }) => totalCount)).toEqual(ready.map(Number));
  const running: Data[] = instances.flatMap(({ instances: { edges } }) => edges).map(({ node }) => node);
  expect(running.map(frozen)).toEqual(expected.filter((_, index) => ready[index]));
  for (const instance of running) {
    expect(instance.imageResourceUid).toBe(instance.image.resourceUid);
    expect(instance.serverTemplate).toEqual(instance.launchedFrom);
  }
  // Enough of either, or the agreement would mean little.
  expect(running.length).toBeGreaterThan(COUNT / 4);
  expect(COUNT - running.length).toBeGreaterThan(COUNT / 20);
});
