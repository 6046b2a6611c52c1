import fc from 'fast-check';
import { launchTags } from '../../src/domain/launch/launch-tags';
import { NO_CHOICES, type ChosenKeys } from '../../src/domain/launch/chosen-keys';
import { toGlobalId } from '../../src/domain/global-id';
import { resolveLaunch } from '../../src/domain/launch/resolve-launch';
import { readLaunchInputs } from '../../src/persistence/launch/launch-inputs';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Known, type KnownImage, type Place } from '../kit/catalog';
import { done } from '../kit/components';
import { TestServers, type DefinitionColumns } from '../kit/servers';
import { commit } from '../kit/version-control';

let api: TestApi;
let catalog: TestCatalog;
let account: TestAccount;
let servers: TestServers;
let deployment: Known;

beforeAll(async () => {
  api = await startApi();
  catalog = new TestCatalog(api.dataSource);
  account = await api.account();
  servers = new TestServers(api.dataSource, account);
  deployment = await servers.deployment();
});
afterAll(() => api.close());

const RESOLUTION = `status cloud { id } serverTemplate { id } tags
  multiCloudImage { source value { id } } setting { id }
  image { source resourceUid value { id } } instanceType { source value { id } }
  kernelImage { source resourceUid value { id } } ramdiskImage { source resourceUid value { id } } userData { source value }
  supportedClouds { id } alternatives { id }
  advisories { code severity message subject { id } } steps { field source outcome reason candidate { id } }`;

const keyOf = (id: string): string => id.slice(4);

const nextOf = async (definitions: readonly Known[], selection: string, who = account): Promise<Data[]> => {
  const data = await who.query(
    `query($ids: [ID!]!) { nodes(ids: $ids) {
      ... on Server { next { ${selection} } } ... on ServerArray { next { ${selection} } } } }`,
    { ids: definitions.map(({ id }) => id) },
  );
  return data.nodes.map(({ next }: Data) => next);
};

/** A cloud with several things to choose from in every slot. */
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
      await catalog.image(cloud, { cpuArchitecture: 'arm64' }),
      await catalog.image(cloud, { lifecycle: 'DEPRECATED', replacementId: place.image.key }),
      await catalog.image(cloud, { lifecycle: 'DELETED' }),
      await catalog.image(cloud, { ownerAccountId: account.key, cpuArchitecture: null, agentEnabled: true }),
    ],
    kernels: [
      await catalog.image(cloud, { imageType: 'KERNEL' }),
      await catalog.image(cloud, { imageType: 'KERNEL', lifecycle: 'OBSOLETE' }),
    ],
    ramdisks: [await catalog.image(cloud, { imageType: 'RAMDISK' })],
    types: [
      place.type,
      await catalog.instanceType(cloud, { cpuArchitectures: [] }),
      await catalog.instanceType(cloud, { cpuArchitectures: ['arm64'], offered: false }),
    ],
  };
}

describe('`resolve`, `resolveLaunch` and `next.resolution` agree', () => {
  let places: readonly Choosable[];
  let multiCloudImages: readonly Data[];
  let templates: readonly Data[];

  beforeAll(async () => {
    const [first, second, third] = [await choosable(), await choosable(), await choosable()];
    places = [first, second, third];
    const owner = await api.account();
    const hidden = await catalog.image(second.cloud, { ownerAccountId: owner.key, name: 'hidden' });
    await catalog.share(hidden, account.key);
    const mci = (name: string, settings: object[], tags: string[] = []): Promise<Data> =>
      done(account, 'createMultiCloudImage', { name, settings, tags });
    const whole = await mci(
      'whole',
      [
        {
          ...first.setting,
          kernelImageId: first.kernels[0]?.id,
          ramdiskImageId: first.ramdisks[0]?.id,
          userData: '#cloud-config',
        },
        second.setting,
        third.setting,
      ],
      ['provides:rs_agent_type=right_link', 'Blue'],
    );
    const partly = await mci('partly', [first.setting, { ...second.setting, imageId: hidden.id }]);
    const old = await mci('old', [{ ...third.setting, imageId: third.machines[2]?.id }]);
    const empty = await mci('empty', []);
    multiCloudImages = [whole, partly, old, empty];
    await api.dataSource.query('DELETE FROM cloud_image_shares WHERE cloud_image_id = $1', [hidden.key]);

    const template = (name: string, mcis: Data[]): Promise<Data> =>
      done(account, 'createServerTemplate', { name, multiCloudImageIds: mcis.map(({ id }) => id) });
    const scripted = await template('scripted', [whole, partly]);
    const script = await done(account, 'createRightScript', { name: 'boot', source: 'true' });
    const attached = await done(account, 'attachScript', {
      serverTemplateId: scripted.id,
      expectedVersion: scripted.version,
      phase: 'BOOT',
      rightScriptId: script.id,
    });
    const deleted = await template('deleted', [partly, old, whole]);
    await done(account, 'deleteServerTemplate', { id: deleted.id });
    templates = [
      scripted,
      await commit(account, 'ServerTemplate', attached, 'one', true),
      deleted,
      await template('without setting', [empty, old]),
      await template('without MCI', []),
    ];
  });

  type Configuration = ChosenKeys & { serverTemplateId: string; cloudId: string; tags: string[] };

  /** Of row keys. */
  function configurations(): fc.Arbitrary<Configuration> {
    const keys = (things: readonly { readonly id: string }[]) =>
      fc.option(fc.constantFrom(...things.map(({ id }) => keyOf(id))));
    return fc.constantFrom(...places).chain((place) =>
      fc
        .record({
          cloudId: fc.constant(place.cloud.key),
          serverTemplateId: fc.constantFrom(...templates.map(({ id }) => keyOf(id))),
          multiCloudImageId: keys(multiCloudImages),
          imageId: keys(place.machines),
          instanceTypeId: keys(place.types),
          kernelImageId: keys(place.kernels),
          ramdiskImageId: keys(place.ramdisks),
          userData: fc.option(fc.constantFrom('#!/bin/sh', 'x')),
          none: fc.subarray<ChosenKeys['none'][number]>(['KERNEL_IMAGE', 'RAMDISK_IMAGE', 'USER_DATA']),
          tags: fc.subarray(['blue', 'a:b=c']),
        })
        .map((configuration) => ({
          ...configuration,
          kernelImageId: configuration.none.includes('KERNEL_IMAGE') ? null : configuration.kernelImageId,
          ramdiskImageId: configuration.none.includes('RAMDISK_IMAGE') ? null : configuration.ramdiskImageId,
          userData: configuration.none.includes('USER_DATA') ? null : configuration.userData,
        })),
    );
  }

  async function requested({ serverTemplateId, cloudId, tags: _tags, ...choices }: Configuration) {
    const id = (type: Parameters<typeof toGlobalId>[0], key: string | null) => key && toGlobalId(type, key);
    const data = await account.query(
      `query($input: ResolveLaunchInput!) { resolveLaunch(input: $input) { ${RESOLUTION} } }`,
      {
        input: {
          serverTemplateId: id('ServerTemplate', serverTemplateId),
          cloudId: id('Cloud', cloudId),
          choices: {
            ...choices,
            multiCloudImageId: id('MultiCloudImage', choices.multiCloudImageId),
            imageId: id('CloudImage', choices.imageId),
            instanceTypeId: id('InstanceType', choices.instanceTypeId),
            kernelImageId: id('CloudImage', choices.kernelImageId),
            ramdiskImageId: id('CloudImage', choices.ramdiskImageId),
          },
        },
      },
    );
    return data.resolveLaunch;
  }

  /** The same resolution, as if the request had chosen what the server or array did. */
  const asRequested = (resolution: Data): Data =>
    JSON.parse(
      JSON.stringify(resolution)
        .replace(/"source":"SERVER(_ARRAY)?"/g, '"source":"REQUEST"')
        .replace(/\b([Tt]he) server( array)?\b/g, '$1 request'),
    );

  test('R-7.2, R-7.4: what a server or array chooses counts as what a request chooses', async () => {
    const statuses = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(configurations(), { minLength: 1, maxLength: 30 }), async (chosen) => {
        const expected: Data[] = [];
        for (const configuration of chosen) {
          const resolution = await requested(configuration);
          statuses.add(resolution.status);
          expected.push({ ...resolution, tags: launchTags(configuration.tags, resolution.tags) });
        }
        for (const definitions of [
          await servers.servers(deployment, chosen as DefinitionColumns[]),
          await servers.serverArrays(deployment, chosen as DefinitionColumns[]),
        ]) {
          const shown = await nextOf(definitions, `resolution { ${RESOLUTION} } advisories { code message }`);
          expect(shown.map(({ resolution }) => asRequested(resolution))).toEqual(expected);
          expect(shown.map(({ advisories }) => advisories)).toEqual(
            shown.map(({ resolution }) =>
              resolution.advisories.map(({ code, message }: Data) => ({ code, message })),
            ),
          );
        }
      }),
      { numRuns: 10 },
    );
    expect(statuses).toEqual(new Set(['READY', 'BLOCKED']));
  });

  test('R-7.1: a template resolves as a request that chooses only the MCI', async () => {
    for (const template of templates)
      for (const { cloud } of places)
        for (const multiCloudImageId of [null, ...multiCloudImages.map(({ id }) => id)]) {
          const { serverTemplate } = await account.query(
            `query($id: ID!, $cloudId: ID!, $multiCloudImageId: ID) {
              serverTemplate(id: $id) { resolve(cloudId: $cloudId, multiCloudImageId: $multiCloudImageId) { ${RESOLUTION} } } }`,
            { id: template.id, cloudId: cloud.id, multiCloudImageId },
          );
          expect(serverTemplate.resolve).toEqual(
            await requested({
              ...NO_CHOICES,
              serverTemplateId: keyOf(template.id),
              cloudId: cloud.key,
              multiCloudImageId: multiCloudImageId && keyOf(multiCloudImageId),
              tags: [],
            }),
          );
        }
  });

  test('inside a transaction, launches resolve as GraphQL shows them, and a request weighs more than the server', async () => {
    const [{ id: serverTemplateId }, place] = [templates[0], places[0]] as [Data, Choosable];
    const server = { ...NO_CHOICES, instanceTypeId: place.types[1]?.key ?? null };
    const request = { ...NO_CHOICES, imageId: place.machines[4]?.key ?? null };
    const launch = { serverTemplateId: keyOf(serverTemplateId), cloudId: place.cloud.key };
    const viewer = { accountId: account.key, now: new Date() };
    const [both, invisible] = await api.dataSource.transaction((manager) =>
      readLaunchInputs(manager, viewer, [
        {
          ...launch,
          layers: [
            { source: 'REQUEST', choices: request },
            { source: 'SERVER', choices: server },
          ],
        },
        { ...launch, serverTemplateId: place.cloud.key, layers: [] },
      ]),
    );
    expect(invisible).toBeNull();
    const resolution = both && resolveLaunch(both);
    expect(resolution).toMatchObject({
      status: 'READY',
      image: { source: 'REQUEST', resourceUid: place.machines[4]?.resourceUid },
      instanceType: { source: 'SERVER', value: { id: place.types[1]?.key } },
      kernelImage: { source: 'MULTI_CLOUD_IMAGE', resourceUid: place.kernels[0]?.resourceUid },
    });
    const shown = await requested({ ...launch, ...request, instanceTypeId: server.instanceTypeId, tags: [] });
    expect(resolution?.advisories.map(({ code, message }) => ({ code, message }))).toEqual(
      shown.advisories.map(({ code, message }: Data) => ({ code, message })),
    );
  });
});

const CONFIGURATION = `cloud { id } serverTemplate { id } multiCloudImage { id } image { id } instanceType { id }
  kernelImage { id } ramdiskImage { id } userData none`;

describe('LaunchConfiguration', () => {
  let place: Choosable;
  let mci: Data;
  let template: Data;

  beforeAll(async () => {
    place = await choosable();
    mci = await done(account, 'createMultiCloudImage', { name: 'base', settings: [place.setting] });
    template = await done(account, 'createServerTemplate', { name: 'web', multiCloudImageIds: [mci.id] });
  });

  const insert = async (columns: Partial<DefinitionColumns>): Promise<Known[]> => {
    const definition = { cloudId: place.cloud.key, serverTemplateId: keyOf(template.id), ...columns };
    return [
      ...(await servers.servers(deployment, [definition])),
      ...(await servers.serverArrays(deployment, [definition])),
    ];
  };

  test('R-7.2: shows what is chosen, what is inherited, and what is explicitly nothing', async () => {
    const base = { cloud: { id: place.cloud.id }, serverTemplate: { id: template.id } };
    const inherited = {
      ...base,
      multiCloudImage: null,
      image: null,
      instanceType: null,
      kernelImage: null,
      ramdiskImage: null,
      userData: null,
      none: [],
    };
    expect(await nextOf(await insert({}), CONFIGURATION)).toEqual([inherited, inherited]);
    const chosen = {
      multiCloudImageId: keyOf(mci.id),
      imageId: place.machines[1]?.key,
      instanceTypeId: place.types[2]?.key,
      kernelImageId: place.kernels[0]?.key,
      ramdiskImageId: place.ramdisks[0]?.key,
      userData: 'own',
    };
    const shown = {
      ...base,
      multiCloudImage: { id: mci.id },
      image: { id: place.machines[1]?.id },
      instanceType: { id: place.types[2]?.id },
      kernelImage: { id: place.kernels[0]?.id },
      ramdiskImage: { id: place.ramdisks[0]?.id },
      userData: 'own',
      none: [],
    };
    expect(await nextOf(await insert(chosen), CONFIGURATION)).toEqual([shown, shown]);
    const nothing = { ...inherited, none: ['KERNEL_IMAGE', 'USER_DATA'] };
    expect(await nextOf(await insert({ none: ['KERNEL_IMAGE', 'USER_DATA'] }), CONFIGURATION)).toEqual([
      nothing,
      nothing,
    ]);
  });

  test('R-3.2: of chosen images that are not visible any more only the uid is told, and the launch is blocked', async () => {
    const owner = await api.account();
    const secret = { ownerAccountId: owner.key, name: 'secret name' };
    const image = await catalog.image(place.cloud, { ...secret, cpuArchitecture: 'secret architecture' });
    const kernel = await catalog.image(place.cloud, { ...secret, imageType: 'KERNEL' });
    const ramdisk = await catalog.image(place.cloud, { ...secret, imageType: 'RAMDISK' });
    const images = [image, kernel, ramdisk];
    for (const shared of images) await catalog.share(shared, account.key);
    const definitions = await insert({
      imageId: image.key,
      kernelImageId: kernel.key,
      ramdiskImageId: ramdisk.key,
    });
    const ALL = `${CONFIGURATION} resolution { ${RESOLUTION} } advisories { code severity subject { id } }`;
    for (const next of await nextOf(definitions, ALL))
      expect(next).toMatchObject({ image: { id: image.id }, kernelImage: { id: kernel.id } });

    await api.dataSource.query('DELETE FROM cloud_image_shares WHERE account_id = $1', [account.key]);
    const hidden = await nextOf(definitions, ALL);
    for (const [index, source] of ['SERVER', 'SERVER_ARRAY'].entries()) {
      expect(hidden[index]).toMatchObject({
        image: null,
        kernelImage: null,
        ramdiskImage: null,
        resolution: {
          status: 'BLOCKED',
          image: { source, resourceUid: image.resourceUid, value: null },
          kernelImage: { source, resourceUid: kernel.resourceUid, value: null },
          ramdiskImage: { source, resourceUid: ramdisk.resourceUid, value: null },
          instanceType: { source: 'MULTI_CLOUD_IMAGE', value: { id: place.type.id } },
        },
      });
      expect(hidden[index].advisories.filter(({ code }: Data) => code === 'IMAGE_UNAVAILABLE')).toEqual(
        images.map(() => ({ code: 'IMAGE_UNAVAILABLE', severity: 'BLOCKING', subject: null })),
      );
    }
    const told = JSON.stringify(hidden);
    for (const word of ['secret', image.id, kernel.id, ramdisk.id]) expect(told).not.toContain(word);
  });

  test('R-2.2: definitions are nodes of their own account only; deleted ones stay', async () => {
    const definitions = [...(await insert({ deletedAt: new Date() })), deployment];
    const ids = definitions.map(({ id }) => id);
    const NODES = 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    expect((await account.query(NODES, { ids })).nodes).toEqual(ids.map((id) => ({ id })));
    const stranger = await api.account();
    expect((await stranger.query(NODES, { ids })).nodes).toEqual(ids.map(() => null));
  });
});
