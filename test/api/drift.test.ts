import fc from 'fast-check';
import type { ChosenKeys } from '../../src/domain/launch/chosen-keys';
import { Instance } from '../../src/entities/servers/instance';
import { whereDrifted } from '../../src/persistence/servers/drift-list';
import { selectRows } from '../../src/persistence/select';
import { startApi, type Data, type TestAccount, type TestApi } from '../kit/api';
import { TestCatalog, type Known, type KnownImage, type Place } from '../kit/catalog';
import { done } from '../kit/components';
import { TestInstances, type InstanceColumns } from '../kit/instances';
import { insertMultiCloudImageRevision, insertServerTemplateRevision } from '../kit/revisions';
import { TestServers, type DefinitionColumns } from '../kit/servers';
import { statementsDuring } from '../kit/statements';

let api: TestApi;
let catalog: TestCatalog;
let account: TestAccount;
let servers: TestServers;
let instances: TestInstances;
let deployment: Known;

beforeAll(async () => {
  // Over one connection the same request has the same statements each time (test/contract/statement-counts).
  api = await startApi({}, 1);
  catalog = new TestCatalog(api.dataSource);
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await api.account();
  servers = new TestServers(api.dataSource, account);
  instances = new TestInstances(api.dataSource, account);
  deployment = await servers.deployment();
});

const keyOf = (id: string): string => id.slice(4);

const DRIFT = 'drift { field running next reason severity }';

async function driftsOf(known: readonly Known[], who = account): Promise<Data[][]> {
  const found: Data[][] = [];
  for (let from = 0; from < known.length; from += 100) {
    const data = await who.query(
      `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Instance { ${DRIFT} } } }`,
      { ids: known.slice(from, from + 100).map(({ id }) => id) },
    );
    found.push(...data.nodes.map((node: Data) => node.drift));
  }
  return found;
}

const driftedCounts = async (arrays: readonly Known[]): Promise<number[]> => {
  const data = await account.query(
    'query($ids: [ID!]!) { nodes(ids: $ids) { ... on ServerArray { driftedCount } } }',
    { ids: arrays.map(({ id }) => id) },
  );
  return data.nodes.map((node: Data) => node.driftedCount);
};

/** Keys of the account's instances that the filter leaves. */
async function filtered(wanted: boolean, who = account): Promise<Set<string>> {
  const query = selectRows(api.dataSource.manager, Instance, 'instance').where(
    'instance.account_id = :viewer',
  );
  whereDrifted(query, 'instance', wanted, { accountId: who.key, now: new Date() });
  const rows = await query.getRawMany<Instance>();
  return new Set(rows.map(({ id }) => id));
}

/** A template whose default MCI supports the place. */
async function templateIn(place: Place): Promise<{ mci: Data; template: Data }> {
  const mci = await done(account, 'createMultiCloudImage', { name: 'base', settings: [place.setting] });
  const template = await done(account, 'createServerTemplate', { name: 'web', multiCloudImageIds: [mci.id] });
  return { mci, template };
}

const define = (place: Place, template: Data): DefinitionColumns => ({
  cloudId: place.cloud.key,
  serverTemplateId: keyOf(template.id),
});

describe('R-8.6: an instance', () => {
  test('shows live what next would launch otherwise, until it is terminated', async () => {
    const place = await catalog.place({ cloud: { name: 'Here' } });
    const other = await catalog.image(place.cloud, { name: 'newer', resourceUid: 'ami-newer' });
    const { mci, template } = await templateIn(place);
    const [server] = await servers.servers(deployment, [define(place, template)]);
    const [array] = await servers.serverArrays(deployment, [define(place, template)]);
    if (!server || !array) throw new Error('Nothing was defined');
    const running = await instances.launch([server, array, array]);
    const ended = await instances.launch([array], () => ({
      state: 'TERMINATED',
      terminatedAt: new Date(),
    }));
    const all = [...running, ...ended];
    expect(await driftsOf(all)).toEqual([[], [], [], []]);
    expect(await driftedCounts([array])).toEqual([0]);

    await done(account, 'setMultiCloudImageSetting', {
      multiCloudImageId: mci.id,
      expectedVersion: mci.version,
      ...place.setting,
      imageId: other.id,
    });
    const drift = [
      {
        field: 'MULTI_CLOUD_IMAGE',
        running: '"base" [HEAD] at version 1',
        next: '"base" [HEAD] at version 2',
        reason: 'The MultiCloud Image "base" [HEAD] was edited since the launch.',
        severity: 'INFO',
      },
      {
        field: 'IMAGE',
        running: place.image.resourceUid,
        next: 'ami-newer',
        reason:
          'The MultiCloud Image "base" [HEAD] sets the machine image "newer" (ami-newer) for cloud "Here".',
        severity: 'WARNING',
      },
    ];
    expect(await driftsOf(all)).toEqual([drift, drift, drift, []]);
    expect(await driftedCounts([array])).toEqual([2]);
    expect(await filtered(true)).toEqual(new Set(running.map(({ key }) => key)));
    expect(await filtered(false)).toEqual(new Set(ended.map(({ key }) => key)));
  });

  test('R-2.2: is not visible to another account, nor in its filter', async () => {
    const place = await catalog.place();
    const { template } = await templateIn(place);
    const defined = await servers.servers(deployment, [define(place, template)]);
    const running = await instances.launch(defined, () => ({ userData: 'other' }));
    const stranger = await api.account();
    const data = await stranger.query(
      `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Instance { ${DRIFT} } } }`,
      { ids: running.map(({ id }) => id) },
    );
    expect(data.nodes).toEqual([null]);
    expect(await filtered(true)).toEqual(new Set(running.map(({ key }) => key)));
    expect(await filtered(true, stranger)).toEqual(new Set());
  });

  test('R-3.2: shows of an image that is not shared any more its uid only', async () => {
    const owner = await api.account();
    const place = await catalog.place();
    const secret = await catalog.image(place.cloud, { ownerAccountId: owner.key, name: 'secret' });
    const { template } = await templateIn(place);
    const [server] = await servers.servers(deployment, [{ ...define(place, template), imageId: secret.key }]);
    if (!server) throw new Error('Nothing was defined');
    const [drift] = await driftsOf(await instances.launch([server], () => ({ imageId: place.image.key })));
    expect(drift).toEqual([
      {
        field: 'IMAGE',
        running: place.image.resourceUid,
        next: secret.resourceUid,
        reason: `The server chooses the machine image ${secret.resourceUid}.`,
        severity: 'WARNING',
      },
    ]);
  });
});

describe('R-8.6: filter, count and field agree', () => {
  interface World {
    readonly places: readonly (Place & {
      readonly images: readonly KnownImage[];
      readonly types: readonly Known[];
      readonly kernel: KnownImage;
      readonly ramdisk: KnownImage;
    })[];
    readonly mcis: readonly Data[];
    readonly templates: readonly Data[];
  }

  async function world(): Promise<World> {
    const places = [];
    for (let count = 0; count < 2; count += 1) {
      const place = await catalog.place();
      places.push({
        ...place,
        images: [place.image, await catalog.image(place.cloud)],
        types: [place.type, await catalog.instanceType(place.cloud)],
        kernel: await catalog.image(place.cloud, { imageType: 'KERNEL' }),
        ramdisk: await catalog.image(place.cloud, { imageType: 'RAMDISK' }),
      });
    }
    const [first, second] = places;
    if (!first || !second) throw new Error('No places');
    const whole = {
      ...first.setting,
      kernelImageId: first.kernel.id,
      ramdiskImageId: first.ramdisk.id,
      userData: 'a',
    };
    const mci = (name: string, settings: object[]): Promise<Data> =>
      done(account, 'createMultiCloudImage', { name, settings });
    const mcis = [await mci('whole', [whole, second.setting]), await mci('part', [first.setting])];
    mcis.push({ id: await insertMultiCloudImageRevision(api.dataSource, mcis[0].id) });
    const template = (name: string, ids: string[]): Promise<Data> =>
      done(account, 'createServerTemplate', { name, multiCloudImageIds: ids });
    const [a, b, c] = mcis.map(({ id }) => id);
    const templates = [await template('a', [a, b]), await template('b', [b]), await template('c', [c])];
    templates.push(await template('none', []));
    templates.push({ id: await insertServerTemplateRevision(api.dataSource, templates[0].id) });
    return { places, mcis, templates };
  }

  const oneOf = (things: readonly { readonly id: string }[]) =>
    fc.constantFrom(...things.map(({ id }) => keyOf(id)));

  interface Case {
    readonly array: boolean;
    readonly definition: DefinitionColumns;
    /** Of one instance each: what isn't as next would launch it, and what to launch where next has nothing. */
    readonly differing: readonly { readonly columns: InstanceColumns; readonly fallback: InstanceColumns }[];
  }

  function cases({ places, mcis, templates }: World): fc.Arbitrary<Case> {
    return fc.constantFrom(...places).chain((place) => {
      const values = {
        imageId: oneOf(place.images),
        instanceTypeId: oneOf(place.types),
        kernelImageId: fc.constantFrom(place.kernel.key, null),
        ramdiskImageId: fc.constantFrom(place.ramdisk.key, null),
        userData: fc.constantFrom('a', 'b', '', null),
        multiCloudImageId: fc.option(oneOf(mcis)),
      };
      const choices: fc.Arbitrary<ChosenKeys> = fc
        .record({
          ...values,
          imageId: fc.option(values.imageId),
          instanceTypeId: fc.option(values.instanceTypeId),
          none: fc.subarray(['KERNEL_IMAGE', 'RAMDISK_IMAGE', 'USER_DATA'] as const),
        })
        .map((chosen) => ({
          ...chosen,
          kernelImageId: chosen.none.includes('KERNEL_IMAGE') ? null : chosen.kernelImageId,
          ramdiskImageId: chosen.none.includes('RAMDISK_IMAGE') ? null : chosen.ramdiskImageId,
          userData: chosen.none.includes('USER_DATA') ? null : chosen.userData,
        }));
      const columns: fc.Arbitrary<InstanceColumns> = fc
        .record({
          ...values,
          multiCloudImageVersion: fc.constantFrom(1, 2),
          launchedFromId: oneOf(templates),
          launchedFromVersion: fc.constantFrom(1, 2),
          serverTemplateId: oneOf(templates),
          state: fc.constantFrom('PENDING' as const, 'DECOMMISSIONING' as const),
        })
        .chain((all) =>
          fc
            .subarray(Object.keys(all), { minLength: 1, maxLength: 2 })
            .map((kept) => Object.fromEntries(Object.entries(all).filter(([name]) => kept.includes(name)))),
        );
      const ended = { state: 'TERMINATED' as const, terminatedAt: new Date(), userData: 'ended' };
      // Some as launched, so that not everything drifts.
      const differs: fc.Arbitrary<InstanceColumns> = fc.oneof(
        { weight: 2, arbitrary: fc.constant({}) },
        { weight: 4, arbitrary: columns },
        { weight: 1, arbitrary: fc.constant(ended) },
      );
      return fc.record({
        array: fc.boolean(),
        definition: fc
          .record({ choices, serverTemplateId: oneOf(templates) })
          .map(({ choices: chosen, serverTemplateId }) => ({
            ...chosen,
            none: [...chosen.none],
            serverTemplateId,
            cloudId: place.cloud.key,
          })),
        differing: fc.array(
          differs.map((different) => ({
            columns: different,
            fallback: { imageId: place.image.key, instanceTypeId: place.type.key },
          })),
          { minLength: 1, maxLength: 3 },
        ),
      });
    });
  }

  /** Servers run one instance at most. */
  async function insert({
    array,
    definition,
    differing,
  }: Case): Promise<{ arrays: Known[]; launched: Known[] }> {
    const defined = array
      ? await servers.serverArrays(deployment, [definition])
      : await servers.servers(deployment, [definition]);
    const wanted = array ? differing : differing.slice(0, 1);
    const owners = wanted.flatMap(() => defined);
    const launched = await instances.launch(owners, (frozen, index) => {
      const { columns = {}, fallback = {} } = wanted[index] ?? {};
      const { multiCloudImageId, multiCloudImageVersion } = { ...frozen, ...columns };
      return {
        ...(frozen.imageId === null && { imageId: fallback.imageId }),
        ...(frozen.instanceTypeId === null && { instanceTypeId: fallback.instanceTypeId }),
        ...columns,
        // Without an MCI there is no version of it, and none without.
        multiCloudImageVersion: multiCloudImageId === null ? null : (multiCloudImageVersion ?? 1),
      };
    });
    return { arrays: array ? defined : [], launched };
  }

  async function expectAgreement(launched: readonly Known[], arrays: readonly Known[]): Promise<number> {
    const drifts = await driftsOf(launched);
    const drifted = new Set(launched.filter((_one, index) => drifts[index]?.length).map(({ key }) => key));
    const others = new Set(launched.map(({ key }) => key).filter((key) => !drifted.has(key)));
    expect(await filtered(true)).toEqual(drifted);
    expect(await filtered(false)).toEqual(others);
    const rows: { server_array_id: string; id: string }[] = await api.dataSource.query(
      'SELECT id, server_array_id FROM instances WHERE server_array_id = ANY ($1)',
      [arrays.map(({ key }) => key)],
    );
    const counts = arrays.map(
      ({ key }) => rows.filter((row) => row.server_array_id === key && drifted.has(row.id)).length,
    );
    expect(await driftedCounts(arrays)).toEqual(counts);
    return drifted.size;
  }

  test('on random configurations, before and after HEADs were edited', async () => {
    const made = await world();
    const random = fc.sample(cases(made), { numRuns: 150, seed: 20260101 });
    const [arrays, launched]: [Known[], Known[]] = [[], []];
    for (const one of random) {
      const inserted = await insert(one);
      arrays.push(...inserted.arrays);
      launched.push(...inserted.launched);
    }
    const before = await expectAgreement(launched, arrays.slice(0, 100));
    expect(before).toBeGreaterThan(50);
    expect(before).toBeLessThan(launched.length - 50);

    const [mci] = made.mcis;
    const [, template] = made.templates;
    await done(account, 'updateMultiCloudImage', { id: mci.id, expectedVersion: 1, description: 'edited' });
    await done(account, 'updateServerTemplate', {
      id: template.id,
      expectedVersion: 1,
      description: 'edited',
    });
    const after = await expectAgreement(launched, arrays.slice(0, 100));
    expect(after).toBeGreaterThan(before);
  });
});

test('drift of 100 instances takes as many statements as of one', async () => {
  const place = await catalog.place();
  const { template } = await templateIn(place);
  const choosing = Array.from({ length: 99 }, (_one, index) => ({
    ...define(place, template),
    userData: `${index}`,
  }));
  const many = await instances.launch([
    ...(await servers.servers(deployment, choosing)),
    ...(await servers.serverArrays(deployment, [define(place, template)])),
  ]);
  const few = [many[0], many[99]].filter((one) => one !== undefined);
  const count = async (some: readonly Known[]): Promise<number> =>
    (await statementsDuring(() => driftsOf(some))).length;
  // Token, instances; what they were launched with, servers, arrays; then template, cloud, pins, MCI, setting, image, type.
  expect([await count(few), await count(many)]).toEqual([12, 12]);
});

test('counts of 100 arrays take as many statements as of one', async () => {
  const place = await catalog.place();
  const { template } = await templateIn(place);
  const arrays = await servers.serverArrays(
    deployment,
    Array.from({ length: 100 }, () => define(place, template)),
  );
  await instances.launch(arrays, () => ({ userData: 'other' }));
  const count = async (some: readonly Known[]): Promise<number> => {
    const statements = await statementsDuring(async () => {
      expect(await driftedCounts(some)).toEqual(some.map(() => 1));
    });
    return statements.length;
  };
  // Token, arrays, counts.
  expect([await count(arrays.slice(0, 1)), await count(arrays)]).toEqual([3, 3]);
});
