import type { MigrationInterface, QueryRunner } from 'typeorm';

const WITH_DELETED = ['servers', 'server_arrays', 'deployments'];

/** What lists had to look for in all that an account ever did, or ever had. */
export class ListIndexes1764630000000 implements MigrationInterface {
  name = 'ListIndexes1764630000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      // The audit log is kept for ever: who did what rarely is found by neither time nor object.
      'CREATE INDEX audit_entries_user ON audit_entries (account_id, user_id, at, id)',
      'CREATE INDEX audit_entries_action ON audit_entries (account_id, action, at, id)',
      ...WITH_DELETED.map((table) => `CREATE INDEX ${table}_all_name ON ${table} (account_id, name, id)`),
      // Which servers run, and which do not, whatever they ran before.
      `CREATE INDEX instances_running_server ON instances (server_id) WHERE state <> 'TERMINATED' AND server_id IS NOT NULL`,
      // For any states that nothing stays in, those of `launch_orders_open` among them.
      `CREATE INDEX launch_orders_unfinished ON launch_orders (account_id, created_at, id) WHERE state <> 'COMPLETED'`,
      'DROP INDEX launch_orders_aside',
      `CREATE INDEX launch_orders_ends ON launch_orders (account_id, created_at, id) WHERE kind = 'TERMINATE'`,
    ])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [
      'DROP INDEX launch_orders_ends',
      `CREATE INDEX launch_orders_aside ON launch_orders (account_id, created_at, id) WHERE state IN ('WAITING', 'FAILED')`,
      'DROP INDEX launch_orders_unfinished',
      'DROP INDEX instances_running_server',
      ...WITH_DELETED.map((table) => `DROP INDEX ${table}_all_name`),
      'DROP INDEX audit_entries_action, audit_entries_user',
    ])
      await runner.query(statement);
  }
}
