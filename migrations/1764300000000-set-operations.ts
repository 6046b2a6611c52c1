import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Versions that have content in other tables, and by which column that refers to them. */
const CONTENTS = [
  { table: 'multi_cloud_images', reference: 'multi_cloud_image_id' },
  { table: 'server_templates', reference: 'server_template_id' },
] as const;

const VERSIONED = ['multi_cloud_images', 'server_templates', 'right_scripts'] as const;

/** What never changes: a committed revision, and a subscribed HEAD but by its publisher (R-6.1, R-9.4). */
const FIXED = `(parent.sealed OR parent.original_id IS NOT NULL AND parent.revision = 0
            AND current_setting('mci_graph.publishing', true) IS DISTINCT FROM 'on')`;

const OWN_EVENT = `position IS NULL AND kind = 'PUBLICATION' AND transaction = pg_current_xact_id()::text::bigint`;

/**
 * The rules of what is written are checked, and its events written, once per statement where they can be, by plans that
 * are kept: planning them anew took longer than they ran.
 *
 * A kept plan may have been made when the tables were empty, or for one row: those that join what a statement changed
 * look up each row by index, whatever the planner knew then (`enable_seqscan`).
 */
export class SetOperations1764300000000 implements MigrationInterface {
  name = 'SetOperations1764300000000';

  private readonly statements = [
    `CREATE OR REPLACE FUNCTION refuse_sealed_content_change() RETURNS trigger LANGUAGE plpgsql
      SET enable_seqscan = off AS $$
      DECLARE sealed_id uuid;
      BEGIN
        ${CONTENTS.map(
          ({ table, reference }) => `IF TG_ARGV[0] = '${table}' THEN
          SELECT parent.id INTO sealed_id
            FROM (SELECT DISTINCT ${reference} AS id FROM changed) AS touched
            CROSS JOIN LATERAL (
              SELECT parent.id FROM ${table} AS parent WHERE parent.id = touched.id AND ${FIXED} OFFSET 0) AS parent
            LIMIT 1;
        END IF;`,
        ).join('\n        ')}
        IF sealed_id IS NOT NULL THEN
          RAISE EXCEPTION '% of % %: a committed revision never changes', TG_TABLE_NAME, TG_ARGV[0], sealed_id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$`,
    `CREATE OR REPLACE FUNCTION require_sealed_revision() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE complete boolean;
      BEGIN
        CASE TG_TABLE_NAME
        ${VERSIONED.map(
          (table) => `WHEN '${table}' THEN SELECT sealed INTO complete FROM ${table} WHERE id = NEW.id;`,
        ).join('\n        ')}
        END CASE;
        IF complete IS FALSE THEN
          RAISE EXCEPTION '% %: a revision must be sealed in the transaction that makes it', TG_TABLE_NAME, NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$`,
    `CREATE INDEX events_waiting_publications ON events (subject_id) WHERE position IS NULL AND kind = 'PUBLICATION'`,
    `CREATE OR REPLACE FUNCTION record_publication_change(publication uuid, what text) RETURNS void LANGUAGE plpgsql
      SET enable_seqscan = off AS $$
      BEGIN
        UPDATE events SET change = what
         WHERE subject_id = publication AND ${OWN_EVENT} AND change = 'CHANGED' AND what = 'OFFERED';
        INSERT INTO events (transaction, at, kind, change, account_id, subject_id, component_type, lineage_id)
        SELECT pg_current_xact_id()::text::bigint, now(), 'PUBLICATION', what, offered.account_id, offered.id,
               offered.component_type, offered.lineage_id
          FROM publications AS offered
         WHERE offered.id = publication
           AND NOT EXISTS (SELECT FROM events WHERE subject_id = publication AND ${OWN_EVENT});
      END $$`,
    `CREATE OR REPLACE FUNCTION record_publication_events() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM record_publication_change(NEW.id, CASE
          WHEN NEW.status = 'ACTIVE' AND OLD.status <> 'ACTIVE' THEN 'OFFERED'
          WHEN NEW.visibility = 'PUBLIC' AND OLD.visibility <> 'PUBLIC' THEN 'OFFERED'
          ELSE 'CHANGED' END);
        RETURN NULL;
      END $$`,
    'DROP TRIGGER publications_told ON publications',
    `CREATE TRIGGER publications_told AFTER UPDATE OF updated_at, status, visibility ON publications
      FOR EACH ROW EXECUTE FUNCTION record_publication_events()`,
    // In the order in which they were inserted. What is new has no event in this transaction yet.
    `CREATE FUNCTION record_new_publication_events() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO events (transaction, at, kind, change, account_id, subject_id, component_type, lineage_id)
        SELECT pg_current_xact_id()::text::bigint, now(), 'PUBLICATION', 'PUBLISHED', account_id, id, component_type, lineage_id
          FROM added;
        RETURN NULL;
      END $$`,
    `CREATE TRIGGER publications_published_told AFTER INSERT ON publications REFERENCING NEW TABLE AS added
      FOR EACH STATEMENT EXECUTE FUNCTION record_new_publication_events()`,
    `CREATE OR REPLACE FUNCTION record_offer_events() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
      BEGIN
        UPDATE events AS event SET change = 'OFFERED'
          FROM (SELECT DISTINCT publication_id FROM added) AS offered
         WHERE event.subject_id = offered.publication_id AND ${OWN_EVENT} AND change = 'CHANGED';
        INSERT INTO events (transaction, at, kind, change, account_id, subject_id, component_type, lineage_id)
        SELECT pg_current_xact_id()::text::bigint, now(), 'PUBLICATION', 'OFFERED', offered.account_id, offered.id,
               offered.component_type, offered.lineage_id
          FROM publications AS offered
         WHERE offered.id IN (SELECT publication_id FROM added)
           AND NOT EXISTS (SELECT FROM events WHERE subject_id = offered.id AND ${OWN_EVENT})
         ORDER BY offered.id;
        RETURN NULL;
      END $$`,
  ];

  /** As the functions were. */
  private readonly former = [
    `CREATE OR REPLACE FUNCTION record_offer_events() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM record_publication_change(publication_id, 'OFFERED')
          FROM (SELECT DISTINCT publication_id FROM added) AS offered ORDER BY publication_id;
        RETURN NULL;
      END $$`,
    'DROP TRIGGER publications_published_told ON publications',
    'DROP FUNCTION record_new_publication_events',
    'DROP TRIGGER publications_told ON publications',
    `CREATE TRIGGER publications_told AFTER INSERT OR UPDATE OF updated_at, status, visibility ON publications
      FOR EACH ROW EXECUTE FUNCTION record_publication_events()`,
    `CREATE OR REPLACE FUNCTION record_publication_events() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM record_publication_change(NEW.id, CASE
          WHEN TG_OP = 'INSERT' THEN 'PUBLISHED'
          WHEN NEW.status = 'ACTIVE' AND OLD.status <> 'ACTIVE' THEN 'OFFERED'
          WHEN NEW.visibility = 'PUBLIC' AND OLD.visibility <> 'PUBLIC' THEN 'OFFERED'
          ELSE 'CHANGED' END);
        RETURN NULL;
      END $$`,
    `CREATE OR REPLACE FUNCTION record_publication_change(publication uuid, what text) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE events SET change = what
         WHERE subject_id = publication AND position IS NULL AND transaction = pg_current_xact_id()::text::bigint
           AND change = 'CHANGED' AND what = 'OFFERED';
        INSERT INTO events (transaction, at, kind, change, account_id, subject_id, component_type, lineage_id)
        SELECT pg_current_xact_id()::text::bigint, now(), 'PUBLICATION', what, offered.account_id, offered.id,
               offered.component_type, offered.lineage_id
          FROM publications AS offered
         WHERE offered.id = publication AND NOT EXISTS (
           SELECT FROM events WHERE subject_id = publication AND position IS NULL
              AND transaction = pg_current_xact_id()::text::bigint);
      END $$`,
    'DROP INDEX events_waiting_publications',
    `CREATE OR REPLACE FUNCTION require_sealed_revision() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE complete boolean;
      BEGIN
        EXECUTE format('SELECT sealed FROM %I WHERE id = $1', TG_TABLE_NAME) INTO complete USING NEW.id;
        IF complete IS FALSE THEN
          RAISE EXCEPTION '% %: a revision must be sealed in the transaction that makes it', TG_TABLE_NAME, NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$`,
    `CREATE OR REPLACE FUNCTION refuse_sealed_content_change() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE sealed_id uuid;
      BEGIN
        EXECUTE format(
          $q$SELECT parent.id FROM %I AS parent WHERE ${FIXED} AND parent.id IN (SELECT %I FROM changed) LIMIT 1$q$,
          TG_ARGV[0], TG_ARGV[1]) INTO sealed_id;
        IF sealed_id IS NOT NULL THEN
          RAISE EXCEPTION '% of % %: a committed revision never changes', TG_TABLE_NAME, TG_ARGV[0], sealed_id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$`,
  ];

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of this.former) await runner.query(statement);
  }
}
