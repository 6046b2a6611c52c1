import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { migrate } from '../../src/database';
import { createTestDatabase, type TestDatabase } from '../kit/database';
import { SOME_HASH } from '../kit/revisions';

let database: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = database.dataSource;
});
afterAll(() => database.drop());

interface Catalogued {
  readonly tables: unknown;
  readonly columns: unknown;
  readonly indexes: unknown;
  readonly constraints: unknown;
  readonly triggers: unknown;
  readonly functions: unknown;
}

/** Everything that migrations make, as PostgreSQL describes it; without its own and the extensions' objects. */
async function describeSchema(): Promise<Catalogued> {
  const own = `n.nspname = 'public'`;
  const [tables, columns, indexes, constraints, triggers, functions] = await Promise.all([
    dataSource.query(`SELECT c.relname, obj_description(c.oid) AS comment FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE ${own} AND c.relkind = 'r' AND c.relname <> 'migrations' ORDER BY 1`),
    dataSource.query(`SELECT table_name, column_name, data_type, datetime_precision, is_nullable, column_default FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name <> 'migrations' ORDER BY 1, 2`),
    dataSource.query(
      `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'migrations' ORDER BY 1`,
    ),
    dataSource.query(`SELECT c.conname, pg_get_constraintdef(c.oid) AS definition FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
      WHERE ${own} AND c.conrelid <> 'migrations'::regclass ORDER BY 1, 2`),
    dataSource.query(
      `SELECT pg_get_triggerdef(t.oid) AS definition FROM pg_trigger t WHERE NOT t.tgisinternal ORDER BY 1`,
    ),
    dataSource.query(`SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE ${own} AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1`),
  ]);
  return { tables, columns, indexes, constraints, triggers, functions };
}

/**
 * An MCI and a template that pins it, a snapshot of each with its content, a clone of a snapshot, a script, and its
 * snapshot. @returns the key of the MCI's HEAD
 */
function insertSnapshots(): Promise<string> {
  return dataSource.transaction(async (manager) => {
    const run = (sql: string, parameters: unknown[]) => manager.query(sql, parameters);
    const account = randomUUID();
    await run(`INSERT INTO accounts (id, name, created_at) VALUES ($1, 'snapshots', now())`, [account]);
    const version = async (
      table: string,
      name: string,
      lineage: string,
      more: { snapshot?: boolean; clonedFrom?: string; column?: string; value?: string } = {},
    ): Promise<string> => {
      const id = randomUUID();
      const { snapshot = false, clonedFrom = null, column, value } = more;
      await run(
        `INSERT INTO ${table} (id, account_id, lineage_id, revision, name, snapshot, cloned_from_id, created_at, updated_at
           ${column === undefined ? '' : `, ${column}`})
         VALUES ($1, $2, $3, 0, $4, $5, $6, now(), now() ${column === undefined ? '' : ', $7'})`,
        [id, account, lineage, name, snapshot, clonedFrom, ...(column === undefined ? [] : [value])],
      );
      return id;
    };
    const seal = (table: string, id: string) =>
      run(`UPDATE ${table} SET sealed = true, content_hash = ${SOME_HASH} WHERE id = $1`, [id]);
    const [lineage, templates, scripts] = [randomUUID(), randomUUID(), randomUUID()];
    const head = await version('multi_cloud_images', 'head', lineage);
    const taken = await version('multi_cloud_images', 'snapshot', lineage, { snapshot: true });
    for (const id of [head, taken])
      await run(
        `INSERT INTO multi_cloud_image_matchers (id, multi_cloud_image_id, position, name_pattern, pick)
         VALUES ($1, $2, 0, '*', 'UNIQUE')`,
        [randomUUID(), id],
      );
    await version('multi_cloud_images', 'clone of a snapshot', randomUUID(), { clonedFrom: taken });
    await seal('multi_cloud_images', taken);
    const more = { column: 'default_mci_lineage_id', value: lineage };
    const template = await version('server_templates', 'template', templates, more);
    const kept = await version('server_templates', 'kept', templates, { ...more, snapshot: true });
    const source = { column: 'source', value: 'true' };
    const script = await version('right_scripts', 'script', scripts, source);
    const keptScript = await version('right_scripts', 'script', scripts, { ...source, snapshot: true });
    for (const id of [template, kept]) {
      await run(
        `INSERT INTO server_template_multi_cloud_images (server_template_id, mci_lineage_id, multi_cloud_image_id, position)
         VALUES ($1, $2, $3, 0)`,
        [id, lineage, head],
      );
      await run(
        `INSERT INTO server_template_scripts (server_template_id, phase, script_lineage_id, right_script_id, position)
         VALUES ($1, 'BOOT', $2, $3, 0)`,
        [id, scripts, script],
      );
    }
    await seal('server_templates', kept);
    await seal('right_scripts', keptScript);
    return head;
  });
}

/** This one and all that came later. */
async function undoFrom(name: string): Promise<void> {
  const first = dataSource.migrations.findIndex((migration) => migration.name === name);
  for (const _migration of dataSource.migrations.slice(first)) await dataSource.undoLastMigration();
}

/**
 * A server straight in the database, as it was before launch orders had times. @returns what launches an instance of it,
 * with an order in this state
 */
async function serverBeforeLaunchOrders() {
  const run = (sql: string, parameters?: unknown[]) => dataSource.query(sql, parameters);
  const [account, cloud, image, type, template, deployment, server] = Array.from({ length: 7 }, randomUUID);
  await run(`INSERT INTO accounts (id, name, created_at) VALUES ($1, $1::uuid::text, now())`, [account]);
  await run(
    `INSERT INTO clouds (id, cloud_type, region, name, display_name, created_at) VALUES ($1, 'amazon', $1::uuid::text, 'r', 'r', now())`,
    [cloud],
  );
  await run(
    `INSERT INTO cloud_images (id, cloud_id, resource_uid, name, image_type, lifecycle, created_at, updated_at)
     VALUES ($1, $2, 'ami', 'image', 'MACHINE', 'AVAILABLE', now(), now())`,
    [image, cloud],
  );
  await run(
    `INSERT INTO instance_types (id, cloud_id, resource_uid, name, created_at, updated_at) VALUES ($1, $2, 'l', 'l', now(), now())`,
    [type, cloud],
  );
  await run(
    `INSERT INTO server_templates (id, account_id, lineage_id, revision, name, created_at, updated_at) VALUES ($1, $2, $1, 0, 't', now(), now())`,
    [template, account],
  );
  await run(
    `INSERT INTO deployments (id, account_id, name, created_at, updated_at) VALUES ($1, $2, 'd', now(), now())`,
    [deployment, account],
  );
  await run(
    `INSERT INTO servers (id, account_id, deployment_id, cloud_id, server_template_id, name, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, 's', now(), now())`,
    [server, account, deployment, cloud, template],
  );
  const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1, 0, minutes));
  const launch = async (
    name: string,
    state: string,
    minutes: { launched: number; ended?: number },
    order: string,
    after: string | null,
    machine: string | null = null,
  ): Promise<string> => {
    const id = randomUUID();
    const ended = minutes.ended === undefined ? null : at(minutes.ended);
    await run(
      `INSERT INTO instances (id, account_id, cloud_id, server_id, server_template_id, launched_from_id,
         launched_from_version, image_id, instance_type_id, name, state, launched_at, terminated_at, resource_uid)
       VALUES ($1, $2, $3, $4, $5, $5, 1, $6, $7, $8, $9, $10, $11, $12)`,
      [id, account, cloud, server, template, image, type, name, state, at(minutes.launched), ended, machine],
    );
    await run(
      `INSERT INTO launch_orders (id, account_id, kind, state, instance_id, after_instance_id, created_at)
       VALUES ($1, $2, 'LAUNCH', $3, $4, $5, $6)`,
      [randomUUID(), account, order, id, after, at(minutes.launched)],
    );
    return id;
  };
  return { account, launch, at };
}

describe('the migrations', () => {
  test('up, down and up again make the same schema, and down leaves nothing', async () => {
    const first = await describeSchema();
    expect(first.tables).toHaveLength(49);
    const mci = await insertSnapshots();
    await undoFrom('VersionControl1763700000000');
    expect(
      await dataSource.query('SELECT name, cloned_from_id FROM multi_cloud_images ORDER BY name'),
    ).toEqual([
      { name: 'clone of a snapshot', cloned_from_id: null },
      { name: 'head', cloned_from_id: null },
    ]);
    expect(
      await dataSource.query('SELECT multi_cloud_image_id AS id FROM multi_cloud_image_matchers'),
    ).toEqual([{ id: mci }]);
    expect(await dataSource.query('SELECT name FROM server_templates')).toEqual([{ name: 'template' }]);
    expect(
      await dataSource.query('SELECT multi_cloud_image_id AS id FROM server_template_multi_cloud_images'),
    ).toEqual([{ id: mci }]);
    for (const _migration of dataSource.migrations.slice(4)) await dataSource.undoLastMigration();
    expect(await describeSchema()).toEqual({
      tables: [],
      columns: [],
      indexes: [],
      constraints: [],
      triggers: [],
      functions: [],
    });
    expect(await migrate(dataSource)).toBe(dataSource.migrations.length);
    expect(await describeSchema()).toEqual(first);
    expect(await migrate(dataSource)).toBe(0);
  });

  test('orders and instances from before launch orders had times keep what they wait for', async () => {
    const run = (sql: string, parameters?: unknown[]) => dataSource.query(sql, parameters);
    await undoFrom('LaunchOrders1763900000000');
    try {
      const { launch, at } = await serverBeforeLaunchOrders();
      const first = await launch('1', 'TERMINATED', { launched: 0, ended: 20 }, 'COMPLETED', null);
      const second = await launch('2', 'DECOMMISSIONING', { launched: 10 }, 'COMPLETED', first);
      await launch('3', 'PENDING', { launched: 30 }, 'WAITING', second);
      await migrate(dataSource);
      const read = `SELECT instance.name, launch.state, launch.claimable_at AS "order", instance.claimable_at AS instance
        FROM instances AS instance JOIN launch_orders AS launch ON launch.instance_id = instance.id ORDER BY name`;
      expect(await run(read)).toEqual([
        { name: '1', state: 'COMPLETED', order: at(0), instance: at(0) },
        { name: '2', state: 'COMPLETED', order: at(20), instance: at(20) },
        { name: '3', state: 'WAITING', order: null, instance: null },
      ]);
      await undoFrom('LaunchOrders1763900000000');
      expect(await run('SELECT after_instance_id AS id FROM launch_orders ORDER BY created_at')).toEqual([
        { id: null },
        { id: null },
        { id: second },
      ]);
    } finally {
      await migrate(dataSource);
    }
  });

  test('R-8.9: of running instances that are the same machine, the newest stays it; what can not be ended is looked for', async () => {
    const run = (sql: string, parameters?: unknown[]) => dataSource.query(sql, parameters);
    await undoFrom('LaunchOrders1763900000000');
    try {
      const { launch, at, account } = await serverBeforeLaunchOrders();
      const ending = (instance: string) =>
        run(
          `INSERT INTO launch_orders (id, account_id, kind, state, instance_id, created_at)
           VALUES (gen_random_uuid(), $1, 'TERMINATE', 'OPEN', $2, $3)`,
          [account, instance, at(40)],
        );
      await ending(await launch('first', 'DECOMMISSIONING', { launched: 0 }, 'COMPLETED', null, 'i-1'));
      await launch('newest', 'OPERATIONAL', { launched: 10 }, 'COMPLETED', null, 'i-1');
      await launch('ended', 'TERMINATED', { launched: 20, ended: 30 }, 'COMPLETED', null, 'i-1');
      const enrolled = await launch('enrolled', 'DECOMMISSIONING', { launched: 25 }, 'OPEN', null);
      await ending(enrolled);
      await run(
        `UPDATE launch_orders SET state = 'CLAIMED', lease_expires_at = $2 WHERE kind = 'LAUNCH' AND instance_id = $1`,
        [enrolled, at(50)],
      );
      await migrate(dataSource);
      expect(
        await run(
          `SELECT instance.name, instance.resource_uid AS machine, launch.state, ending.claimable_at AS ending
             FROM instances AS instance
             JOIN launch_orders AS launch ON launch.instance_id = instance.id AND launch.kind = 'LAUNCH'
             LEFT JOIN launch_orders AS ending ON ending.launch_order_id = launch.id
            WHERE instance.account_id = $1 ORDER BY instance.launched_at`,
          [account],
        ),
      ).toEqual([
        { name: 'first', machine: null, state: 'COMPLETED', ending: at(40) },
        { name: 'newest', machine: 'i-1', state: 'COMPLETED', ending: null },
        { name: 'ended', machine: 'i-1', state: 'COMPLETED', ending: null },
        { name: 'enrolled', machine: null, state: 'FAILED', ending: at(50) },
      ]);
    } finally {
      await migrate(dataSource);
    }
  });

  test('the entity model has no difference from what they make', async () => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  test('every table has a comment, and every constraint and index a name of ours', async () => {
    const { tables, constraints } = await describeSchema();
    expect((tables as { comment: string | null }[]).filter(({ comment }) => comment === null)).toEqual([]);
    // Names that TypeORM makes up: PK_…, FK_…, UQ_…, IDX_…, CHK_…
    const madeUp = (constraints as { conname: string }[]).filter(({ conname }) =>
      /^(PK|FK|UQ|IDX|CHK|REL)_/.test(conname),
    );
    expect(madeUp).toEqual([]);
  });
});

describe('the database holds the rules, whoever writes', () => {
  const account = randomUUID();
  const cloud = randomUUID();
  const otherCloud = randomUUID();
  const image = randomUUID();
  const type = randomUUID();

  beforeAll(async () => {
    await dataSource.query(`INSERT INTO accounts (id, name, created_at) VALUES ($1, 'rules', now())`, [
      account,
    ]);
    for (const [key, region] of [
      [cloud, 'here'],
      [otherCloud, 'there'],
    ])
      await dataSource.query(
        `INSERT INTO clouds (id, cloud_type, region, name, display_name, created_at) VALUES ($1, 'amazon', $2, $2, $2, now())`,
        [key, region],
      );
    await dataSource.query(
      `INSERT INTO cloud_images (id, cloud_id, resource_uid, name, image_type, lifecycle, created_at, updated_at)
       VALUES ($1, $2, 'ami', 'image', 'MACHINE', 'AVAILABLE', now(), now())`,
      [image, cloud],
    );
    await dataSource.query(
      `INSERT INTO instance_types (id, cloud_id, resource_uid, name, created_at, updated_at) VALUES ($1, $2, 'large', 'large', now(), now())`,
      [type, cloud],
    );
  });

  type Run = (sql: string, parameters?: unknown[]) => Promise<unknown>;

  /** Runs the statements in one transaction, which must fail with this SQLSTATE and message. */
  async function refused(
    act: (run: Run) => Promise<unknown>,
    code: string | RegExp,
    message: string | RegExp,
  ): Promise<void> {
    const attempt = dataSource.transaction((manager) =>
      act((sql, parameters) => manager.query(sql, parameters)),
    );
    await expect(attempt).rejects.toMatchObject({
      code: typeof code === 'string' ? code : expect.stringMatching(code),
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  }

  const INTEGRITY = '23000';
  const CHECK = '23514';
  const UNIQUE = '23505';
  const FOREIGN_KEY = '23503';
  // PostgreSQL 18 tells RESTRICT from other violations of a foreign key.
  const RESTRICT = /^(23001|23503)$/;

  const seal = (run: Run, table: string, id: string) =>
    run(`UPDATE ${table} SET sealed = true, content_hash = ${SOME_HASH} WHERE id = $1`, [id]);

  /** An MCI version with one setting; a revision is sealed unless told otherwise. */
  async function insertMci(run: Run, revision: number, options: { lineage?: string; sealed?: boolean } = {}) {
    const id = randomUUID();
    const lineage = options.lineage ?? randomUUID();
    const setting = randomUUID();
    await run(
      `INSERT INTO multi_cloud_images (id, account_id, lineage_id, revision, name, committed_at, created_at, updated_at)
       VALUES ($1, $2, $3, $4, 'base', CASE WHEN $4 > 0 THEN now() END, now(), now())`,
      [id, account, lineage, revision],
    );
    await insertSetting(run, id, { setting });
    if (revision > 0 && (options.sealed ?? true)) await seal(run, 'multi_cloud_images', id);
    return { id, lineage, setting };
  }

  const insertSetting = (
    run: Run,
    mci: string,
    options: { setting?: string; cloud?: string; userData?: string } = {},
  ) =>
    run(
      `INSERT INTO multi_cloud_image_settings (id, multi_cloud_image_id, cloud_id, image_id, instance_type_id, user_data)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [options.setting ?? randomUUID(), mci, options.cloud ?? cloud, image, type, options.userData ?? null],
    );

  async function insertTemplate(run: Run, defaultLineage: string | null): Promise<string> {
    const id = randomUUID();
    await run(
      `INSERT INTO server_templates (id, account_id, lineage_id, revision, name, created_at, updated_at, default_mci_lineage_id)
       VALUES ($1, $2, $3, 0, 'server', now(), now(), $4)`,
      [id, account, randomUUID(), defaultLineage],
    );
    return id;
  }

  const pin = (run: Run, template: string, mci: { id: string; lineage: string }) =>
    run(
      `INSERT INTO server_template_multi_cloud_images (server_template_id, mci_lineage_id, multi_cloud_image_id, position)
       VALUES ($1, $2, $3, 0)`,
      [template, mci.lineage, mci.id],
    );

  const committed = () =>
    dataSource.transaction((manager) => insertMci((sql, parameters) => manager.query(sql, parameters), 1));
  const head = () =>
    dataSource.transaction((manager) => insertMci((sql, parameters) => manager.query(sql, parameters), 0));

  describe('R-6.1: a committed revision never changes', () => {
    const changes: Record<string, string> = {
      'its name': `UPDATE multi_cloud_images SET name = 'other' WHERE id = $1`,
      'its tags': `UPDATE multi_cloud_images SET tags = '{a}' WHERE id = $1`,
      'its seal': `UPDATE multi_cloud_images SET sealed = false WHERE id = $1`,
      'its message': `UPDATE multi_cloud_images SET commit_message = 'other' WHERE id = $1`,
      'its existence': `DELETE FROM multi_cloud_images WHERE id = $1`,
    };
    test.each(Object.entries(changes))('%s', async (_what, sql) => {
      const { id } = await committed();
      await refused(
        (run) => run(sql, [id]),
        INTEGRITY,
        `multi_cloud_images ${id}: a committed revision never changes`,
      );
    });

    test('its settings: none is changed, added or taken away', async () => {
      const { id, setting } = await committed();
      const message = `multi_cloud_image_settings of multi_cloud_images ${id}: a committed revision never changes`;
      const other = await dataSource.query(`SELECT id FROM clouds WHERE id = $1`, [otherCloud]);
      expect(other).toHaveLength(1);
      await refused(
        (run) => run(`UPDATE multi_cloud_image_settings SET user_data = 'x' WHERE id = $1`, [setting]),
        INTEGRITY,
        message,
      );
      await refused(
        (run) => run('DELETE FROM multi_cloud_image_settings WHERE id = $1', [setting]),
        INTEGRITY,
        message,
      );
      await refused(
        (run) =>
          run(
            `INSERT INTO multi_cloud_image_matchers (id, multi_cloud_image_id, position, name_pattern, pick) VALUES ($1, $2, 0, '*', 'UNIQUE')`,
            [randomUUID(), id],
          ),
        INTEGRITY,
        `multi_cloud_image_matchers of multi_cloud_images ${id}: a committed revision never changes`,
      );
      const settings = await dataSource.query(
        'SELECT id, user_data FROM multi_cloud_image_settings WHERE multi_cloud_image_id = $1',
        [id],
      );
      expect(settings).toEqual([{ id: setting, user_data: null }]);
    });

    test('its setting never moves to another version', async () => {
      const [from, to] = [await head(), await head()];
      await refused(
        (run) =>
          run('UPDATE multi_cloud_image_settings SET multi_cloud_image_id = $1 WHERE id = $2', [
            to.id,
            from.setting,
          ]),
        INTEGRITY,
        'multi_cloud_image_settings: content never moves to another version',
      );
    });

    test('it must be sealed in the transaction that makes it', async () => {
      await refused(
        (run) => insertMci(run, 1, { sealed: false }),
        INTEGRITY,
        /^multi_cloud_images [0-9a-f-]{36}: a revision must be sealed in the transaction that makes it$/,
      );
    });

    test('only its deletion mark may be set; HEAD stays editable', async () => {
      const [revision, editable] = [await committed(), await head()];
      await dataSource.query('UPDATE multi_cloud_images SET deleted_at = now() WHERE id = $1', [revision.id]);
      await dataSource.query(`UPDATE multi_cloud_images SET name = 'other', version = 2 WHERE id = $1`, [
        editable.id,
      ]);
      const rows = await dataSource.query(
        'SELECT name, deleted_at IS NOT NULL AS deleted FROM multi_cloud_images WHERE id = ANY($1) ORDER BY name',
        [[revision.id, editable.id]],
      );
      expect(rows).toEqual([
        { name: 'base', deleted: true },
        { name: 'other', deleted: false },
      ]);
    });

    test('the identity of a version never changes', async () => {
      const { id } = await head();
      await refused(
        (run) => run('UPDATE multi_cloud_images SET lineage_id = $1 WHERE id = $2', [randomUUID(), id]),
        INTEGRITY,
        `multi_cloud_images ${id}: the identity of a version never changes`,
      );
      await refused(
        (run) => run('UPDATE multi_cloud_images SET snapshot = true WHERE id = $1', [id]),
        INTEGRITY,
        `multi_cloud_images ${id}: the identity of a version never changes`,
      );
    });

    test('a HEAD is never sealed, and a lineage has each number once', async () => {
      const { id, lineage } = await head();
      await refused(
        (run) => seal(run, 'multi_cloud_images', id),
        CHECK,
        /violates check constraint "multi_cloud_images_head_unsealed"/,
      );
      await refused(
        (run) => insertMci(run, 0, { lineage }),
        UNIQUE,
        /violates unique constraint "multi_cloud_images_revision"/,
      );
    });
  });

  describe('R-6.1, R-9.4: imported copies and followed HEADs', () => {
    const PUBLISHING = "SELECT set_config('mci_graph.publishing', 'on', true)";

    /** A copy of one of the publisher's versions in another account, with one setting. */
    async function copyOf(run: Run, original: { id: string; lineage: string }, revision: number) {
      const importer = randomUUID();
      const [id, setting] = [randomUUID(), randomUUID()];
      await run(`INSERT INTO accounts (id, name, created_at) VALUES ($1::uuid, $1::text, now())`, [importer]);
      await run(
        `INSERT INTO multi_cloud_images (id, account_id, lineage_id, revision, original_id, name, content_hash, committed_at,
           created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, 'base', ${SOME_HASH}, CASE WHEN $4 > 0 THEN now() END, now(), now())`,
        [id, importer, original.lineage, revision, original.id],
      );
      if (revision === 0) await run(PUBLISHING);
      await insertSetting(run, id, { setting });
      if (revision > 0) await seal(run, 'multi_cloud_images', id);
      return { id, setting };
    }
    const inTransaction = <T>(act: (run: Run) => Promise<T>): Promise<T> =>
      dataSource.transaction((manager) => act((sql, parameters) => manager.query(sql, parameters)));
    const imported = async () => {
      const original = await committed();
      return inTransaction((run) => copyOf(run, original, 1));
    };
    const followed = async () => {
      const original = await head();
      return inTransaction((run) => copyOf(run, original, 0));
    };

    test('an import never changes, but may leave the lists and the collection', async () => {
      const { id, setting } = await imported();
      for (const change of ["name = 'other'", 'original_id = NULL', "parent_ids = '{}'::uuid[] || id"])
        await refused(
          (run) => run(`UPDATE multi_cloud_images SET ${change} WHERE id = $1`, [id]),
          INTEGRITY,
          `multi_cloud_images ${id}: a committed revision never changes`,
        );
      // Not even when something is republished.
      await refused(
        async (run) => {
          await run(PUBLISHING);
          await run(`UPDATE multi_cloud_image_settings SET user_data = 'x' WHERE id = $1`, [setting]);
        },
        INTEGRITY,
        /: a committed revision never changes$/,
      );
      await dataSource.query(
        'UPDATE multi_cloud_images SET superseded = true, deleted_at = now() WHERE id = $1',
        [id],
      );
      await dataSource.query(
        'UPDATE multi_cloud_images SET superseded = false, deleted_at = NULL WHERE id = $1',
        [id],
      );
    });

    test('a followed HEAD changes only by republishing', async () => {
      const { id, setting } = await followed();
      const changes: Record<string, readonly [string, RegExp]> = {
        "UPDATE multi_cloud_images SET name = 'other', version = 2 WHERE id = $1": [
          id,
          /: a subscribed HEAD is its publisher's$/,
        ],
        'DELETE FROM multi_cloud_images WHERE id = $1': [id, /: a subscribed HEAD is its publisher's$/],
        "UPDATE multi_cloud_image_settings SET user_data = 'x' WHERE id = $1": [
          setting,
          /: a committed revision never changes$/,
        ],
        'DELETE FROM multi_cloud_image_settings WHERE id = $1': [
          setting,
          /: a committed revision never changes$/,
        ],
      };
      for (const [sql, [key, message]] of Object.entries(changes))
        await refused((run) => run(sql, [key]), INTEGRITY, message);
      await refused(
        (run) =>
          run(
            `INSERT INTO multi_cloud_image_matchers (id, multi_cloud_image_id, position, name_pattern, pick) VALUES ($1, $2, 0, '*', 'UNIQUE')`,
            [randomUUID(), id],
          ),
        INTEGRITY,
        /: a committed revision never changes$/,
      );
      await inTransaction(async (run) => {
        await run(PUBLISHING);
        await run("UPDATE multi_cloud_images SET name = 'other', version = 2 WHERE id = $1", [id]);
        await run("UPDATE multi_cloud_image_settings SET user_data = 'x' WHERE id = $1", [setting]);
      });
      // What was taken from it is written down, and it may leave the collection.
      await dataSource.query(
        `UPDATE multi_cloud_images SET parent_ids = parent_ids || id, content_hash = ${SOME_HASH}, deleted_at = now() WHERE id = $1`,
        [id],
      );
    });

    test('its identity never changes, not even by republishing', async () => {
      const { id } = await followed();
      const other = await head();
      for (const [column, value] of [
        ['original_id', other.id],
        ['lineage_id', other.lineage],
        ['account_id', account],
      ])
        await refused(
          async (run) => {
            await run(PUBLISHING);
            await run(`UPDATE multi_cloud_images SET ${column} = $1 WHERE id = $2`, [value, id]);
          },
          INTEGRITY,
          `multi_cloud_images ${id}: the identity of a version never changes`,
        );
    });

    test('only imported revisions are superseded, and no snapshot is a copy', async () => {
      const { id } = await head();
      await refused(
        (run) => run('UPDATE multi_cloud_images SET superseded = true WHERE id = $1', [id]),
        CHECK,
        /violates check constraint "multi_cloud_images_superseded"/,
      );
      await refused(
        (run) =>
          run(
            `INSERT INTO multi_cloud_images (id, account_id, lineage_id, revision, snapshot, original_id, name, created_at, updated_at)
             VALUES ($1, $2, $3, 0, true, $4, 'base', now(), now())`,
            [randomUUID(), account, randomUUID(), id],
          ),
        CHECK,
        /violates check constraint "multi_cloud_images_copy"/,
      );
    });
  });

  describe('R-9.3, R-9.4: what was published and imported', () => {
    const CHANGED = /: what (was published|is recorded) never changes$/;

    /** A publication of a version of a lineage that is published with it. */
    async function publishMci(run: Run, { id, lineage }: { id: string; lineage: string }, revision: number) {
      const publication = randomUUID();
      await run(
        `INSERT INTO published_lineages (lineage_id, account_id, component_type, short_description, updated_at)
         VALUES ($1, $2, 'MultiCloudImage', 'short', now())`,
        [lineage, account],
      );
      await run(
        `INSERT INTO publications (id, account_id, component_type, lineage_id, revision, component_id, content_id, name,
           visibility, status, published_at, updated_at)
         VALUES ($1, $2, 'MultiCloudImage', $3, $4, $5, $5, 'base', 'PRIVATE', 'ACTIVE', now(), now())`,
        [publication, account, lineage, revision, id],
      );
      await carry(run, publication, id);
      return publication;
    }
    const carry = (run: Run, publication: string, version: string) =>
      run(
        `INSERT INTO publication_versions (publication_id, version_id, component_type) VALUES ($1, $2, 'MultiCloudImage')`,
        [publication, version],
      );
    const inTransaction = <T>(act: (run: Run) => Promise<T>): Promise<T> =>
      dataSource.transaction((manager) => act((sql, parameters) => manager.query(sql, parameters)));
    const importOf = (run: Run, publication: string, { id, lineage }: { id: string; lineage: string }) =>
      run(
        `INSERT INTO imported_versions (version_id, account_id, component_type, lineage_id, revision, publication_id, imported_at)
         VALUES ($1, $2, 'MultiCloudImage', $3, 1, $4, now())`,
        [id, account, lineage, publication],
      );

    test('imports may be emptied while there are none', () => dataSource.query('TRUNCATE imported_versions'));

    test('nothing is added to a published revision, not even by whoever updates it first', async () => {
      const [version, other] = [await committed(), await committed()];
      const publication = await inTransaction(async (run) => {
        const made = await publishMci(run, version, 1);
        await run("UPDATE publications SET revision_notes = 'new' WHERE id = $1", [made]);
        // As long as it is being published.
        await carry(run, made, (await committed()).id);
        return made;
      });
      await refused((run) => carry(run, publication, other.id), INTEGRITY, CHANGED);
      await refused(
        async (run) => {
          await run("UPDATE publications SET revision_notes = 'newer' WHERE id = $1", [publication]);
          await carry(run, publication, other.id);
        },
        INTEGRITY,
        CHANGED,
      );
    });

    test('a published HEAD is replaced, with its name', async () => {
      const version = await head();
      const publication = await inTransaction((run) => publishMci(run, version, 0));
      await inTransaction(async (run) => {
        await run('DELETE FROM publication_versions WHERE publication_id = $1', [publication]);
        await carry(run, publication, version.id);
        await run("UPDATE publications SET name = 'other' WHERE id = $1", [publication]);
      });
    });

    test('the name of a published revision never changes', async () => {
      const version = await committed();
      const publication = await inTransaction((run) => publishMci(run, version, 1));
      await refused(
        (run) => run("UPDATE publications SET name = 'other' WHERE id = $1", [publication]),
        INTEGRITY,
        CHANGED,
      );
    });

    test('what was imported, by whom, and whose a lineage is never change', async () => {
      const [version, other] = [await committed(), await committed()];
      const publication = await inTransaction((run) => publishMci(run, version, 1));
      await inTransaction((run) => importOf(run, publication, version));
      await dataSource.query(
        'INSERT INTO publication_importers (publication_id, account_id) VALUES ($1, $2)',
        [publication, account],
      );
      const changes: Record<string, readonly string[]> = {
        imported_versions: [
          `version_id = '${other.id}'`,
          `account_id = '${randomUUID()}'`,
          "component_type = 'RightScript'",
          `lineage_id = '${other.lineage}'`,
          'revision = 7',
        ],
        published_lineages: [
          `lineage_id = '${other.lineage}'`,
          `account_id = '${randomUUID()}'`,
          "component_type = 'RightScript'",
        ],
        publication_importers: [`account_id = '${randomUUID()}'`],
      };
      for (const [table, all] of Object.entries(changes))
        for (const change of all)
          await refused((run) => run(`UPDATE ${table} SET ${change}`), INTEGRITY, CHANGED);
      for (const table of ['imported_versions', 'publication_importers']) {
        await refused((run) => run(`DELETE FROM ${table}`), INTEGRITY, CHANGED);
        await refused((run) => run(`TRUNCATE ${table}`), INTEGRITY, CHANGED);
      }
      // It leaves the collection and comes back, with another publication.
      await dataSource.query(
        'UPDATE imported_versions SET removed_at = now(), imported_at = now(), publication_id = publication_id, revision = 1',
      );
    });
  });

  test('R-9.4: the marketplace stays while anything is imported, which would look like private components', async () => {
    const original = await committed();
    await dataSource.query(
      `INSERT INTO multi_cloud_images (id, account_id, lineage_id, revision, original_id, name, created_at, updated_at)
       VALUES ($1, $2, $3, 0, $4, 'followed', now(), now())`,
      [randomUUID(), account, randomUUID(), original.id],
    );
    const before = await describeSchema();
    await expect(undoFrom('Marketplace1764000000000')).rejects.toThrow(
      /multi_cloud_images has imported versions/,
    );
    await migrate(dataSource);
    expect(await describeSchema()).toEqual(before);
  });

  describe('R-6.1, R-6.8: revisions and snapshots of RightScripts', () => {
    type Version = Partial<Record<'lineage' | 'template', string>> & { revision: number; snapshot?: boolean };

    /** A script version, and a ServerTemplate version that runs it twice; both sealed unless HEADs. */
    const insertScript = ({ revision, snapshot = false, ...options }: Version) =>
      dataSource.transaction(async (manager) => {
        const run: Run = (sql, parameters) => manager.query(sql, parameters);
        const [id, lineage] = [randomUUID(), options.lineage ?? randomUUID()];
        const template = options.template ?? randomUUID();
        const columns =
          'id, account_id, lineage_id, revision, snapshot, name, committed_at, created_at, updated_at';
        const values = `$1, $2, $3, $4, $5, 'x', CASE WHEN $4 > 0 THEN now() END, now(), now()`;
        const versions = [revision, snapshot];
        await run(`INSERT INTO right_scripts (${columns}, source) VALUES (${values}, 'true')`, [
          id,
          account,
          lineage,
          ...versions,
        ]);
        await run(`INSERT INTO server_templates (${columns}) VALUES (${values})`, [
          template,
          account,
          randomUUID(),
          ...versions,
        ]);
        for (const phase of ['BOOT', 'DECOMMISSION'])
          await run(
            `INSERT INTO server_template_scripts (server_template_id, phase, script_lineage_id, right_script_id, position)
             VALUES ($1, $2, $3, $4, 0)`,
            [template, phase, lineage, id],
          );
        if (revision > 0 || snapshot) {
          await seal(run, 'right_scripts', id);
          await seal(run, 'server_templates', template);
        }
        return { id, lineage, template };
      });

    const SEALED: [string, Version][] = [
      ['a revision', { revision: 1 }],
      ['a snapshot', { revision: 0, snapshot: true }],
    ];

    test.each(SEALED)('%s never changes, nor do the scripts of a template', async (_what, version) => {
      const { id, lineage, template } = await insertScript(version);
      for (const sql of [
        `UPDATE right_scripts SET source = 'false' WHERE id = $1`,
        `UPDATE right_scripts SET name = 'other' WHERE id = $1`,
        `UPDATE right_scripts SET parent_ids = ARRAY[id] WHERE id = $1`,
        `UPDATE right_scripts SET content_hash = ${SOME_HASH} WHERE id = $1`,
        `UPDATE right_scripts SET sealed = false WHERE id = $1`,
      ])
        await refused(
          (run) => run(sql, [id]),
          INTEGRITY,
          `right_scripts ${id}: a committed revision never changes`,
        );
      for (const sql of [
        'UPDATE server_template_scripts SET position = 1 WHERE server_template_id = $1',
        `UPDATE server_template_scripts SET phase = 'OPERATIONAL' WHERE server_template_id = $1 AND phase = 'BOOT'`,
        'DELETE FROM server_template_scripts WHERE server_template_id = $1',
        `INSERT INTO server_template_scripts (server_template_id, phase, script_lineage_id, right_script_id, position)
         SELECT $1, 'OPERATIONAL', lineage_id, id, 0 FROM right_scripts WHERE id = '${id}'`,
      ])
        await refused(
          (run) => run(sql, [template]),
          INTEGRITY,
          `server_template_scripts of server_templates ${template}: a committed revision never changes`,
        );
      await dataSource.query('UPDATE right_scripts SET deleted_at = now() WHERE id = $1', [id]);
      const rows = await dataSource.query(
        `SELECT source, (SELECT array_agg(phase ORDER BY phase) FROM server_template_scripts WHERE script_lineage_id = $2) AS phases
         FROM right_scripts WHERE id = $1 AND deleted_at IS NOT NULL`,
        [id, lineage],
      );
      expect(rows).toEqual([{ source: 'true', phases: ['BOOT', 'DECOMMISSION'] }]);
    });

    test('a HEAD has many snapshots, each number of a lineage is there once', async () => {
      const { lineage } = await insertScript({ revision: 0 });
      await insertScript({ revision: 0, snapshot: true, lineage });
      await insertScript({ revision: 0, snapshot: true, lineage });
      await insertScript({ revision: 1, lineage });
      for (const revision of [0, 1])
        await expect(insertScript({ revision, lineage })).rejects.toMatchObject({
          code: UNIQUE,
          message: expect.stringMatching(/violates unique constraint "right_scripts_revision"/),
        });
    });

    test('a snapshot is no revision, must be sealed with what made it, and a sealed version has a hash', async () => {
      await expect(insertScript({ revision: 1, snapshot: true })).rejects.toMatchObject({
        code: CHECK,
        message: expect.stringMatching(/violates check constraint "right_scripts_snapshot"/),
      });
      const { id } = await insertScript({ revision: 0 });
      await refused(
        (run) => seal(run, 'right_scripts', id),
        CHECK,
        /violates check constraint "right_scripts_head_unsealed"/,
      );
      await refused(
        (run) =>
          run(
            `INSERT INTO right_scripts (id, account_id, lineage_id, revision, sealed, name, source, committed_at, created_at, updated_at)
             VALUES ($1, $2, $1, 1, true, 'x', 'true', now(), now(), now())`,
            [randomUUID(), account],
          ),
        CHECK,
        /violates check constraint "right_scripts_hashed"/,
      );
      await refused(
        (run) =>
          run(
            `INSERT INTO right_scripts (id, account_id, lineage_id, revision, snapshot, name, source, created_at, updated_at)
             VALUES ($1, $2, $1, 0, true, 'x', 'true', now(), now())`,
            [randomUUID(), account],
          ),
        INTEGRITY,
        /^right_scripts [0-9a-f-]{36}: a revision must be sealed in the transaction that makes it$/,
      );
    });

    test('R-5.4: a lineage at most once per phase, in a phase there is, pinned to a version of its own', async () => {
      const [one, other] = [await insertScript({ revision: 0 }), await insertScript({ revision: 0 })];
      const attach = (phase: string, lineage: string, id: string) => (run: Run) =>
        run(
          `INSERT INTO server_template_scripts (server_template_id, phase, script_lineage_id, right_script_id, position)
           VALUES ($1, $2, $3, $4, 1)`,
          [one.template, phase, lineage, id],
        );
      await refused(
        attach('BOOT', one.lineage, one.id),
        UNIQUE,
        /violates unique constraint "server_template_scripts_key"/,
      );
      await refused(
        attach('LATER', other.lineage, other.id),
        CHECK,
        /violates check constraint "server_template_scripts_phase"/,
      );
      await refused(
        attach('OPERATIONAL', other.lineage, one.id),
        FOREIGN_KEY,
        /violates foreign key constraint "server_template_scripts_pin"/,
      );
      await refused(
        (run) =>
          run('UPDATE server_template_scripts SET server_template_id = $1 WHERE server_template_id = $2', [
            other.template,
            one.template,
          ]),
        INTEGRITY,
        'server_template_scripts: content never moves to another version',
      );
      await refused(
        (run) => run('DELETE FROM right_scripts WHERE id = $1', [one.id]),
        RESTRICT,
        /foreign key constraint "server_template_scripts_pin"/,
      );
    });
  });

  test.each([
    `UPDATE history_entries SET message = 'other'`,
    'DELETE FROM history_entries',
    'TRUNCATE history_entries',
  ])('section 6: what happened never changes: %s', async (sql) => {
    const lineage = randomUUID();
    await dataSource.query(
      `INSERT INTO history_entries (account_id, lineage_id, number, component_type, event, component_id, at)
       VALUES ($1, $2, 1, 'RightScript', 'CREATED', $3, now())`,
      [account, lineage, randomUUID()],
    );
    await refused((run) => run(sql), INTEGRITY, 'history_entries: what happened never changes');
    await refused(
      (run) =>
        run(
          `INSERT INTO history_entries (account_id, lineage_id, number, component_type, event, component_id, at)
           VALUES ($1, $2, 1, 'RightScript', 'COMMITTED', $3, now())`,
          [account, lineage, randomUUID()],
        ),
      UNIQUE,
      /violates unique constraint "history_entries_key"/,
    );
  });

  describe('R-5.1: exactly one default when there is any MCI', () => {
    const message = /^server_templates [0-9a-f-]{36}: exactly one of its MCIs must be the default$/;

    test('an MCI without a default', async () => {
      const mci = await head();
      await refused(async (run) => pin(run, await insertTemplate(run, null), mci), INTEGRITY, message);
    });

    test('a default without MCIs', async () => {
      const { lineage } = await head();
      await refused((run) => insertTemplate(run, lineage), INTEGRITY, message);
    });

    test('taking the default away', async () => {
      const mci = await head();
      const template = await dataSource.transaction(async (manager) => {
        const run: Run = (sql, parameters) => manager.query(sql, parameters);
        const key = await insertTemplate(run, mci.lineage);
        await pin(run, key, mci);
        return key;
      });
      await refused(
        (run) =>
          run('DELETE FROM server_template_multi_cloud_images WHERE server_template_id = $1', [template]),
        INTEGRITY,
        `server_templates ${template}: exactly one of its MCIs must be the default`,
      );
    });

    test('a lineage at most once, and pinned to a version of its own', async () => {
      const [mci, other] = [await head(), await head()];
      await refused(
        async (run) => {
          const template = await insertTemplate(run, mci.lineage);
          await pin(run, template, mci);
          await pin(run, template, mci);
        },
        UNIQUE,
        /violates unique constraint "server_template_multi_cloud_images_key"/,
      );
      await refused(
        async (run) =>
          pin(run, await insertTemplate(run, mci.lineage), { id: other.id, lineage: mci.lineage }),
        FOREIGN_KEY,
        /violates foreign key constraint "server_template_multi_cloud_images_pin"/,
      );
    });
  });

  describe('R-4.1: settings', () => {
    test('at most one per cloud', async () => {
      const { id } = await head();
      await refused(
        (run) => insertSetting(run, id),
        UNIQUE,
        /violates unique constraint "multi_cloud_image_settings_cloud_unique"/,
      );
    });

    test('image and instance type exist in that very cloud', async () => {
      const { id } = await head();
      await refused(
        (run) => insertSetting(run, id, { cloud: otherCloud }),
        FOREIGN_KEY,
        /violates foreign key constraint "multi_cloud_image_settings_(image|type)_reference"/,
      );
    });

    test('user data has at most 16,384 bytes of UTF-8', async () => {
      const { setting } = await head();
      const store = (text: string) =>
        `UPDATE multi_cloud_image_settings SET user_data = '${text}' WHERE id = $1`;
      await dataSource.query(store('é'.repeat(8192)), [setting]);
      await refused(
        (run) => run(store(`${'é'.repeat(8192)}x`), [setting]),
        CHECK,
        /violates check constraint "multi_cloud_image_settings_user_data"/,
      );
    });

    test('what a setting names cannot be deleted', async () => {
      await head();
      await refused(
        (run) => run('DELETE FROM cloud_images WHERE id = $1', [image]),
        RESTRICT,
        /foreign key constraint "multi_cloud_image_settings_image_reference"/,
      );
    });
  });

  test.each(['UPDATE audit_entries SET actor = $1', 'DELETE FROM audit_entries WHERE actor <> $1'])(
    'R-2.4: what was recorded never changes: %s',
    async (sql) => {
      await dataSource.query(
        `INSERT INTO audit_entries (id, account_id, actor, action, object_type, changes, at) VALUES ($1, $2, 'one', 'a.b', 'Account', '{}', now())`,
        [randomUUID(), account],
      );
      await refused((run) => run(sql, ['two']), INTEGRITY, 'audit_entries: what was recorded never changes');
    },
  );

  describe('section 8: servers, instances and orders', () => {
    /** A server, straight in the database. */
    async function insertServer(run: Run): Promise<{ server: string; template: string }> {
      const [deployment, server] = [randomUUID(), randomUUID()];
      const template = await insertTemplate(run, null);
      await run(
        `INSERT INTO deployments (id, account_id, name, created_at, updated_at) VALUES ($1, $2, 'd', now(), now())`,
        [deployment, account],
      );
      await run(
        `INSERT INTO servers (id, account_id, deployment_id, cloud_id, server_template_id, name, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, 's', now(), now())`,
        [server, account, deployment, cloud, template],
      );
      return { server, template };
    }

    async function insertInstance(
      run: Run,
      { server, template }: { server: string; template: string },
      state = 'OPERATIONAL',
      resourceUid: string | null = null,
    ): Promise<string> {
      const id = randomUUID();
      await run(
        `INSERT INTO instances (id, account_id, cloud_id, server_id, server_template_id, launched_from_id, launched_from_version,
           image_id, instance_type_id, name, state, launched_at, terminated_at, resource_uid)
         VALUES ($1, $2, $3, $4, $5, $5, 1, $6, $7, 'i', $8, now(), CASE WHEN $8 = 'TERMINATED' THEN now() END, $9)`,
        [id, account, cloud, server, template, image, type, state, resourceUid],
      );
      return id;
    }

    const launched = (state?: string, resourceUid?: string) =>
      dataSource.transaction(async (manager) => {
        const run: Run = (sql, parameters) => manager.query(sql, parameters);
        return insertInstance(run, await insertServer(run), state, resourceUid);
      });

    const frozen: Record<string, string> = {
      'its image': 'image_id = gen_random_uuid()',
      'its instance type': 'instance_type_id = gen_random_uuid()',
      'its kernel': 'kernel_image_id = image_id',
      'its ramdisk': 'ramdisk_image_id = image_id',
      'its user data': `user_data = 'other'`,
      'its MCI': 'multi_cloud_image_id = gen_random_uuid()',
      "its MCI's version": 'multi_cloud_image_version = 9',
      'the template that it was launched from': 'launched_from_id = gen_random_uuid()',
      "that template's version": 'launched_from_version = 9',
      'the tags that it was launched with': `launched_tags = '{a}'`,
      'its cloud': 'cloud_id = gen_random_uuid()',
      'its server': 'server_id = gen_random_uuid()',
      'its name': `name = 'other'`,
      'when it was launched': `launched_at = now() + interval '1 day'`,
    };
    test.each(Object.entries(frozen))('R-8.2: %s never changes', async (_what, change) => {
      const id = await launched();
      await refused(
        (run) => run(`UPDATE instances SET ${change} WHERE id = $1`, [id]),
        INTEGRITY,
        `instances ${id}: what it was launched with never changes`,
      );
    });

    test('R-8.2: nor is an instance deleted; what it follows, its tags and its state may change', async () => {
      const id = await launched();
      await refused(
        (run) => run('DELETE FROM instances WHERE id = $1', [id]),
        INTEGRITY,
        `instances ${id}: what it was launched with never changes`,
      );
      const other = await dataSource.transaction((manager) =>
        insertTemplate((sql, parameters) => manager.query(sql, parameters), null),
      );
      await dataSource.query(
        `UPDATE instances SET server_template_id = $2, tags = '{a}', state = 'DECOMMISSIONING' WHERE id = $1`,
        [id, other],
      );
      const rows = await dataSource.query(
        'SELECT server_template_id, tags, state FROM instances WHERE id = $1',
        [id],
      );
      expect(rows).toEqual([{ server_template_id: other, tags: ['a'], state: 'DECOMMISSIONING' }]);
    });

    test('R-8.3: what is TERMINATED stays so, with the time', async () => {
      const id = await launched('TERMINATED');
      await refused(
        (run) => run(`UPDATE instances SET state = 'BOOTING', terminated_at = NULL WHERE id = $1`, [id]),
        INTEGRITY,
        `instances ${id}: what is terminated stays terminated`,
      );
      await refused(
        (run) => run('UPDATE instances SET terminated_at = NULL WHERE id = $1', [id]),
        CHECK,
        /instances_terminated/,
      );
    });

    test('R-8.2: a server has one current instance at most; one on its way out does not count', async () => {
      await refused(
        async (run) => {
          const server = await insertServer(run);
          await insertInstance(run, server, 'DECOMMISSIONING');
          await insertInstance(run, server, 'STRANDED');
          await insertInstance(run, server, 'PENDING');
        },
        UNIQUE,
        /instances_current/,
      );
    });

    test('R-8.1: the cloud of a server never changes', async () => {
      const { server } = await dataSource.transaction((manager) =>
        insertServer((sql, parameters) => manager.query(sql, parameters)),
      );
      await refused(
        (run) => run('UPDATE servers SET cloud_id = $2 WHERE id = $1', [server, otherCloud]),
        INTEGRITY,
        `servers ${server}: the cloud never changes`,
      );
    });

    test('R-8.2: nor are instances emptied', async () => {
      await launched();
      await refused(
        (run) => run('TRUNCATE instances CASCADE'),
        INTEGRITY,
        'instances: what was launched is never forgotten',
      );
    });

    test('R-8.2: an MCI and its version are frozen together', () =>
      refused(
        async (run) => {
          const { server, template } = await insertServer(run);
          await run(
            `INSERT INTO instances (id, account_id, cloud_id, server_id, server_template_id, launched_from_id,
               launched_from_version, image_id, instance_type_id, name, state, launched_at, multi_cloud_image_version)
             VALUES ($1, $2, $3, $4, $5, $5, 1, $6, $7, 'i', 'PENDING', now(), 1)`,
            [randomUUID(), account, cloud, server, template, image, type],
          );
        },
        CHECK,
        /instances_multi_cloud_image/,
      ));

    test('R-8.9: a machine is one instance at a time', async () => {
      const first = await launched('OPERATIONAL', 'i-once');
      await refused(
        async (run) => insertInstance(run, await insertServer(run), 'BOOTING', 'i-once'),
        UNIQUE,
        /instances_machine/,
      );
      await dataSource.query(
        `UPDATE instances SET state = 'TERMINATED', terminated_at = now() WHERE id = $1`,
        [first],
      );
      await launched('BOOTING', 'i-once');
    });

    test('R-8.9: an order that is claimed has a lease, another one has none; only a bundle has an image', async () => {
      const instance = await launched();
      const order = (kind: string, state: string, lease: string, made: string | null) => (run: Run) =>
        run(
          `INSERT INTO launch_orders (id, account_id, kind, state, instance_id, image_id, lease_expires_at, claimable_at, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, ${lease}, now(), now())`,
          [randomUUID(), account, kind, state, instance, made],
        );
      await refused(order('LAUNCH', 'CLAIMED', 'NULL', null), CHECK, /launch_orders_lease/);
      await refused(order('LAUNCH', 'OPEN', 'now()', null), CHECK, /launch_orders_lease/);
      await refused(order('LAUNCH', 'OPEN', 'NULL', image), CHECK, /launch_orders_bundle/);
      await refused(order('BUNDLE', 'OPEN', 'NULL', null), CHECK, /launch_orders_bundle/);
      await refused(
        async (run) => {
          await order('BUNDLE', 'OPEN', 'NULL', image)(run);
          await order('BUNDLE', 'OPEN', 'NULL', image)(run);
        },
        UNIQUE,
        /launch_orders_bundled/,
      );
    });

    test('R-8.9: an order that does not wait says from when on it can be claimed; only a TERMINATE looks for a machine', async () => {
      const instance = await launched();
      const order =
        (id: string, kind: string, state: string, claimable: string, launch: string | null) => (run: Run) =>
          run(
            `INSERT INTO launch_orders (id, account_id, kind, state, instance_id, launch_order_id, claimable_at, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, ${claimable}, now())`,
            [id, account, kind, state, instance, launch],
          );
      const launch = randomUUID();
      await order(
        launch,
        'LAUNCH',
        'WAITING',
        'NULL',
        null,
      )((sql, parameters) => dataSource.query(sql, parameters));
      await refused(order(randomUUID(), 'LAUNCH', 'OPEN', 'NULL', null), CHECK, /launch_orders_claimable/);
      await refused(order(randomUUID(), 'LAUNCH', 'OPEN', 'now()', launch), CHECK, /launch_orders_search/);
    });
  });

  test('R-2.4: the audit log cannot be emptied', () =>
    refused(
      (run) => run('TRUNCATE audit_entries'),
      INTEGRITY,
      'audit_entries: what was recorded never changes',
    ));

  test('R-2.3: there is at most one operator', async () => {
    const insert = `INSERT INTO accounts (id, name, operator, created_at) VALUES ($1::uuid, $1::text, true, now())`;
    await dataSource.query(insert, [randomUUID()]);
    await refused(
      (run) => run(insert, [randomUUID()]),
      UNIQUE,
      /violates unique constraint "accounts_operator_unique"/,
    );
  });

  test('R-2.1: only known roles, and a machine has some', async () => {
    const insert = (roles: string) =>
      `INSERT INTO access_tokens (id, account_id, name, token_hash, roles, created_at) VALUES ($1, $2, 'x', decode(md5(random()::text), 'hex'), ${roles}, now())`;
    await refused(
      (run) => run(insert(`'{ROOT}'`), [randomUUID(), account]),
      CHECK,
      /violates check constraint "access_tokens_roles"/,
    );
    await refused(
      (run) => run(insert('NULL'), [randomUUID(), account]),
      CHECK,
      /violates check constraint "access_tokens_machine_roles"/,
    );
  });
});
