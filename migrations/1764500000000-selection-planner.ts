import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What planned statements need (docs/adr/0016). */
export class SelectionPlanner1764500000000 implements MigrationInterface {
  name = 'SelectionPlanner1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE FUNCTION missing_value() RETURNS text LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'a value is missing that the schema says is never null' USING ERRCODE = 'MC001';
        END $$`,
    );
    await runner.query(
      `COMMENT ON FUNCTION missing_value() IS 'Leaves an answer to the resolvers, which tell what is missing.'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION missing_value()');
  }
}
