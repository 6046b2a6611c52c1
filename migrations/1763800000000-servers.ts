import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['launch_orders', 'instances', 'server_arrays', 'servers', 'deployments'];
const DEFINITIONS = ['servers', 'server_arrays'];
const TAGGED = [...DEFINITIONS, 'deployments', 'instances'];

/** What an instance was launched with, and what identifies it. */
const FROZEN = [
  'id',
  'account_id',
  'server_id',
  'server_array_id',
  'cloud_id',
  'name',
  'launched_from_id',
  'launched_from_version',
  'multi_cloud_image_id',
  'multi_cloud_image_version',
  'image_id',
  'instance_type_id',
  'kernel_image_id',
  'ramdisk_image_id',
  'user_data',
  'launched_tags',
  'launched_at',
];

/** Deployments, servers, arrays, instances and the orders of launchers (section 8). */
export class Servers1763800000000 implements MigrationInterface {
  name = 'Servers1763800000000';

  private readonly statements = [
    `CREATE TABLE deployments (
        id uuid NOT NULL,
        account_id uuid NOT NULL,
        name text NOT NULL,
        description text,
        tags text[] NOT NULL DEFAULT '{}',
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        deleted_at timestamptz(3),
        CONSTRAINT deployments_tag_count CHECK (cardinality(tags) <= 100),
        CONSTRAINT deployments_key PRIMARY KEY (id)
      )`,
    `COMMENT ON COLUMN deployments.version IS 'Rises with every change.'`,
    `CREATE INDEX deployments_name ON deployments (account_id, name, id) WHERE deleted_at IS NULL`,
    `COMMENT ON TABLE deployments IS 'Servers and arrays that belong together.'`,
    `CREATE TABLE servers (
        id uuid NOT NULL,
        account_id uuid NOT NULL,
        cloud_id uuid NOT NULL,
        server_template_id uuid NOT NULL,
        multi_cloud_image_id uuid,
        image_id uuid,
        instance_type_id uuid,
        kernel_image_id uuid,
        ramdisk_image_id uuid,
        user_data text,
        deployment_id uuid NOT NULL,
        none text[] NOT NULL DEFAULT '{}',
        name text NOT NULL,
        description text,
        tags text[] NOT NULL DEFAULT '{}',
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        deleted_at timestamptz(3),
        CONSTRAINT servers_tag_count CHECK (cardinality(tags) <= 100),
        CONSTRAINT servers_user_data CHECK (octet_length(user_data) <= 16384),
        CONSTRAINT servers_none CHECK (none <@ ARRAY['KERNEL_IMAGE', 'RAMDISK_IMAGE', 'USER_DATA']),
        CONSTRAINT servers_none_or_chosen CHECK (NOT ('KERNEL_IMAGE' = ANY (none) AND kernel_image_id IS NOT NULL) AND NOT ('RAMDISK_IMAGE' = ANY (none) AND ramdisk_image_id IS NOT NULL) AND NOT ('USER_DATA' = ANY (none) AND user_data IS NOT NULL)),
        CONSTRAINT servers_key PRIMARY KEY (id)
      )`,
    `COMMENT ON COLUMN servers.cloud_id IS 'Never changes (R-8.1).'`,
    `COMMENT ON COLUMN servers.server_template_id IS 'Template version that is followed: HEAD or a revision.'`,
    `COMMENT ON COLUMN servers.user_data IS 'At most 16,384 bytes of UTF-8.'`,
    `COMMENT ON COLUMN servers.none IS 'Explicitly nothing: any of KERNEL_IMAGE, RAMDISK_IMAGE, USER_DATA.'`,
    `COMMENT ON COLUMN servers.version IS 'Rises with every change.'`,
    `CREATE INDEX servers_name ON servers (account_id, name, id) WHERE deleted_at IS NULL`,
    `CREATE INDEX servers_deployment ON servers (deployment_id, name, id) WHERE deleted_at IS NULL`,
    `CREATE INDEX servers_template ON servers (server_template_id) WHERE deleted_at IS NULL`,
    `CREATE INDEX servers_mci ON servers (multi_cloud_image_id) WHERE multi_cloud_image_id IS NOT NULL`,
    `CREATE INDEX servers_image ON servers (image_id) WHERE image_id IS NOT NULL`,
    `CREATE INDEX servers_kernel ON servers (kernel_image_id) WHERE kernel_image_id IS NOT NULL`,
    `CREATE INDEX servers_ramdisk ON servers (ramdisk_image_id) WHERE ramdisk_image_id IS NOT NULL`,
    `COMMENT ON TABLE servers IS 'Definitions of one machine each; null choices inherit (R-7.2).'`,
    `CREATE TABLE server_arrays (
        id uuid NOT NULL,
        account_id uuid NOT NULL,
        cloud_id uuid NOT NULL,
        server_template_id uuid NOT NULL,
        multi_cloud_image_id uuid,
        image_id uuid,
        instance_type_id uuid,
        kernel_image_id uuid,
        ramdisk_image_id uuid,
        user_data text,
        deployment_id uuid NOT NULL,
        none text[] NOT NULL DEFAULT '{}',
        name text NOT NULL,
        description text,
        tags text[] NOT NULL DEFAULT '{}',
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        deleted_at timestamptz(3),
        min_count integer NOT NULL,
        max_count integer NOT NULL,
        CONSTRAINT server_arrays_counts CHECK (min_count >= 0 AND max_count >= min_count AND max_count <= 1000),
        CONSTRAINT server_arrays_tag_count CHECK (cardinality(tags) <= 100),
        CONSTRAINT server_arrays_user_data CHECK (octet_length(user_data) <= 16384),
        CONSTRAINT server_arrays_none CHECK (none <@ ARRAY['KERNEL_IMAGE', 'RAMDISK_IMAGE', 'USER_DATA']),
        CONSTRAINT server_arrays_none_or_chosen CHECK (NOT ('KERNEL_IMAGE' = ANY (none) AND kernel_image_id IS NOT NULL) AND NOT ('RAMDISK_IMAGE' = ANY (none) AND ramdisk_image_id IS NOT NULL) AND NOT ('USER_DATA' = ANY (none) AND user_data IS NOT NULL)),
        CONSTRAINT server_arrays_key PRIMARY KEY (id)
      )`,
    `COMMENT ON COLUMN server_arrays.cloud_id IS 'Never changes (R-8.1).'`,
    `COMMENT ON COLUMN server_arrays.server_template_id IS 'Template version that is followed: HEAD or a revision.'`,
    `COMMENT ON COLUMN server_arrays.user_data IS 'At most 16,384 bytes of UTF-8.'`,
    `COMMENT ON COLUMN server_arrays.none IS 'Explicitly nothing: any of KERNEL_IMAGE, RAMDISK_IMAGE, USER_DATA.'`,
    `COMMENT ON COLUMN server_arrays.version IS 'Rises with every change.'`,
    `CREATE INDEX server_arrays_name ON server_arrays (account_id, name, id) WHERE deleted_at IS NULL`,
    `CREATE INDEX server_arrays_deployment ON server_arrays (deployment_id, name, id) WHERE deleted_at IS NULL`,
    `CREATE INDEX server_arrays_template ON server_arrays (server_template_id) WHERE deleted_at IS NULL`,
    `CREATE INDEX server_arrays_mci ON server_arrays (multi_cloud_image_id) WHERE multi_cloud_image_id IS NOT NULL`,
    `CREATE INDEX server_arrays_image ON server_arrays (image_id) WHERE image_id IS NOT NULL`,
    `CREATE INDEX server_arrays_kernel ON server_arrays (kernel_image_id) WHERE kernel_image_id IS NOT NULL`,
    `CREATE INDEX server_arrays_ramdisk ON server_arrays (ramdisk_image_id) WHERE ramdisk_image_id IS NOT NULL`,
    `COMMENT ON TABLE server_arrays IS 'Definitions of many machines alike; null choices inherit (R-7.2).'`,
    `CREATE TABLE instances (
        id uuid NOT NULL,
        account_id uuid NOT NULL,
        cloud_id uuid NOT NULL,
        server_template_id uuid NOT NULL,
        multi_cloud_image_id uuid,
        image_id uuid,
        instance_type_id uuid,
        kernel_image_id uuid,
        ramdisk_image_id uuid,
        user_data text,
        name text NOT NULL,
        server_id uuid,
        server_array_id uuid,
        launched_from_id uuid NOT NULL,
        launched_from_version integer NOT NULL,
        multi_cloud_image_version integer,
        launched_tags text[] NOT NULL DEFAULT '{}',
        tags text[] NOT NULL DEFAULT '{}',
        state text NOT NULL,
        state_reason text,
        resource_uid text,
        launched_at timestamptz(3) NOT NULL,
        operational_at timestamptz(3),
        terminated_at timestamptz(3),
        forced boolean NOT NULL DEFAULT false,
        credential_hash bytea,
        CONSTRAINT instances_tag_count CHECK (cardinality(tags) <= 200),
        CONSTRAINT instances_terminated CHECK ((state = 'TERMINATED') = (terminated_at IS NOT NULL)),
        CONSTRAINT instances_state CHECK (state IN ('PENDING', 'BOOTING', 'OPERATIONAL', 'STRANDED', 'DECOMMISSIONING', 'TERMINATED')),
        CONSTRAINT instances_launched_with CHECK (image_id IS NOT NULL AND instance_type_id IS NOT NULL),
        CONSTRAINT instances_owner CHECK ((server_id IS NULL) <> (server_array_id IS NULL)),
        CONSTRAINT instances_key PRIMARY KEY (id)
      )`,
    `COMMENT ON COLUMN instances.cloud_id IS 'Never changes (R-8.1).'`,
    `COMMENT ON COLUMN instances.server_template_id IS 'Template version that is followed: HEAD or a revision.'`,
    `COMMENT ON COLUMN instances.user_data IS 'At most 16,384 bytes of UTF-8.'`,
    `COMMENT ON COLUMN instances.launched_from_id IS 'Template version that it was launched from.'`,
    `COMMENT ON COLUMN instances.launched_from_version IS 'The template''s version then: tells states of a HEAD apart.'`,
    `COMMENT ON COLUMN instances.multi_cloud_image_version IS 'The MCI''s version then.'`,
    `COMMENT ON COLUMN instances.launched_tags IS 'Tags of its server or array and of the MCI, at the launch.'`,
    `COMMENT ON COLUMN instances.forced IS 'A person made it operational: not counted in boot times (R-8.3).'`,
    `COMMENT ON COLUMN instances.credential_hash IS 'SHA-256 of the credential that acts for it (R-8.9).'`,
    `CREATE UNIQUE INDEX instances_credential ON instances (credential_hash) WHERE credential_hash IS NOT NULL`,
    `CREATE INDEX instances_launched_from ON instances (launched_from_id)`,
    `CREATE INDEX instances_template ON instances (server_template_id)`,
    `CREATE INDEX instances_mci ON instances (multi_cloud_image_id)`,
    `CREATE INDEX instances_ramdisk ON instances (ramdisk_image_id) WHERE ramdisk_image_id IS NOT NULL`,
    `CREATE INDEX instances_kernel ON instances (kernel_image_id) WHERE kernel_image_id IS NOT NULL`,
    `CREATE INDEX instances_image ON instances (image_id)`,
    `CREATE UNIQUE INDEX instances_current ON instances (server_id) WHERE server_id IS NOT NULL AND state IN ('PENDING', 'BOOTING', 'OPERATIONAL', 'STRANDED')`,
    `CREATE INDEX instances_array ON instances (server_array_id, launched_at, id) WHERE server_array_id IS NOT NULL`,
    `CREATE INDEX instances_server ON instances (server_id, launched_at, id) WHERE server_id IS NOT NULL`,
    `CREATE INDEX instances_running ON instances (account_id, id) WHERE state <> 'TERMINATED'`,
    `CREATE INDEX instances_launched ON instances (account_id, launched_at, id)`,
    `COMMENT ON TABLE instances IS 'Launched machines; what they were launched with never changes (R-8.2).'`,
    `CREATE TABLE launch_orders (
        id uuid NOT NULL,
        account_id uuid NOT NULL,
        kind text NOT NULL,
        state text NOT NULL,
        instance_id uuid NOT NULL,
        after_instance_id uuid,
        image_id uuid,
        claim_id uuid,
        lease_expires_at timestamptz(3),
        attempts integer NOT NULL DEFAULT 0,
        enrolment_hash bytea,
        failure text,
        created_at timestamptz(3) NOT NULL,
        completed_at timestamptz(3),
        CONSTRAINT launch_orders_bundle CHECK ((kind = 'BUNDLE') = (image_id IS NOT NULL)),
        CONSTRAINT launch_orders_lease CHECK ((state = 'CLAIMED') = (lease_expires_at IS NOT NULL)),
        CONSTRAINT launch_orders_state CHECK (state IN ('WAITING', 'OPEN', 'CLAIMED', 'COMPLETED', 'FAILED')),
        CONSTRAINT launch_orders_kind CHECK (kind IN ('LAUNCH', 'TERMINATE', 'BUNDLE')),
        CONSTRAINT launch_orders_key PRIMARY KEY (id)
      )`,
    `COMMENT ON COLUMN launch_orders.after_instance_id IS 'WAITING until this instance is TERMINATED (R-8.3).'`,
    `COMMENT ON COLUMN launch_orders.image_id IS 'The image that a bundle makes.'`,
    `COMMENT ON COLUMN launch_orders.claim_id IS 'Proof of the present claim; a new one each time.'`,
    `COMMENT ON COLUMN launch_orders.enrolment_hash IS 'SHA-256 of the enrolment token of the present claim; null once it was spent.'`,
    `CREATE UNIQUE INDEX launch_orders_enrolment ON launch_orders (enrolment_hash) WHERE enrolment_hash IS NOT NULL`,
    `CREATE INDEX launch_orders_waiting ON launch_orders (after_instance_id) WHERE state = 'WAITING'`,
    `CREATE INDEX launch_orders_instance ON launch_orders (instance_id, created_at)`,
    `CREATE INDEX launch_orders_created ON launch_orders (account_id, created_at, id)`,
    `CREATE INDEX launch_orders_open ON launch_orders (account_id, created_at, id) WHERE state IN ('OPEN', 'CLAIMED')`,
    `COMMENT ON TABLE launch_orders IS 'What launchers are to do; each is claimed by one at a time (R-8.9).'`,
    `ALTER TABLE deployments ADD CONSTRAINT deployments_account FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE RESTRICT`,
    `ALTER TABLE servers ADD CONSTRAINT launch_account FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE RESTRICT`,
    `ALTER TABLE servers ADD CONSTRAINT launch_cloud FOREIGN KEY (cloud_id) REFERENCES clouds(id) ON DELETE RESTRICT`,
    `ALTER TABLE servers ADD CONSTRAINT launch_server_template FOREIGN KEY (server_template_id) REFERENCES server_templates(id) ON DELETE RESTRICT`,
    `ALTER TABLE servers ADD CONSTRAINT launch_multi_cloud_image FOREIGN KEY (multi_cloud_image_id) REFERENCES multi_cloud_images(id) ON DELETE RESTRICT`,
    `ALTER TABLE servers ADD CONSTRAINT launch_image FOREIGN KEY (image_id, cloud_id) REFERENCES cloud_images(id,cloud_id) ON DELETE RESTRICT`,
    `ALTER TABLE servers ADD CONSTRAINT launch_instance_type FOREIGN KEY (instance_type_id, cloud_id) REFERENCES instance_types(id,cloud_id) ON DELETE RESTRICT`,
    `ALTER TABLE servers ADD CONSTRAINT launch_kernel_image FOREIGN KEY (kernel_image_id, cloud_id) REFERENCES cloud_images(id,cloud_id) ON DELETE RESTRICT`,
    `ALTER TABLE servers ADD CONSTRAINT launch_ramdisk_image FOREIGN KEY (ramdisk_image_id, cloud_id) REFERENCES cloud_images(id,cloud_id) ON DELETE RESTRICT`,
    `ALTER TABLE servers ADD CONSTRAINT launch_deployment FOREIGN KEY (deployment_id) REFERENCES deployments(id) ON DELETE RESTRICT`,
    `ALTER TABLE server_arrays ADD CONSTRAINT launch_account FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE RESTRICT`,
    `ALTER TABLE server_arrays ADD CONSTRAINT launch_cloud FOREIGN KEY (cloud_id) REFERENCES clouds(id) ON DELETE RESTRICT`,
    `ALTER TABLE server_arrays ADD CONSTRAINT launch_server_template FOREIGN KEY (server_template_id) REFERENCES server_templates(id) ON DELETE RESTRICT`,
    `ALTER TABLE server_arrays ADD CONSTRAINT launch_multi_cloud_image FOREIGN KEY (multi_cloud_image_id) REFERENCES multi_cloud_images(id) ON DELETE RESTRICT`,
    `ALTER TABLE server_arrays ADD CONSTRAINT launch_image FOREIGN KEY (image_id, cloud_id) REFERENCES cloud_images(id,cloud_id) ON DELETE RESTRICT`,
    `ALTER TABLE server_arrays ADD CONSTRAINT launch_instance_type FOREIGN KEY (instance_type_id, cloud_id) REFERENCES instance_types(id,cloud_id) ON DELETE RESTRICT`,
    `ALTER TABLE server_arrays ADD CONSTRAINT launch_kernel_image FOREIGN KEY (kernel_image_id, cloud_id) REFERENCES cloud_images(id,cloud_id) ON DELETE RESTRICT`,
    `ALTER TABLE server_arrays ADD CONSTRAINT launch_ramdisk_image FOREIGN KEY (ramdisk_image_id, cloud_id) REFERENCES cloud_images(id,cloud_id) ON DELETE RESTRICT`,
    `ALTER TABLE server_arrays ADD CONSTRAINT launch_deployment FOREIGN KEY (deployment_id) REFERENCES deployments(id) ON DELETE RESTRICT`,
    `ALTER TABLE instances ADD CONSTRAINT launch_account FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE RESTRICT`,
    `ALTER TABLE instances ADD CONSTRAINT launch_cloud FOREIGN KEY (cloud_id) REFERENCES clouds(id) ON DELETE RESTRICT`,
    `ALTER TABLE instances ADD CONSTRAINT launch_server_template FOREIGN KEY (server_template_id) REFERENCES server_templates(id) ON DELETE RESTRICT`,
    `ALTER TABLE instances ADD CONSTRAINT launch_multi_cloud_image FOREIGN KEY (multi_cloud_image_id) REFERENCES multi_cloud_images(id) ON DELETE RESTRICT`,
    `ALTER TABLE instances ADD CONSTRAINT launch_image FOREIGN KEY (image_id, cloud_id) REFERENCES cloud_images(id,cloud_id) ON DELETE RESTRICT`,
    `ALTER TABLE instances ADD CONSTRAINT launch_instance_type FOREIGN KEY (instance_type_id, cloud_id) REFERENCES instance_types(id,cloud_id) ON DELETE RESTRICT`,
    `ALTER TABLE instances ADD CONSTRAINT launch_kernel_image FOREIGN KEY (kernel_image_id, cloud_id) REFERENCES cloud_images(id,cloud_id) ON DELETE RESTRICT`,
    `ALTER TABLE instances ADD CONSTRAINT launch_ramdisk_image FOREIGN KEY (ramdisk_image_id, cloud_id) REFERENCES cloud_images(id,cloud_id) ON DELETE RESTRICT`,
    `ALTER TABLE instances ADD CONSTRAINT instances_server_reference FOREIGN KEY (server_id) REFERENCES servers(id) ON DELETE RESTRICT`,
    `ALTER TABLE instances ADD CONSTRAINT instances_array_reference FOREIGN KEY (server_array_id) REFERENCES server_arrays(id) ON DELETE RESTRICT`,
    `ALTER TABLE instances ADD CONSTRAINT instances_launched_from_reference FOREIGN KEY (launched_from_id) REFERENCES server_templates(id) ON DELETE RESTRICT`,
    `ALTER TABLE launch_orders ADD CONSTRAINT launch_orders_account FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE RESTRICT`,
    `ALTER TABLE launch_orders ADD CONSTRAINT launch_orders_instance_reference FOREIGN KEY (instance_id) REFERENCES instances(id) ON DELETE RESTRICT`,
    `ALTER TABLE launch_orders ADD CONSTRAINT launch_orders_after_instance FOREIGN KEY (after_instance_id) REFERENCES instances(id) ON DELETE RESTRICT`,
    `ALTER TABLE launch_orders ADD CONSTRAINT launch_orders_image FOREIGN KEY (image_id) REFERENCES cloud_images(id) ON DELETE RESTRICT`,
  ];

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
    for (const table of DEFINITIONS)
      await runner.query(`
        CREATE INDEX ${table}_search ON ${table}
        USING gin (account_id, (name || ' ' || coalesce(description, '')) gin_trgm_ops)`);
    for (const table of TAGGED)
      await runner.query(
        `CREATE INDEX ${table}_tags ON ${table} USING gin (account_id, tag_search_keys(tags))`,
      );
    await this.frozenInstances(runner);
    await this.fixedClouds(runner);
  }

  /** the frozen values never change, also not through SQL; nor does an instance that ended come back. */
  private async frozenInstances(runner: QueryRunner): Promise<void> {
    const row = (name: string) => FROZEN.map((column) => `${name}.${column}`).join(', ');
    await runner.query(`
      CREATE FUNCTION refuse_frozen_instance_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' OR (${row('NEW')}) IS DISTINCT FROM (${row('OLD')}) THEN
          RAISE EXCEPTION 'instances %: what it was launched with never changes', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF OLD.state = 'TERMINATED' AND NEW.state <> 'TERMINATED' THEN
          RAISE EXCEPTION 'instances %: what is terminated stays terminated', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$`);
    await runner.query(`
      CREATE TRIGGER instances_frozen BEFORE UPDATE OR DELETE ON instances
      FOR EACH ROW EXECUTE FUNCTION refuse_frozen_instance_change()`);
  }

  /** the cloud of a server or array can't be changed. */
  private async fixedClouds(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION refuse_cloud_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION '% %: the cloud never changes', TG_TABLE_NAME, OLD.id
          USING ERRCODE = 'integrity_constraint_violation';
      END $$`);
    for (const table of DEFINITIONS)
      await runner.query(`
        CREATE TRIGGER ${table}_cloud BEFORE UPDATE OF cloud_id ON ${table}
        FOR EACH ROW WHEN (NEW.cloud_id IS DISTINCT FROM OLD.cloud_id) EXECUTE FUNCTION refuse_cloud_change()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE ${TABLES.join(', ')}`);
    await runner.query('DROP FUNCTION refuse_frozen_instance_change, refuse_cloud_change');
  }
}
