import { randomUUID } from 'node:crypto';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type KnownImage, type Known, type Place } from '../kit/catalog';
import { done } from '../kit/components';
import { Launching } from '../kit/launching';
import { TestServers, type DefinitionColumns } from '../kit/servers';

/** up to: every way to choose each value, through servers and arrays, to the frozen instance. */

let api: TestApi;
let account: TestAccount;
let launching: Launching;
let servers: TestServers;
let deployment: Known;
let place: Place;
let template: Data;
let mcis: { id: string; kernel: KnownImage; ramdisk: KnownImage }[];
let own: { image: KnownImage; type: Known; kernel: KnownImage; ramdisk: KnownImage };

beforeAll(async () => {
  api = await startApi();
  account = await api.account();
  launching = await Launching.of(api, account);
  servers = new TestServers(api.dataSource, account);
  const catalog = new TestCatalog(api.dataSource);
  place = await catalog.place();
  const images = async () => ({
    image: await catalog.image(place.cloud),
    kernel: await catalog.image(place.cloud, { imageType: 'KERNEL' }),
    ramdisk: await catalog.image(place.cloud, { imageType: 'RAMDISK' }),
  });
  own = { ...(await images()), type: await catalog.instanceType(place.cloud) };
  mcis = [];
  for (const name of ['the default', 'another one']) {
    const { image, kernel, ramdisk } = await images();
    const setting = {
      ...place.setting,
      imageId: image.id,
      kernelImageId: kernel.id,
      ramdiskImageId: ramdisk.id,
    };
    const { id } = await done(account, 'createMultiCloudImage', {
      name,
      tags: [`mci:${name.replaceAll(' ', '_')}=yes`],
      settings: [{ ...setting, userData: name }],
    });
    mcis.push({ id, kernel, ramdisk });
  }
  template = await done(account, 'createServerTemplate', {
    name: 'template',
    multiCloudImageIds: mcis.map(({ id }) => id),
  });
  deployment = await servers.deployment();
});
afterAll(() => api.close());

type Way = 'inherit' | 'own' | 'none';

interface Combination {
  readonly mci: boolean;
  readonly image: boolean;
  readonly type: boolean;
  readonly kernel: Way;
  readonly ramdisk: Way;
  readonly userData: Way;
}

const WAYS: readonly Way[] = ['inherit', 'own', 'none'];
const BOTH = [false, true];

const COMBINATIONS: Combination[] = BOTH.flatMap((mci) =>
  BOTH.flatMap((image) =>
    BOTH.flatMap((type) =>
      WAYS.flatMap((kernel) =>
        WAYS.flatMap((ramdisk) => WAYS.map((userData) => ({ mci, image, type, kernel, ramdisk, userData }))),
      ),
    ),
  ),
);

function columnsOf({ mci, image, type, kernel, ramdisk, userData }: Combination): DefinitionColumns {
  const none = [
    ...(kernel === 'none' ? (['KERNEL_IMAGE'] as const) : []),
    ...(ramdisk === 'none' ? (['RAMDISK_IMAGE'] as const) : []),
    ...(userData === 'none' ? (['USER_DATA'] as const) : []),
  ];
  return {
    cloudId: place.cloud.key,
    serverTemplateId: template.id.slice(4),
    multiCloudImageId: mci ? (mcis[1]?.id.slice(4) ?? null) : null,
    imageId: image ? own.image.key : null,
    instanceTypeId: type ? own.type.key : null,
    kernelImageId: kernel === 'own' ? own.kernel.key : null,
    ramdiskImageId: ramdisk === 'own' ? own.ramdisk.key : null,
    userData: userData === 'own' ? 'own' : null,
    none,
    tags: ['own:tag=yes'],
    name: `definition ${randomUUID()}`,
  };
}

const NEXT = `next { resolution { status tags multiCloudImage { value { id } } image { value { id } } instanceType { value { id } }
  kernelImage { value { id } } ramdiskImage { value { id } } userData { value } } }`;

const FROZEN = `multiCloudImage { id } image { id } instanceType { id } kernelImage { id } ramdiskImage { id } userData tags`;

/** What a resolution says, and what an instance has, in one shape. */
const resolved = (resolution: Data) => ({
  multiCloudImage: resolution.multiCloudImage.value.id,
  image: resolution.image.value.id,
  instanceType: resolution.instanceType.value.id,
  kernelImage: resolution.kernelImage?.value.id ?? null,
  ramdiskImage: resolution.ramdiskImage?.value.id ?? null,
  userData: resolution.userData?.value ?? null,
  tags: resolution.tags,
});

const frozen = (instance: Data) => ({
  multiCloudImage: instance.multiCloudImage.id,
  image: instance.image.id,
  instanceType: instance.instanceType.id,
  kernelImage: instance.kernelImage?.id ?? null,
  ramdiskImage: instance.ramdiskImage?.id ?? null,
  userData: instance.userData,
  tags: instance.tags,
});

async function nodes(ids: readonly string[], selection: string): Promise<Data[]> {
  const found: Data[] = [];
  for (let from = 0; from < ids.length; from += 100) {
    const data = await account.query(`query($ids: [ID!]!) { nodes(ids: $ids) { ${selection} } }`, {
      ids: ids.slice(from, from + 100),
    });
    found.push(...data.nodes);
  }
  return found;
}

test.each([
  ['server', 'Server', 'launchServer', {}],
  ['array', 'ServerArray', 'launchServerArray', { count: 1 }],
] as const)(
  'R-7.2, R-8.2: all 216 combinations of choices of a %s are frozen as next resolves them',
  async (_word, typeName, mutation, count) => {
    const definitions = COMBINATIONS.map(columnsOf);
    const known = await (typeName === 'Server'
      ? servers.servers(deployment, definitions)
      : servers.serverArrays(deployment, definitions));
    const ids = known.map(({ id }) => id);
    const expected = (await nodes(ids, `... on ${typeName} { ${NEXT} }`)).map(({ next }) => {
      expect(next.resolution.status).toBe('READY');
      return resolved(next.resolution);
    });
    for (const id of ids) await launching.act(mutation, { id, ...count });
    const instances = await nodes(
      ids,
      `... on ${typeName} { instances(first: 1) { edges { node { ${FROZEN} } } } }`,
    );
    expect(instances.map((definition) => frozen(definition.instances.edges[0].node))).toEqual(expected);
    const [nothing, everything] = [expected[0], expected.at(-1)];
    expect(nothing).toMatchObject({
      multiCloudImage: mcis[0]?.id,
      kernelImage: mcis[0]?.kernel.id,
      ramdiskImage: mcis[0]?.ramdisk.id,
      userData: 'the default',
      tags: ['own:tag=yes', 'mci:the_default=yes'],
    });
    expect(everything).toEqual({
      multiCloudImage: mcis[1]?.id,
      image: own.image.id,
      instanceType: own.type.id,
      kernelImage: null,
      ramdiskImage: null,
      userData: null,
      tags: ['own:tag=yes', 'mci:another_one=yes'],
    });
  },
);
