import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { readPage, type PageOfRows } from '../../src/persistence/keyset-page';
import { rightScriptList, type ComponentFilter } from '../../src/persistence/components/component-list';
import type { RightScript } from '../../src/entities/components/right-script';
import type { Row } from '../../src/persistence/select';
import { createTestDatabase, type TestDatabase } from '../kit/database';

/** That lists by tag and name find what has the tag, however components come and change. */

const NOW = new Date('2026-01-01T00:00:00Z');
const TAGS = ['raw', 'env:stage=live', 'env:stage=test', 'env:stage=*', 'Raw two'];
const KEYS = [...TAGS, 'env:other=*', 'raw two'];

let database: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  ({ dataSource } = database);
});
afterAll(() => database.drop());

const subset = fc.subarray(TAGS);

/** What becomes of those that it is allowed for. */
const change = fc.oneof(
  fc.record({
    column: fc.constant('name'),
    value: fc.constantFrom('a', 'b', 'c'),
    of: fc.constant('NOT sealed'),
  }),
  fc.record({ column: fc.constant('tags'), value: subset, of: fc.constant('NOT sealed') }),
  fc.record({
    column: fc.constant('deleted_at'),
    value: fc.constantFrom(NOW, null),
    of: fc.constant('true'),
  }),
  fc.record({
    column: fc.constant('superseded'),
    value: fc.boolean(),
    of: fc.constant('original_id IS NOT NULL'),
  }),
);

const scripts = fc.array(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    tags: subset,
    kind: fc.constantFrom('HEAD', 'HEAD', 'REVISION', 'COPY', 'SNAPSHOT'),
  }),
  { minLength: 4, maxLength: 8 },
);

async function insertAccount(): Promise<string> {
  const id = randomUUID();
  await dataSource.query(
    'INSERT INTO accounts (id, name, created_at) VALUES ($1::uuid, $1::uuid::text, $2)',
    [id, NOW],
  );
  return id;
}

/** Each of a lineage of its own; what is imported says that it is a copy of itself. */
async function insert(
  accountId: string,
  rows: readonly { name: string; tags: string[]; kind: string }[],
): Promise<string[]> {
  const ids = rows.map(() => randomUUID());
  await dataSource.query(
    `INSERT INTO right_scripts (id, account_id, lineage_id, revision, version, snapshot, sealed, content_hash, original_id,
       name, tags, source, committed_at, created_at, updated_at)
     SELECT id, $1, gen_random_uuid(), CASE WHEN committed THEN 1 ELSE 0 END, 1, kind = 'SNAPSHOT', kind <> 'HEAD',
       CASE WHEN kind <> 'HEAD' THEN decode(md5(id::text), 'hex') END, CASE WHEN kind = 'COPY' THEN id END, name,
       ARRAY(SELECT jsonb_array_elements_text(tags)), '', CASE WHEN committed THEN $2::timestamptz END, $2, $2
     FROM jsonb_to_recordset($3) AS row(id uuid, kind text, name text, tags jsonb),
       LATERAL (SELECT kind IN ('REVISION', 'COPY') AS committed) AS made`,
    [accountId, NOW, JSON.stringify(rows.map((row, index) => ({ ...row, id: ids[index] })))],
  );
  return ids;
}

/** All pages of two, as the list gives them. */
async function paged(
  accountId: string,
  filter: ComponentFilter,
  order: 'NAME_ASC' | 'NAME_DESC',
): Promise<string[]> {
  const found: string[] = [];
  for (let after: string | null = null; ;) {
    const page: PageOfRows<Row<RightScript>> = await readPage(
      dataSource.manager,
      rightScriptList({ accountId, now: NOW }, filter, order),
      { first: 2, after },
    );
    found.push(...page.edges.map(({ node }) => node.id));
    if (!page.hasNextPage) return found;
    after = page.edges.at(-1)?.cursor ?? null;
  }
}

test('R-10.1: pages by tag and name are what is current and has the tag', async () => {
  await fc.assert(
    fc.asyncProperty(
      scripts,
      fc.array(fc.tuple(fc.nat(), change), { maxLength: 20 }),
      async (rows, changes) => {
        const accountId = await insertAccount();
        const ids = await insert(accountId, rows);
        for (const [which, { column, value, of }] of changes)
          await dataSource.query(`UPDATE right_scripts SET ${column} = $2 WHERE id = $1 AND ${of}`, [
            ids[which % ids.length],
            value,
          ]);
        for (const key of KEYS) {
          const expected: { id: string }[] = await dataSource.query(
            `SELECT id FROM right_scripts WHERE account_id = $1 AND NOT snapshot AND deleted_at IS NULL
             AND (revision = 0 OR original_id IS NOT NULL) AND NOT superseded AND EXISTS (
               SELECT FROM unnest(tags) AS tag WHERE tag = $2 OR (tag LIKE '%:%=%' AND split_part(tag, '=', 1) || '=*' = $2))
           ORDER BY name, id`,
            [accountId, key],
          );
          const found = expected.map(({ id }) => id);
          expect(await paged(accountId, { tag: key }, 'NAME_ASC')).toEqual(found);
          expect(await paged(accountId, { tag: key }, 'NAME_DESC')).toEqual(found.toReversed());
        }
        await dataSource.query('DELETE FROM right_scripts WHERE account_id = $1 AND NOT sealed', [accountId]);
        expect(
          await dataSource.query(
            `SELECT FROM listed_component_tags AS listed WHERE account_id = $1 AND NOT EXISTS (SELECT FROM right_scripts WHERE id = listed.component_id)`,
            [accountId],
          ),
        ).toEqual([]);
      },
    ),
    { numRuns: 8, endOnFailure: true },
  );
});
