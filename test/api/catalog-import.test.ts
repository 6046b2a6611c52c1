import * as fc from 'fast-check';
import type { CatalogFormat } from '../../src/domain/catalog/catalog-row';
import type { ImportReport } from '../../src/domain/catalog/import-report';
import { DomainError } from '../../src/domain/errors';
import {
  catalogRows,
  countOf,
  csv,
  describeImages,
  emptyCatalog,
  images,
  importContent,
  importFile,
  lifecycles,
  stream,
  type ImportOptions,
} from './catalog-kit';
import { createTestDatabase, type TestDatabase } from '../kit/database';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() => emptyCatalog(database.dataSource));

const FCOS_DAYS = ['2023-08-08', '2025-09-04', '2026-03-04', '2026-04-01'].map(
  (day) => `fcos/stable-${day}.json`,
);
const FCOS = [...FCOS_DAYS, 'fcos/stable.json'];
const AWS_REGIONS = ['ap-northeast-1', 'eu-west-1', 'us-east-1'];

/** Every file of demo/data with the number of its rows, and of those that no file before it had. */
const FILES: readonly [
  path: string,
  format: CatalogFormat,
  options: ImportOptions,
  rows: number,
  created: number,
][] = [
  ['fcos/stable-2023-08-08.json', 'COREOS_STREAM', {}, 59, 59],
  ['fcos/stable-2025-09-04.json', 'COREOS_STREAM', {}, 72, 72],
  ['fcos/stable-2026-03-04.json', 'COREOS_STREAM', {}, 70, 70],
  ['fcos/stable-2026-04-01.json', 'COREOS_STREAM', {}, 68, 68],
  ['fcos/stable.json', 'COREOS_STREAM', {}, 68, 68],
  ['aws/describe-images-ap-northeast-1.json', 'AWS_DESCRIBE_IMAGES', { region: 'ap-northeast-1' }, 180, 180],
  ['aws/describe-images-eu-west-1.json', 'AWS_DESCRIBE_IMAGES', { region: 'eu-west-1' }, 172, 172],
  ['aws/describe-images-us-east-1.json', 'AWS_DESCRIBE_IMAGES', { region: 'us-east-1' }, 176, 176],
  ['aws/instance-type-offerings-ap-northeast-1.json', 'AWS_INSTANCE_TYPE_OFFERINGS', {}, 1159, 1159],
  ['aws/instance-type-offerings-eu-west-1.json', 'AWS_INSTANCE_TYPE_OFFERINGS', {}, 1150, 1150],
  ['aws/instance-type-offerings-us-east-1.json', 'AWS_INSTANCE_TYPE_OFFERINGS', {}, 1354, 1354],
  ['packer/theforum365-ami-174327f.json', 'PACKER_MANIFEST', {}, 6, 6],
  ['packer/theforum365-ami-be47d34.json', 'PACKER_MANIFEST', {}, 15, 9],
  ['ubuntu/released-aws-sample.json', 'UBUNTU_SIMPLESTREAMS', {}, 165, 165],
];

const db = () => database.dataSource;
const counts = ({ created, updated, unchanged, withdrawn, refusedCount }: ImportReport) => ({
  created,
  updated,
  unchanged,
  withdrawn,
  refusedCount,
});
const NOTHING = { created: 0, updated: 0, unchanged: 0, withdrawn: 0, refusedCount: 0 };

const importStream = (day: string, options: ImportOptions = {}) =>
  importFile(db(), day, 'COREOS_STREAM', { complete: true, ...options });
const importImages = (list: readonly object[], options: ImportOptions = {}) =>
  importContent(db(), describeImages(list), 'AWS_DESCRIBE_IMAGES', { region: 'eu-west-1', ...options });
const importCsv = (rows: readonly Record<string, string | number | boolean>[], options: ImportOptions = {}) =>
  importContent(db(), csv(rows), 'CSV', options);

const rejection = async (work: Promise<unknown>): Promise<DomainError> => {
  const error: unknown = await work.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DomainError)) throw error;
  return error;
};

describe('R-3.3: the files of demo/data', () => {
  test('every row lands, and importing everything again changes nothing and writes no audit entry', async () => {
    for (const [path, format, options, rows, created] of FILES)
      expect([path, counts(await importFile(db(), path, format, options))]).toEqual([
        path,
        { ...NOTHING, created, unchanged: rows - created },
      ]);
    expect(await countOf(db(), 'cloud_images')).toBe(59 + 72 + 70 + 68 + 68 + 180 + 172 + 176 + 15 + 165);
    expect(await countOf(db(), 'instance_types')).toBe(1159 + 1150 + 1354);

    const before = [
      await catalogRows(db()),
      await countOf(db(), 'audit_entries'),
      await countOf(db(), 'clouds'),
    ];
    for (const [path, format, options, rows] of FILES)
      expect([path, counts(await importFile(db(), path, format, options))]).toEqual([
        path,
        { ...NOTHING, unchanged: rows },
      ]);
    expect([
      await catalogRows(db()),
      await countOf(db(), 'audit_entries'),
      await countOf(db(), 'clouds'),
    ]).toEqual(before);
  });

  test('clouds appear by themselves from the regions, once, with names for people', async () => {
    const report = await importStream('fcos/stable.json');
    expect(report.cloudsCreated).toHaveLength(34);
    expect(report.cloudsCreated).toEqual(
      expect.arrayContaining(['AWS us-east-1', 'Google Cloud global', 'KubeVirt global']),
    );
    expect(report.sources).toEqual(['fcos:stable']);
    const again = await importFile(db(), 'aws/describe-images-us-east-1.json', 'AWS_DESCRIBE_IMAGES', {
      region: 'us-east-1',
    });
    expect(again.cloudsCreated).toEqual([]);
    expect(await countOf(db(), 'clouds')).toBe(34);
  });

  test('facts of real rows', async () => {
    await importStream('fcos/stable.json');
    const rows: unknown[] = await db().query(
      `SELECT image.name, image.image_type, image.os_platform, image.operating_system, image.cpu_architecture,
         image.virtualization_type, image.root_device_storage, image.published_at, image.lifecycle, image.owner_account_id
       FROM cloud_images AS image WHERE resource_uid = 'ami-01695f9dc8000aeb8'`,
    );
    expect(rows).toEqual([
      {
        name: 'fedora-coreos-44.20260707.3.1-x86_64',
        image_type: 'MACHINE',
        os_platform: 'linux',
        operating_system: 'Fedora CoreOS 44',
        cpu_architecture: 'x86_64',
        virtualization_type: 'hvm',
        root_device_storage: 'ebs',
        published_at: new Date('2026-07-21T14:07:12Z'),
        lifecycle: 'AVAILABLE',
        owner_account_id: null,
      },
    ]);
  });
});

describe('R-3.4: five days of Fedora CoreOS', () => {
  test('what left is DEPRECATED with the current replacement, except where its region left too', async () => {
    const reports = [];
    for (const day of FCOS) reports.push(counts(await importStream(day)));
    expect(reports.map(({ created, withdrawn }) => [created, withdrawn])).toEqual([
      [59, 0],
      [72, 59],
      [70, 72],
      [68, 70],
      [68, 68],
    ]);
    const all = await images(db());
    const current = all.filter(({ lifecycle }) => lifecycle === 'AVAILABLE');
    expect(current).toHaveLength(68);
    const byUid = new Map(current.map((image) => [`${image.region} ${image.uid}`, image]));
    const left = all.filter(({ lifecycle }) => lifecycle === 'DEPRECATED');
    expect(left).toHaveLength(269);
    for (const image of left.filter(({ replacement }) => replacement !== null))
      expect(byUid.get(`${image.region} ${image.replacement}`)?.architecture).toBe(image.architecture);
    const without = left.filter(({ replacement }) => replacement === null);
    expect([...new Set(without.map(({ region }) => region))]).toEqual(['me-central-1', 'me-south-1']);
    expect(without).toHaveLength(10);
  });

  test('history keeps from when to when each image was listed', async () => {
    for (const day of FCOS) await importStream(day);
    const history = (uid: string): Promise<unknown[]> =>
      db().query(
        `SELECT listing.first_listed_at AS first, listing.last_listed_at AS last, listing.listed
         FROM catalog_image_listings AS listing JOIN cloud_images AS image ON image.id = listing.cloud_image_id
         WHERE image.resource_uid = $1`,
        [uid],
      );
    const oldest = new Date('2023-08-08T18:34:22Z');
    const newest = new Date('2026-07-21T14:07:12Z');
    expect(await history('ami-083a735d0245929cd')).toEqual([{ first: oldest, last: oldest, listed: false }]);
    expect(await history('ami-01695f9dc8000aeb8')).toEqual([{ first: newest, last: newest, listed: true }]);
  });

  test('the catalog does not depend on the order in which complete files come', async () => {
    for (const day of FCOS) await importStream(day);
    const inOrder = await images(db());
    const shuffled = fc.shuffledSubarray(FCOS, { minLength: FCOS.length });
    await fc.assert(
      fc.asyncProperty(shuffled, async (days) => {
        await emptyCatalog(db());
        for (const day of days) await importStream(day);
        expect(await images(db())).toEqual(inOrder);
      }),
      { numRuns: 12, examples: [[FCOS.toReversed()]] },
    );
  });

  test('2025-09-04 imported after 2026-04-01 changes nothing newer, and its images are DEPRECATED at once', async () => {
    await importStream('fcos/stable-2026-04-01.json');
    const newer = await catalogRows(db());
    const ids: { id: string }[] = await db().query('SELECT id FROM cloud_images');
    const report = await importStream('fcos/stable-2025-09-04.json');
    expect(counts(report)).toEqual({ ...NOTHING, created: 72 });
    expect(
      await db().query('SELECT * FROM cloud_images WHERE id = ANY($1) ORDER BY id', [
        ids.map(({ id }) => id),
      ]),
    ).toEqual((newer as unknown[])[0]);
    const older = await lifecycles(
      db(),
      `image.resource_uid IN ('ami-0f040794ae0c6531d', 'ami-0833f4271ee70f6e1')`,
    );
    expect(older).toEqual({
      'ami-0f040794ae0c6531d': 'DEPRECATED -> ami-0ff7e21a5c82e791b',
      'ami-0833f4271ee70f6e1': 'DEPRECATED -> ami-075a99e955c1d227a',
    });
  });

  test('an incomplete file withdraws nothing', async () => {
    await importStream('fcos/stable-2026-04-01.json');
    const report = await importStream('fcos/stable.json', { complete: false });
    expect(counts(report)).toEqual({ ...NOTHING, created: 68 });
    expect(await images(db(), `image.lifecycle <> 'AVAILABLE'`)).toEqual([]);
  });

  test('fcos/stable.json as complete changes no AWS-listing and no Ubuntu row', async () => {
    for (const region of AWS_REGIONS) {
      await importFile(db(), `aws/describe-images-${region}.json`, 'AWS_DESCRIBE_IMAGES', { region });
      await importFile(db(), `aws/instance-type-offerings-${region}.json`, 'AWS_INSTANCE_TYPE_OFFERINGS');
    }
    await importFile(db(), 'ubuntu/released-aws-sample.json', 'UBUNTU_SIMPLESTREAMS');
    await importStream('fcos/stable-2026-04-01.json');
    const others = async () => [
      await catalogRows(db(), 'describe-images:%'),
      await catalogRows(db(), 'instance-type-offerings:%'),
      await catalogRows(db(), 'ubuntu:%'),
    ];
    const before = await others();
    expect(counts(await importStream('fcos/stable.json'))).toEqual({
      ...NOTHING,
      created: 68,
      withdrawn: 68,
    });
    expect(await others()).toEqual(before);
  });
});

describe('R-3.4: release lists', () => {
  const day = (number: number) => `2026-01-0${number}T00:00:00Z`;
  const importDay = (
    number: number,
    regions: Record<string, string>,
    options: ImportOptions = { complete: true },
  ) => importContent(db(), stream(day(number), regions, `${number}.0.0.0`), 'COREOS_STREAM', options);

  test('what comes back in a newer listing is AVAILABLE again, without a replacement', async () => {
    await importDay(1, { a: 'ami-1' });
    await importDay(2, { a: 'ami-2' });
    expect(await lifecycles(db())).toEqual({ 'ami-1': 'DEPRECATED -> ami-2', 'ami-2': 'AVAILABLE' });
    const report = await importDay(3, { a: 'ami-1' });
    expect(counts(report)).toEqual({ ...NOTHING, updated: 1, withdrawn: 1 });
    expect(await lifecycles(db())).toEqual({ 'ami-1': 'AVAILABLE', 'ami-2': 'DEPRECATED -> ami-1' });
  });

  test('replacements always point to what is current', async () => {
    await importDay(1, { a: 'ami-1' });
    await importDay(2, { a: 'ami-2' });
    await importDay(3, { a: 'ami-3' });
    expect(await lifecycles(db())).toEqual({
      'ami-1': 'DEPRECATED -> ami-3',
      'ami-2': 'DEPRECATED -> ami-3',
      'ami-3': 'AVAILABLE',
    });
    await importDay(4, {}, { complete: true, source: 'fcos:stable' });
    expect(await lifecycles(db())).toEqual({
      'ami-1': 'DEPRECATED',
      'ami-2': 'DEPRECATED',
      'ami-3': 'DEPRECATED',
    });
  });

  test('a file of the same time that lists less withdraws the rest, and one that lists it again brings it back', async () => {
    await importDay(1, { a: 'ami-1', b: 'ami-2' });
    expect(counts(await importDay(1, { a: 'ami-1' }))).toEqual({ ...NOTHING, unchanged: 1, withdrawn: 1 });
    expect(await lifecycles(db())).toEqual({ 'ami-1': 'AVAILABLE', 'ami-2': 'DEPRECATED' });
    expect(counts(await importDay(1, { a: 'ami-1', b: 'ami-2' }))).toEqual({
      ...NOTHING,
      unchanged: 1,
      updated: 1,
    });
    expect(await lifecycles(db())).toEqual({ 'ami-1': 'AVAILABLE', 'ami-2': 'AVAILABLE' });
  });

  test('an older file between two known ones changes no newer fact', async () => {
    await importDay(1, { a: 'ami-1' });
    await importDay(3, { a: 'ami-1' });
    const before = await catalogRows(db());
    expect(counts(await importDay(2, { a: 'ami-1' }))).toEqual({ ...NOTHING, unchanged: 1 });
    expect(await catalogRows(db())).toEqual(before);
    const [row] = await images(db());
    expect(row?.name).toBe('fedora-coreos-3.0.0.0-x86_64');
  });

  test('the replacement is of the same architecture, best of the same operating system', async () => {
    const rows = (release: string, ...extra: Record<string, string>[]) => [
      {
        cloud_type: 'openstack',
        region: 'r',
        resource_uid: `new-12-${release}`,
        name: 'n',
        cpu_architecture: 'x86_64',
        operating_system: 'Ubuntu 12.04',
        published_at: '2026-01-02',
      },
      {
        cloud_type: 'openstack',
        region: 'r',
        resource_uid: `new-14-${release}`,
        name: 'n',
        cpu_architecture: 'x86_64',
        operating_system: 'Ubuntu 14.04',
        published_at: '2026-01-03',
      },
      {
        cloud_type: 'openstack',
        region: 'r',
        resource_uid: `arm-${release}`,
        name: 'n',
        cpu_architecture: 'arm64',
        operating_system: 'Ubuntu 12.04',
        published_at: '2026-01-04',
      },
      {
        cloud_type: 'openstack',
        region: 'r',
        resource_uid: `other-${release}`,
        name: 'n',
        cpu_architecture: 'x86_64',
        operating_system: 'Debian 12',
        published_at: '2026-01-05',
      },
      ...extra,
    ];
    const gone = { cloud_type: 'openstack', region: 'r', name: 'n', cpu_architecture: 'x86_64' };
    await importCsv(
      rows(
        'a',
        { ...gone, resource_uid: 'gone-10', operating_system: 'Ubuntu 10.04' },
        { ...gone, resource_uid: 'gone-alpine', operating_system: 'Alpine 3' },
        { ...gone, resource_uid: 'gone-mips', operating_system: 'Ubuntu 12.04', cpu_architecture: 'mips' },
      ),
    );
    expect(counts(await importCsv(rows('b'), { complete: true }))).toEqual({
      ...NOTHING,
      created: 4,
      withdrawn: 7,
    });
    expect(await lifecycles(db(), `image.lifecycle = 'DEPRECATED'`)).toEqual({
      'new-12-a': 'DEPRECATED -> new-12-b',
      'new-14-a': 'DEPRECATED -> new-14-b',
      'arm-a': 'DEPRECATED -> arm-b',
      'other-a': 'DEPRECATED -> other-b',
      'gone-10': 'DEPRECATED -> new-14-b',
      'gone-alpine': 'DEPRECATED -> other-b',
      'gone-mips': 'DEPRECATED',
    });
  });

  test('a complete CSV covers only the clouds that it names, also of a source with more', async () => {
    const row = (region: string, uid: string) => ({
      cloud_type: 'openstack',
      region,
      resource_uid: uid,
      name: 'n',
    });
    await importCsv([row('a', 'a1'), row('a', 'a2'), row('b', 'b1')], { source: 'mine' });
    expect(counts(await importCsv([row('a', 'a1')], { source: 'mine', complete: true }))).toEqual({
      ...NOTHING,
      unchanged: 1,
      withdrawn: 1,
    });
    expect(await lifecycles(db())).toEqual({ a1: 'AVAILABLE', a2: 'DEPRECATED -> a1', b1: 'AVAILABLE' });
  });

  test('an image in a state worse than DEPRECATED keeps it when it leaves the list', async () => {
    const row = (uid: string, lifecycle: string) => ({
      cloud_type: 'openstack',
      region: 'a',
      resource_uid: uid,
      name: 'n',
      lifecycle,
    });
    await importCsv([row('obsolete', 'OBSOLETE'), row('failed', 'FAILED'), row('stays', 'AVAILABLE')]);
    expect(counts(await importCsv([row('stays', 'AVAILABLE')], { complete: true }))).toEqual({
      ...NOTHING,
      unchanged: 1,
    });
    expect(await lifecycles(db())).toEqual({ failed: 'FAILED', obsolete: 'OBSOLETE', stays: 'AVAILABLE' });
  });
});

describe('R-3.4: inventories', () => {
  test('what left is DELETED, only in the region of the listing; what comes back is AVAILABLE', async () => {
    await importImages([{ ImageId: 'ami-1' }, { ImageId: 'ami-2' }]);
    await importImages([{ ImageId: 'ami-3' }], { region: 'us-east-1' });
    expect(counts(await importImages([{ ImageId: 'ami-1' }], { complete: true }))).toEqual({
      ...NOTHING,
      unchanged: 1,
      withdrawn: 1,
    });
    expect(await lifecycles(db())).toEqual({
      'ami-1': 'AVAILABLE',
      'ami-2': 'DELETED',
      'ami-3': 'AVAILABLE',
    });
    expect(counts(await importImages([{ ImageId: 'ami-2' }]))).toEqual({ ...NOTHING, updated: 1 });
    expect(await lifecycles(db())).toEqual({
      'ami-1': 'AVAILABLE',
      'ami-2': 'AVAILABLE',
      'ami-3': 'AVAILABLE',
    });
  });

  test('withdraws only what the owner of the listing brought', async () => {
    await importImages([{ ImageId: 'ami-1' }, { ImageId: 'ami-2', OwnerId: '999999999999' }]);
    expect(counts(await importImages([{ ImageId: 'ami-3' }], { complete: true }))).toEqual({
      ...NOTHING,
      created: 1,
      withdrawn: 1,
    });
    expect(await lifecycles(db())).toEqual({
      'ami-1': 'DELETED',
      'ami-2': 'AVAILABLE',
      'ami-3': 'AVAILABLE',
    });
  });

  test('a complete listing without rows withdraws all of a named source, and is refused without a name', async () => {
    await importImages([{ ImageId: 'ami-1' }]);
    const before = await catalogRows(db());
    const error = await rejection(importImages([], { complete: true }));
    expect(error.code).toBe('INVALID');
    expect(error.details.path).toEqual(['input', 'source']);
    expect(await catalogRows(db())).toEqual(before);
    expect(
      counts(await importImages([], { complete: true, source: 'describe-images:123456789012:eu-west-1' })),
    ).toEqual({ ...NOTHING, withdrawn: 1 });
    expect(await lifecycles(db())).toEqual({ 'ami-1': 'DELETED' });
  });

  test('a type no longer offered stays, offered: false, until it is offered again', async () => {
    const offer = (...types: string[]) =>
      importContent(
        db(),
        JSON.stringify(
          types.map((InstanceType) => ({ InstanceType, LocationType: 'region', Location: 'eu-west-1' })),
        ),
        'AWS_INSTANCE_TYPE_OFFERINGS',
        { complete: true },
      );
    const offered = (): Promise<unknown> =>
      db().query(
        'SELECT resource_uid AS type, offered, cpu_architectures AS runs FROM instance_types ORDER BY 1',
      );
    await offer('m7g.large', 't2.micro');
    expect(counts(await offer('m7g.large'))).toEqual({ ...NOTHING, unchanged: 1, withdrawn: 1 });
    expect(await offered()).toEqual([
      { type: 'm7g.large', offered: true, runs: ['arm64'] },
      { type: 't2.micro', offered: false, runs: ['i386', 'x86_64'] },
    ]);
    expect(counts(await offer('m7g.large', 't2.micro'))).toEqual({ ...NOTHING, unchanged: 1, updated: 1 });
    expect(await offered()).toMatchObject([{ offered: true }, { offered: true }]);
  });

  test('a type that is offered in two zones is one type', async () => {
    const content = JSON.stringify(
      ['eu-west-1a', 'eu-west-1b'].map((Location) => ({
        InstanceType: 'm7g.large',
        LocationType: 'availability-zone',
        Location,
      })),
    );
    expect(counts(await importContent(db(), content, 'AWS_INSTANCE_TYPE_OFFERINGS'))).toEqual({
      ...NOTHING,
      created: 1,
      unchanged: 1,
    });
  });
});

describe('R-3.4: sources', () => {
  test('the source that brought an image keeps its facts; another one only fills what is unknown', async () => {
    await importImages([{ ImageId: 'ami-1', Name: 'first', Description: 'known' }]);
    const other = {
      cloud_type: 'amazon',
      region: 'eu-west-1',
      resource_uid: 'ami-1',
      name: 'second',
      description: 'other',
      operating_system: 'Debian 12',
      lifecycle: 'OBSOLETE',
    };
    expect(counts(await importCsv([other]))).toEqual({ ...NOTHING, updated: 1 });
    expect(counts(await importCsv([other]))).toEqual({ ...NOTHING, unchanged: 1 });
    const facts = (): Promise<unknown> =>
      db().query('SELECT name, description, operating_system AS os, lifecycle FROM cloud_images');
    expect(await facts()).toEqual([
      { name: 'first', description: 'known', os: 'Debian 12', lifecycle: 'AVAILABLE' },
    ]);
    expect(counts(await importImages([{ ImageId: 'ami-1', Name: 'renamed' }]))).toEqual({
      ...NOTHING,
      updated: 1,
    });
    expect(await facts()).toEqual([
      { name: 'renamed', description: 'known', os: 'Debian 12', lifecycle: 'AVAILABLE' },
    ]);
    const listings: unknown = await db().query(
      'SELECT source.name FROM catalog_image_listings JOIN catalog_sources AS source ON source.id = source_id ORDER BY 1',
    );
    expect(listings).toEqual([
      { name: 'csv:amazon:eu-west-1' },
      { name: 'describe-images:123456789012:eu-west-1' },
    ]);
  });

  test('a source that did not bring an image does not withdraw it', async () => {
    await importImages([{ ImageId: 'ami-1' }]);
    const row = { cloud_type: 'amazon', region: 'eu-west-1', name: 'n' };
    await importCsv([
      { ...row, resource_uid: 'ami-1' },
      { ...row, resource_uid: 'ami-2' },
    ]);
    expect(counts(await importCsv([{ ...row, resource_uid: 'ami-2' }], { complete: true }))).toEqual({
      ...NOTHING,
      unchanged: 1,
    });
    expect(await lifecycles(db())).toEqual({ 'ami-1': 'AVAILABLE', 'ami-2': 'AVAILABLE' });
  });

  test('a named source takes the place of the default ones, and keeps one format', async () => {
    const report = await importImages([{ ImageId: 'ami-1' }, { ImageId: 'ami-2', OwnerId: '999999999999' }], {
      source: 'all',
    });
    expect(report.sources).toEqual(['all']);
    const before = await catalogRows(db());
    const error = await rejection(
      importCsv([{ cloud_type: 'amazon', region: 'r', resource_uid: 'u', name: 'n' }], { source: 'all' }),
    );
    expect(error.code).toBe('INVALID');
    expect(error.details.path).toEqual(['input', 'source']);
    expect(error.message).toContain('holds listings of the format AWS_DESCRIBE_IMAGES; this one is CSV');
    expect(await catalogRows(db())).toEqual(before);
    expect((await rejection(importImages([], { source: ' ' }))).details.path).toEqual(['input', 'source']);
  });

  test('a lifecycle set by hand survives imports; other facts are kept current', async () => {
    await importImages([{ ImageId: 'ami-1' }, { ImageId: 'ami-2' }]);
    await db().query(`UPDATE cloud_images SET lifecycle = 'OBSOLETE', lifecycle_held = true`);
    expect(counts(await importImages([{ ImageId: 'ami-1', Name: 'renamed' }], { complete: true }))).toEqual({
      ...NOTHING,
      updated: 1,
    });
    expect(await lifecycles(db())).toEqual({ 'ami-1': 'OBSOLETE', 'ami-2': 'OBSOLETE' });
    expect((await images(db()))[0]?.name).toBe('renamed');
  });
});

describe('R-3.3: reports', () => {
  const row = (uid: string, more: Record<string, string> = {}) => ({
    cloud_type: 'openstack',
    region: 'a',
    resource_uid: uid,
    name: 'n',
    ...more,
  });

  test('one bad row never loses the good ones; each refused row has its place and its reason', async () => {
    const report = await importCsv([
      row('good'),
      row('bad', { image_type: 'DISK' }),
      row(''),
      row('good too'),
    ]);
    expect(counts(report)).toEqual({ ...NOTHING, created: 2, refusedCount: 2 });
    expect(report.refused).toEqual([
      { row: 'line 3', reason: expect.stringContaining('image_type') as string },
      { row: 'line 4', reason: expect.stringContaining('resource_uid') as string },
    ]);
  });

  test('of the same thing listed twice the last row wins; an equal earlier one counts as unchanged', async () => {
    const report = await importCsv([
      row('twice', { name: 'one' }),
      row('same'),
      row('twice', { name: 'two' }),
      row('same'),
    ]);
    expect(counts(report)).toEqual({ ...NOTHING, created: 2, unchanged: 1, refusedCount: 1 });
    expect(report.refused).toEqual([
      { row: 'line 2', reason: expect.stringContaining('listed again, differently, at line 4') as string },
    ]);
    expect((await images(db())).map(({ uid, name }) => [uid, name])).toEqual([
      ['same', 'n'],
      ['twice', 'two'],
    ]);
  });

  test('of more than 10,000 refused rows the rest is only counted', async () => {
    const report = await importCsv([
      ...Array.from({ length: 6000 }, (_, index) => row(`u${index}`, { lifecycle: 'GONE' })),
      ...Array.from({ length: 6001 }, (_, index) => row('same', { name: `n${index}` })),
    ]);
    expect(counts(report)).toEqual({ ...NOTHING, created: 1, refusedCount: 12_000 });
    expect(report.refused).toHaveLength(10_000);
    expect(report.refused[0]?.row).toBe('line 2');
  });

  test('a dry run reports the same and changes nothing', async () => {
    await importStream('fcos/stable-2026-04-01.json');
    const tables = [
      'clouds',
      'catalog_sources',
      'catalog_coverage',
      'catalog_image_listings',
      'audit_entries',
    ];
    const state = async () => [
      await catalogRows(db()),
      ...(await Promise.all(
        tables.map((table) => db().query(`SELECT * FROM ${table} AS row ORDER BY row::text`)),
      )),
    ];
    const before = await state();
    const rehearsed = await importStream('fcos/stable-2025-09-04.json', { dryRun: true });
    expect(counts(rehearsed)).toEqual({ ...NOTHING, created: 72 });
    expect(rehearsed.cloudsCreated).toEqual(['AWS me-central-1', 'AWS me-south-1']);
    const rehearsedNewer = await importStream('fcos/stable.json', { dryRun: true });
    expect(counts(rehearsedNewer)).toEqual({ ...NOTHING, created: 68, withdrawn: 68 });
    expect(await state()).toEqual(before);
    expect(await importStream('fcos/stable.json')).toEqual(rehearsedNewer);
  });

  test('a file of another format, or cut off, is refused as a whole and changes nothing', async () => {
    await importStream('fcos/stable-2026-04-01.json');
    const before = [
      await catalogRows(db()),
      await countOf(db(), 'clouds'),
      await countOf(db(), 'audit_entries'),
    ];
    const wrong = await rejection(importFile(db(), 'fcos/stable.json', 'UBUNTU_SIMPLESTREAMS'));
    expect([wrong.code, wrong.details.path]).toEqual(['INVALID', ['input', 'content']]);
    const whole = describeImages(Array.from({ length: 3000 }, (_, index) => ({ ImageId: `ami-${index}` })));
    const cut = await rejection(
      importContent(db(), whole.slice(0, -2), 'AWS_DESCRIBE_IMAGES', { region: 'eu-west-1' }),
    );
    expect(cut.message).toContain('cut off');
    expect((await rejection(importContent(db(), whole, 'AWS_DESCRIBE_IMAGES'))).details.path).toEqual([
      'input',
      'region',
    ]);
    expect([
      await catalogRows(db()),
      await countOf(db(), 'clouds'),
      await countOf(db(), 'audit_entries'),
    ]).toEqual(before);
  });

  test('progress tells how many rows have been read', async () => {
    const seen: number[] = [];
    await importFile(db(), 'aws/instance-type-offerings-us-east-1.json', 'AWS_INSTANCE_TYPE_OFFERINGS', {
      onProgress: (rows) => seen.push(rows),
    });
    expect(seen).toEqual([1000, 1354]);
  });

  test('R-2.4: an import that changes anything writes one audit entry with its counts', async () => {
    const before = await countOf(db(), 'audit_entries');
    await importCsv([row('one'), row('bad', { lifecycle: 'GONE' })]);
    const entries: { changes: object; actor: string; action: string }[] = await db().query(
      'SELECT actor, action, changes FROM audit_entries ORDER BY at DESC LIMIT 1',
    );
    expect(await countOf(db(), 'audit_entries')).toBe(before + 1);
    expect(entries[0]).toEqual({
      actor: 'command line',
      action: 'catalog.import',
      changes: {
        ...NOTHING,
        created: 1,
        refusedCount: 1,
        historyChanged: 1,
        sources: ['csv:openstack:a'],
        cloudsCreated: ['OpenStack a'],
      },
    });
  });
});

describe('R-3.3: imports at the same time', () => {
  test('the same file twice at once gives what twice in a row gives', async () => {
    const importUbuntu = () =>
      importFile(db(), 'ubuntu/released-aws-sample.json', 'UBUNTU_SIMPLESTREAMS', { complete: true });
    const reports = await Promise.all([importUbuntu(), importUbuntu(), importUbuntu()]);
    expect(reports.map(({ created }) => created).sort((a, b) => a - b)).toEqual([0, 0, 165]);
    expect(reports.map(({ unchanged }) => unchanged).sort((a, b) => a - b)).toEqual([0, 165, 165]);
    expect(await countOf(db(), 'cloud_images')).toBe(165);
  });

  test('five days of one stream at once give what they give in order', async () => {
    for (const day of FCOS) await importStream(day);
    const inOrder = await images(db());
    await emptyCatalog(db());
    await Promise.all(FCOS.map((day) => importStream(day)));
    expect(await images(db())).toEqual(inOrder);
  });
});
