import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When orders can be claimed, machines that are to be looked for, and what else the database holds of section 8. */
export class LaunchOrders1763900000000 implements MigrationInterface {
  name = 'LaunchOrders1763900000000';

  private readonly statements = [
    'ALTER TABLE launch_orders ADD claimable_at timestamptz(3), ADD launch_order_id uuid',
    'ALTER TABLE instances ADD claimable_at timestamptz(3)',
    `UPDATE launch_orders AS launch
        SET claimable_at = coalesce((SELECT terminated_at FROM instances WHERE id = launch.after_instance_id), created_at)
      WHERE state <> 'WAITING'`,
    `UPDATE instances AS instance SET claimable_at = coalesce(
        (SELECT claimable_at FROM launch_orders WHERE instance_id = instance.id AND kind = 'LAUNCH'), launched_at)
      WHERE state <> 'PENDING'`,
    // What waits does so for every other machine of its server, not for one.
    'ALTER TABLE launch_orders DROP after_instance_id',
    `ALTER TABLE launch_orders
        ADD CONSTRAINT launch_orders_claimable CHECK (claimable_at IS NOT NULL OR state IN ('WAITING', 'FAILED')),
        ADD CONSTRAINT launch_orders_search CHECK (launch_order_id IS NULL OR kind = 'TERMINATE'),
        ADD CONSTRAINT launch_orders_launch_order FOREIGN KEY (launch_order_id) REFERENCES launch_orders(id) ON DELETE RESTRICT`,
    `ALTER TABLE instances
        ADD CONSTRAINT instances_multi_cloud_image CHECK ((multi_cloud_image_id IS NULL) = (multi_cloud_image_version IS NULL))`,
    `COMMENT ON COLUMN launch_orders.claimable_at IS 'From when on it can be claimed; null while it waits.'`,
    `COMMENT ON COLUMN launch_orders.launch_order_id IS 'Of a TERMINATE: the LAUNCH whose machine is to be found by it.'`,
    `COMMENT ON COLUMN launch_orders.enrolment_hash IS 'SHA-256 of the enrolment token of the present claim; null once its credential was used.'`,
    `COMMENT ON COLUMN instances.claimable_at IS 'When its LAUNCH order could be claimed: boot times begin here (R-8.3). Null while PENDING.'`,
    'CREATE UNIQUE INDEX launch_orders_bundled ON launch_orders (image_id) WHERE image_id IS NOT NULL',
    // Machines used to tell their own ids, and nothing kept two from telling the same one: at most one is right, most likely
    // the newest. Which machines the others are is unknown until who drives their cloud says so.
    `UPDATE instances AS instance SET resource_uid = NULL
      WHERE state <> 'TERMINATED' AND resource_uid IS NOT NULL AND EXISTS (
        SELECT FROM instances AS later
         WHERE later.account_id = instance.account_id AND later.cloud_id = instance.cloud_id
           AND later.resource_uid = instance.resource_uid AND later.state <> 'TERMINATED'
           AND (later.launched_at, later.id) > (instance.launched_at, instance.id))`,
    // Nobody could end a machine whose id is unknown: it is looked for by its launch, which is not tried again.
    `UPDATE launch_orders AS ending SET launch_order_id = launch.id,
        claimable_at = greatest(ending.claimable_at, launch.lease_expires_at)
       FROM launch_orders AS launch JOIN instances AS instance ON instance.id = launch.instance_id
      WHERE ending.kind = 'TERMINATE' AND ending.state IN ('OPEN', 'CLAIMED') AND ending.instance_id = instance.id
        AND launch.kind = 'LAUNCH' AND instance.state = 'DECOMMISSIONING' AND instance.resource_uid IS NULL`,
    `UPDATE launch_orders AS launch SET state = 'FAILED', failure = 'The instance is decommissioned.',
        lease_expires_at = NULL, enrolment_hash = NULL, completed_at = now()
       FROM instances AS instance
      WHERE launch.instance_id = instance.id AND launch.kind = 'LAUNCH' AND launch.state IN ('WAITING', 'OPEN', 'CLAIMED')
        AND instance.state = 'DECOMMISSIONING'`,
    `CREATE UNIQUE INDEX instances_machine ON instances (account_id, cloud_id, resource_uid) WHERE resource_uid IS NOT NULL AND state <> 'TERMINATED'`,
    `CREATE INDEX launch_orders_aside ON launch_orders (account_id, created_at, id) WHERE state IN ('WAITING', 'FAILED')`,
    `CREATE INDEX launch_orders_bundles ON launch_orders (account_id, created_at, id) WHERE kind = 'BUNDLE'`,
    'CREATE INDEX instances_cloud ON instances (cloud_id, account_id, launched_at, id)',
    'DROP INDEX instances_launched_from',
    'CREATE INDEX instances_launched_from ON instances (launched_from_id, account_id)',
    // A catalog without instances may be emptied, which reaches here by cascade.
    `CREATE FUNCTION refuse_instance_truncation() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (SELECT FROM instances) THEN
          RAISE EXCEPTION 'instances: what was launched is never forgotten'
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$`,
    `CREATE TRIGGER instances_kept BEFORE TRUNCATE ON instances
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_instance_truncation()`,
  ];

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER instances_kept ON instances');
    await runner.query('DROP FUNCTION refuse_instance_truncation');
    await runner.query(
      `DROP INDEX instances_machine, launch_orders_bundled, launch_orders_aside, launch_orders_bundles, instances_cloud,
        instances_launched_from`,
    );
    await runner.query('CREATE INDEX instances_launched_from ON instances (launched_from_id)');
    await runner.query(
      'ALTER TABLE instances DROP CONSTRAINT instances_multi_cloud_image, DROP claimable_at',
    );
    await runner.query(
      `COMMENT ON COLUMN launch_orders.enrolment_hash IS 'SHA-256 of the enrolment token of the present claim; null once it was spent.'`,
    );
    await runner.query('ALTER TABLE launch_orders ADD after_instance_id uuid');
    await runner.query(
      `COMMENT ON COLUMN launch_orders.after_instance_id IS 'WAITING until this instance is TERMINATED (R-8.3).'`,
    );
    // The last of its server that has not ended.
    await runner.query(`
      UPDATE launch_orders AS launch SET after_instance_id = (
        SELECT other.id FROM instances AS waiting
        JOIN instances AS other ON other.server_id = waiting.server_id AND other.id <> waiting.id
        WHERE waiting.id = launch.instance_id AND other.state <> 'TERMINATED'
        ORDER BY other.launched_at DESC, other.id LIMIT 1)
      WHERE state = 'WAITING'`);
    // Nobody could carry these out before.
    await runner.query(
      `UPDATE launch_orders SET state = 'COMPLETED', lease_expires_at = NULL, completed_at = now()
       WHERE launch_order_id IS NOT NULL AND state IN ('OPEN', 'CLAIMED')
         AND EXISTS (SELECT FROM instances WHERE id = instance_id AND resource_uid IS NULL)`,
    );
    // Its constraints go with it.
    await runner.query('ALTER TABLE launch_orders DROP claimable_at, DROP launch_order_id');
    await runner.query(
      `CREATE INDEX launch_orders_waiting ON launch_orders (after_instance_id) WHERE state = 'WAITING'`,
    );
    await runner.query(`
      ALTER TABLE launch_orders ADD CONSTRAINT launch_orders_after_instance
      FOREIGN KEY (after_instance_id) REFERENCES instances(id) ON DELETE RESTRICT`);
  }
}
