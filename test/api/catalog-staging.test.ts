import { csv, importContent } from './catalog-kit';
import { createTestDatabase, type TestDatabase } from '../kit/database';
import { until } from '../kit/webhooks';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const query = <R>(statement: string, parameters: unknown[] = []): Promise<R[]> =>
  database.dataSource.query(statement, parameters);
const importCsv = (content: AsyncIterable<string> | string) =>
  importContent(database.dataSource, content, 'CSV', { cloudType: 'openstack', region: 'a' });

test('R-3.3: text arrives as it was written, whatever characters COPY gives a meaning', async () => {
  const description = 'tab\t, line\nend, return\r, \\N, \\. and \\';
  const content = [
    'record,resource_uid,name,description,cpu_architectures',
    `image,escaped,n,"${description}",`,
    'instance_type,types,n,,"""{a}\\, b""|x86_64"',
  ].join('\n');
  await expect(importCsv(content)).resolves.toMatchObject({ created: 2, refusedCount: 0 });
  await expect(query(`SELECT description FROM cloud_images WHERE resource_uid = 'escaped'`)).resolves.toEqual(
    [{ description }],
  );
  await expect(query(`SELECT cpu_architectures FROM instance_types`)).resolves.toEqual([
    { cpu_architectures: ['"{a}\\, b"', 'x86_64'] },
  ]);
});

test('R-3.3: an image that somebody else makes during the import is then known', async () => {
  await importCsv(csv([{ resource_uid: 'known', name: 'n' }]));
  const other = database.dataSource.createQueryRunner();
  try {
    await other.startTransaction();
    await other.query(
      `INSERT INTO cloud_images (id, cloud_id, resource_uid, name, image_type, lifecycle, created_at, updated_at)
       SELECT gen_random_uuid(), id, 'raced', 'other', 'MACHINE', 'AVAILABLE', now(), now() FROM clouds`,
    );
    const report = importCsv(csv(['known', 'raced', 'new'].map((uid) => ({ resource_uid: uid, name: 'n' }))));
    await until(async () => {
      const waiting = await query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return waiting.length === 1;
    });
    await other.commitTransaction();
    await expect(report).resolves.toMatchObject({ created: 1, updated: 1, unchanged: 1 });
  } finally {
    await other.release();
  }
  await expect(
    query(
      `SELECT image.name FROM cloud_images AS image
       JOIN catalog_image_listings AS listing ON listing.cloud_image_id = image.id WHERE image.resource_uid = 'raced'`,
    ),
  ).resolves.toEqual([{ name: 'n' }]);
});

test('R-3.3: a connection that ends while rows are sent fails the import, leaves nothing, and is replaced', async () => {
  const rows = (count: number) => Array.from({ length: count }, (_, row) => `lost-${row},n`).join('\n');
  async function* content() {
    yield `resource_uid,name\n${rows(3000)}\n`;
    await query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND query LIKE 'COPY catalog_import_rows%'`,
    );
    yield rows(30_000);
  }
  await expect(importCsv(content())).rejects.toThrow(/terminat|EPIPE|ECONNRESET/);
  await expect(query(`SELECT FROM cloud_images WHERE resource_uid LIKE 'lost%'`)).resolves.toEqual([]);
  await expect(importCsv(csv([{ resource_uid: 'after', name: 'n' }]))).resolves.toMatchObject({ created: 1 });
});
