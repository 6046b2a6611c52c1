import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By which condition indexes of the catalog have only what some account may find listed. */
const LISTED = "WHERE status = 'ACTIVE' AND NOT superseded";
const OFFERED = "WHERE status = 'ACTIVE'";

const RATING = '(rating_sum * 1000 / greatest(rating_count, 1))';
const IMPORTS = "(CASE WHEN visibility = 'PUBLIC' THEN import_count ELSE 0 END)";

/** @param listed which rows the lists of the catalog need @param found which of them its search */
const indexes = (listed: string, found: string): string[] => [
  'DROP INDEX publications_name, publications_published, publications_rating, publications_imports, publications_search, publications_name_parts',
  `CREATE INDEX publications_name ON publications (name, id) ${listed}`,
  `CREATE INDEX publications_published ON publications (published_at, id) ${listed}`,
  `CREATE INDEX publications_rating ON publications (${RATING}, id) ${listed}`,
  `CREATE INDEX publications_imports ON publications (${IMPORTS}, id) ${listed}`,
  `CREATE INDEX publications_search ON publications USING gin (search) ${found}`,
  `CREATE INDEX publications_name_parts ON publications USING gin (name gin_trgm_ops) ${found}`,
];

/**
 * Which publications are the highest of their lineage for nobody, so that the lists of the catalog don't pass over them:
 * their indexes have the others only.
 */
export class SupersededPublications1764620000000 implements MigrationInterface {
  name = 'SupersededPublications1764620000000';

  private readonly statements = [
    'ALTER TABLE publications ADD COLUMN superseded boolean NOT NULL DEFAULT false',
    `COMMENT ON COLUMN publications.superseded IS 'A higher active one of its lineage is offered to all that it is offered to: it is listed for nobody (R-9.3).'`,
    // Private ones are offered to their publisher, and to groups: whoever is offered this one by a group is offered that one.
    `CREATE FUNCTION is_superseded(publication publications) RETURNS boolean LANGUAGE sql STABLE AS $$
      SELECT EXISTS (
        SELECT FROM publications AS higher
         WHERE higher.lineage_id = publication.lineage_id AND higher.revision > publication.revision
           AND higher.status = 'ACTIVE'
           AND (higher.visibility = 'PUBLIC' OR publication.visibility = 'PRIVATE' AND NOT EXISTS (
             SELECT account_group_id FROM publication_account_groups WHERE publication_id = publication.id
             EXCEPT
             SELECT account_group_id FROM publication_account_groups WHERE publication_id = higher.id)))
      $$`,
    `COMMENT ON FUNCTION is_superseded IS 'What publications.superseded says.'`,
    // Of two that change publications of one lineage the other waits, and then sees what the first one did.
    `CREATE FUNCTION refresh_superseded(lineages uuid[]) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM FROM published_lineages WHERE lineage_id = ANY(lineages) ORDER BY lineage_id FOR NO KEY UPDATE;
        WITH changed AS MATERIALIZED (
          SELECT id FROM publications AS publication
           WHERE lineage_id = ANY(lineages) AND superseded <> is_superseded(publication)
           ORDER BY id FOR NO KEY UPDATE)
        UPDATE publications AS publication SET superseded = NOT superseded FROM changed
         WHERE publication.id = changed.id;
      END $$`,
    `COMMENT ON FUNCTION refresh_superseded IS 'Writes publications.superseded anew. Lock what is published of the lineages before.'`,
    `CREATE FUNCTION refresh_superseded_by_publications() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM refresh_superseded(ARRAY(SELECT DISTINCT lineage_id FROM changed));
        RETURN NULL;
      END $$`,
    `CREATE TRIGGER publications_added_supersede AFTER INSERT ON publications REFERENCING NEW TABLE AS changed
      FOR EACH STATEMENT EXECUTE FUNCTION refresh_superseded_by_publications()`,
    // By row, unlike the others: they are often updated otherwise, and few at a time in this way.
    `CREATE FUNCTION refresh_superseded_by_publication() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM refresh_superseded(ARRAY[NEW.lineage_id]);
        RETURN NULL;
      END $$`,
    `CREATE TRIGGER publications_changed_supersede AFTER UPDATE OF status, visibility ON publications FOR EACH ROW
      WHEN ((OLD.status, OLD.visibility) IS DISTINCT FROM (NEW.status, NEW.visibility))
      EXECUTE FUNCTION refresh_superseded_by_publication()`,
    `CREATE FUNCTION refresh_superseded_by_groups() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM refresh_superseded(ARRAY(
          SELECT DISTINCT publication.lineage_id FROM changed JOIN publications AS publication ON publication.id = publication_id));
        RETURN NULL;
      END $$`,
    `CREATE TRIGGER publication_account_groups_added_supersede AFTER INSERT ON publication_account_groups
      REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refresh_superseded_by_groups()`,
    `CREATE TRIGGER publication_account_groups_removed_supersede AFTER DELETE ON publication_account_groups
      REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refresh_superseded_by_groups()`,
    'UPDATE publications AS publication SET superseded = true WHERE is_superseded(publication)',
    ...indexes(LISTED, LISTED),
  ];

  private readonly former = [
    ...indexes(OFFERED, ''),
    'DROP TRIGGER publication_account_groups_removed_supersede ON publication_account_groups',
    'DROP TRIGGER publication_account_groups_added_supersede ON publication_account_groups',
    'DROP TRIGGER publications_changed_supersede ON publications',
    'DROP TRIGGER publications_added_supersede ON publications',
    `DROP FUNCTION refresh_superseded_by_groups, refresh_superseded_by_publication, refresh_superseded_by_publications,
      refresh_superseded, is_superseded`,
    'ALTER TABLE publications DROP COLUMN superseded',
  ];

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of this.former) await runner.query(statement);
  }
}
