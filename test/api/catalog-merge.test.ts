import type { ImportReport } from '../../src/domain/catalog/import-report';
import {
  catalogRows,
  countOf,
  csv,
  describeImages,
  emptyCatalog,
  importContent,
  lifecycles,
  machineOf,
  stream,
  type ImportOptions,
} from './catalog-kit';
import { startApi, type TestApi } from '../kit/api';

let api: TestApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(() => emptyCatalog(api.dataSource));

const db = () => api.dataSource;
const importImages = (list: readonly object[], options: ImportOptions = {}) =>
  importContent(db(), describeImages(list), 'AWS_DESCRIBE_IMAGES', { region: 'eu-west-1', ...options });
const importCsv = (rows: readonly Record<string, string>[], options: ImportOptions = {}) =>
  importContent(db(), csv(rows), 'CSV', options);
const importStream = (at: string, regions: Record<string, string>, options: ImportOptions = {}) =>
  importContent(db(), stream(at, regions), 'COREOS_STREAM', options);
const row = (uid: string, more: Record<string, string> = {}) => ({
  cloud_type: 'openstack',
  region: 'a',
  resource_uid: uid,
  name: 'n',
  ...more,
});
const facts = (columns: string): Promise<unknown> =>
  db().query(`SELECT ${columns} FROM cloud_images ORDER BY resource_uid`);

describe('R-3.3: what PostgreSQL cannot keep costs its row only', () => {
  test('a time before the year 1 or after 9999', async () => {
    const report = await importImages([
      { ImageId: 'ami-1', CreationDate: '0000-01-01T00:00:00Z' },
      { ImageId: 'ami-2', DeprecationTime: '9999-12-31T23:59:59-14:00' },
      { ImageId: 'ami-3', CreationDate: '0001-01-01T00:00:00Z', DeprecationTime: '9999-12-31T23:59:59Z' },
    ]);
    expect(report).toMatchObject({ created: 1, refusedCount: 2 });
  });

  test('an id or a type of more than 1,024 bytes of UTF-8', async () => {
    const hanzi = Array.from({ length: 1024 }, (_, index) => String.fromCodePoint(0x4e00 + index * 7)).join(
      '',
    );
    const report = await importCsv([
      row(hanzi),
      row(hanzi, { record: 'instance_type', cpu_architectures: 'arm64' }),
      row(hanzi.slice(0, 341), { name: hanzi.slice(0, 255) }),
      row(hanzi.slice(0, 341), { record: 'instance_type', cpu_architectures: 'arm64' }),
    ]);
    expect(report).toMatchObject({ created: 2, refusedCount: 2 });
    for (const { reason } of report.refused) expect(reason).toContain('more than 1024 bytes of UTF-8');
  });
});

describe('R-3.4: a lifecycle that a hand sets while an import runs stays', () => {
  test.each([
    ['an ordinary import that lists it', [{ ImageId: 'ami-1' }], {}],
    ['a complete inventory that lists it', [{ ImageId: 'ami-1' }], { complete: true }],
    ['a complete inventory that lacks it', [{ ImageId: 'ami-2' }], { complete: true }],
  ] as const)('%s', async (_title, list, options) => {
    await importImages([{ ImageId: 'ami-1' }, { ImageId: 'ami-2' }]);
    await whileHeld(() => importImages(list, options));
    expect(await lifecycles(db(), `image.resource_uid = 'ami-1'`)).toEqual({ 'ami-1': 'OBSOLETE' });
  });

  test('a complete release list that lacks it', async () => {
    await importStream('2026-01-01T00:00:00Z', { a: 'ami-1', b: 'ami-2' }, { complete: true });
    await whileHeld(() => importStream('2026-01-02T00:00:00Z', { b: 'ami-2' }, { complete: true }));
    expect(await lifecycles(db())).toEqual({ 'ami-1': 'OBSOLETE', 'ami-2': 'AVAILABLE' });
  });

  /** Imports while another connection has set ami-1 to OBSOLETE, and commits only once the import waits for it. */
  async function whileHeld(run: () => Promise<ImportReport>): Promise<void> {
    const hand = db().createQueryRunner();
    try {
      await hand.startTransaction();
      await hand.query(
        `UPDATE cloud_images SET lifecycle = 'OBSOLETE', lifecycle_held = true WHERE resource_uid = 'ami-1'`,
      );
      const running = run();
      const waiting = `SELECT count(*)::integer AS count FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      let waits = 0;
      running.catch(() => (waits = -1));
      while (waits === 0) waits += (await db().query<{ count: number }[]>(waiting))[0]?.count ?? 0;
      await hand.commitTransaction();
      await running;
      expect(waits).toBe(1);
    } finally {
      await hand.release();
    }
  }
});

describe('R-3.4: a refused row has not left the listing', () => {
  test('a complete inventory does not withdraw the image of a refused row, and withdraws the others', async () => {
    await importImages([{ ImageId: 'ami-1' }, { ImageId: 'ami-2' }, { ImageId: 'ami-3' }]);
    const report = await importImages(
      [{ ImageId: 'ami-1' }, { ImageId: 'ami-2', Name: 'n'.repeat(256), OwnerId: null }],
      { complete: true },
    );
    expect(report).toMatchObject({ unchanged: 1, refusedCount: 1, withdrawn: 1 });
    expect(await lifecycles(db())).toEqual({
      'ami-1': 'AVAILABLE',
      'ami-2': 'AVAILABLE',
      'ami-3': 'DELETED',
    });
  });

  test('a complete listing with a row that may list anything withdraws nothing, and says so', async () => {
    const offer = (...types: (string | null)[]) =>
      importContent(
        db(),
        JSON.stringify(types.map((InstanceType) => ({ InstanceType, Location: 'eu-west-1' }))),
        'AWS_INSTANCE_TYPE_OFFERINGS',
        { complete: true },
      );
    await offer('m5.large', 't2.micro');
    const report = await offer('m5.large', null);
    expect(report).toMatchObject({ unchanged: 1, refusedCount: 1, withdrawn: 0 });
    expect(report.refused[0]?.reason).toContain('the listing counts as incomplete and withdraws nothing');
    expect(await offer('m5.large')).toMatchObject({ withdrawn: 1 });
  });
});

describe('R-3.3: the clouds of an account', () => {
  test('its rows stay where its source is when a private cloud appears beside the public one', async () => {
    const account = await api.account();
    const principal = machineOf(account.key);
    await importCsv([row('public')]);
    const mine = (name: string) =>
      importContent(db(), csv([row('u', { name })]), 'CSV', { complete: true }, principal);
    await mine('first');
    await db().query(
      `INSERT INTO clouds (id, account_id, cloud_type, region, name, display_name, created_at)
       VALUES (gen_random_uuid(), $1, 'openstack', 'a', 'mine', 'mine', now())`,
      [account.key],
    );
    expect(await mine('second')).toMatchObject({ created: 0, updated: 1, withdrawn: 0 });
    expect(await countOf(db(), 'cloud_images')).toBe(2);
  });
});

describe('R-2.4: history', () => {
  const audited = () => countOf(db(), 'audit_entries');

  test('an import that changes only from when to when something was listed is recorded', async () => {
    await importStream('2026-01-02T00:00:00Z', { a: 'ami-1' });
    const before = await audited();
    expect(await importStream('2026-01-03T00:00:00Z', { a: 'ami-1' })).toMatchObject({ updated: 0 });
    expect(await audited()).toBe(before + 1);
    const entries: unknown = await db().query('SELECT changes FROM audit_entries ORDER BY at DESC LIMIT 1');
    expect(entries).toMatchObject([{ changes: { created: 0, unchanged: 1, historyChanged: 1 } }]);
  });

  test('importing the same file again is not, whether it says when it was made or not', async () => {
    const again = async () => {
      await importStream('2026-01-03T00:00:00Z', { a: 'ami-1' }, { complete: true });
      await importImages([{ ImageId: 'ami-2' }], { complete: true });
    };
    await again();
    const before = await audited();
    await again();
    expect(await audited()).toBe(before);
  });
});

describe('R-3.4: the order of listings', () => {
  test('an image was published when its source first said so', async () => {
    for (const days of [
      [1, 2],
      [2, 1],
    ]) {
      await emptyCatalog(db());
      for (const day of days) await importStream(`2026-01-0${day}T00:00:00Z`, { a: 'ami-1' });
      expect(await facts('published_at AS at')).toEqual([{ at: new Date('2026-01-01T00:00:00Z') }]);
    }
  });

  test('an older listing of the same source fills what is unknown, and changes nothing else', async () => {
    const packer = (seconds: number, custom_data: object) =>
      importContent(
        db(),
        JSON.stringify({
          builds: [
            {
              name: 'web',
              builder_type: 'amazon-ebs',
              artifact_id: 'eu-west-1:ami-1',
              build_time: seconds,
              custom_data,
            },
          ],
        }),
        'PACKER_MANIFEST',
      );
    await packer(2_000_000, { operating_system: 'Debian 12' });
    expect(await packer(1_000_000, { operating_system: 'Debian 11', os_platform: 'linux' })).toMatchObject({
      updated: 1,
    });
    expect(await facts('operating_system AS os, os_platform AS platform')).toEqual([
      { os: 'Debian 12', platform: 'linux' },
    ]);
    expect(await packer(1_000_000, { operating_system: 'Debian 11', os_platform: 'linux' })).toMatchObject({
      unchanged: 1,
    });
  });

  test('an inventory tells what is gone, and when it is deprecated, of an image that a stream brought', async () => {
    const known = () => importStream('2026-01-01T00:00:00Z', { 'eu-west-1': 'ami-1' }, { complete: true });
    const inventory = (more: object) => importImages([{ ImageId: 'ami-1', ...more }]);
    const state = () => facts('lifecycle, deprecates_at AS at');
    const at = new Date('2027-01-01T00:00:00Z');
    await known();
    await inventory({ State: 'failed' });
    expect(await state()).toEqual([{ lifecycle: 'AVAILABLE', at: null }]);
    await inventory({ State: 'disabled', DeprecationTime: at.toISOString() });
    expect(await state()).toEqual([{ lifecycle: 'OBSOLETE', at }]);
    const before = await catalogRows(db());
    expect(await known()).toMatchObject({ updated: 0, withdrawn: 0 });
    expect(await inventory({ State: 'disabled', DeprecationTime: at.toISOString() })).toMatchObject({
      updated: 0,
    });
    expect(await catalogRows(db())).toEqual(before);
    await inventory({ State: 'available', DeprecationTime: at.toISOString() });
    expect(await state()).toEqual([{ lifecycle: 'AVAILABLE', at }]);
    await inventory({ State: 'deregistered' });
    expect(await state()).toEqual([{ lifecycle: 'DELETED', at: null }]);
  });

  test('an inventory does not overrule what a hand has set', async () => {
    await importStream('2026-01-01T00:00:00Z', { 'eu-west-1': 'ami-1' });
    await db().query(`UPDATE cloud_images SET lifecycle = 'DEPRECATED', lifecycle_held = true`);
    await importImages([{ ImageId: 'ami-1', State: 'deregistered' }]);
    expect(await lifecycles(db())).toEqual({ 'ami-1': 'DEPRECATED' });
  });
});
