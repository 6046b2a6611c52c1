import type { MigrationInterface, QueryRunner } from 'typeorm';

const COMPONENTS = ['multi_cloud_images', 'server_templates', 'right_scripts'];

/** Columns of a version that never change, whatever else may (R-6.1). */
const IDENTITY = ['id', 'account_id', 'lineage_id', 'revision', 'cloned_from_id', 'snapshot'];

/** What may change in a sealed version: whether it is there, and whether it is listed. */
const LISTING = ['deleted_at', 'superseded'];

/** What may change in a subscribed HEAD without being republished: what was taken from it, too (R-6.8). */
const SUBSCRIBED = [...LISTING, 'parent_ids', 'content_hash'];

const TYPES = "component_type IN ('MultiCloudImage', 'ServerTemplate', 'RightScript')";

const TABLES = [
  'publication_comments',
  'publication_ratings',
  'eula_acceptances',
  'publication_eulas',
  'eula_revisions',
  'eulas',
  'publication_importers',
  'imported_versions',
  'publication_versions',
  'publication_account_groups',
  'publications',
  'published_lineages',
  'account_group_invitations',
  'account_group_members',
  'account_groups',
  'organizations',
];

/** Columns of a publication that never change. */
const PUBLISHED = [
  'id',
  'account_id',
  'component_type',
  'lineage_id',
  'revision',
  'component_id',
  'published_at',
];

/** Columns of records, besides those that are append-only, that never change. */
const RECORDED: Readonly<Record<string, readonly string[]>> = {
  imported_versions: ['version_id', 'account_id', 'component_type', 'lineage_id', 'revision'],
  published_lineages: ['lineage_id', 'account_id', 'component_type'],
};

const CURRENT = {
  before: 'revision = 0 AND NOT snapshot AND deleted_at IS NULL',
  after:
    '(revision = 0 OR original_id IS NOT NULL) AND NOT snapshot AND NOT superseded AND deleted_at IS NULL',
};

/** Organizations, account groups, publications, imports, licences and feedback (section 9). */
export class Marketplace1764000000000 implements MigrationInterface {
  name = 'Marketplace1764000000000';

  private readonly statements = [
    `CREATE TABLE organizations (
        account_id uuid NOT NULL,
        name text NOT NULL,
        email text NOT NULL,
        welcome_message text,
        support_message text,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        CONSTRAINT organizations_key PRIMARY KEY (account_id),
        CONSTRAINT organizations_account FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE RESTRICT
      )`,
    `COMMENT ON TABLE organizations IS 'As which accounts publish (R-9.1).'`,
    `CREATE TABLE account_groups (
        id uuid NOT NULL,
        account_id uuid NOT NULL,
        name text NOT NULL,
        description text,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        CONSTRAINT account_groups_key PRIMARY KEY (id),
        CONSTRAINT account_groups_account FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE RESTRICT
      )`,
    `COMMENT ON TABLE account_groups IS 'Accounts that a publisher offers private publications to (R-9.5).'`,
    `COMMENT ON COLUMN account_groups.account_id IS 'The publisher.'`,
    `COMMENT ON COLUMN account_groups.version IS 'Rises with every change of name or description.'`,
    `CREATE INDEX account_groups_name ON account_groups (account_id, name, id)`,
    `CREATE TABLE account_group_members (
        account_group_id uuid NOT NULL,
        account_id uuid NOT NULL,
        created_at timestamptz(3) NOT NULL,
        CONSTRAINT account_group_members_key PRIMARY KEY (account_group_id, account_id),
        CONSTRAINT account_group_members_group FOREIGN KEY (account_group_id)
          REFERENCES account_groups(id) ON DELETE RESTRICT,
        CONSTRAINT account_group_members_account_reference FOREIGN KEY (account_id)
          REFERENCES accounts(id) ON DELETE RESTRICT
      )`,
    `COMMENT ON TABLE account_group_members IS 'Accounts that have access to account groups (R-9.5).'`,
    `CREATE INDEX account_group_members_account ON account_group_members (account_id)`,
    `CREATE TABLE account_group_invitations (
        id uuid NOT NULL,
        account_group_id uuid NOT NULL,
        code_hash bytea NOT NULL,
        created_by_id uuid,
        created_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        used_at timestamptz(3),
        CONSTRAINT account_group_invitations_key PRIMARY KEY (id),
        CONSTRAINT account_group_invitations_group_ref FOREIGN KEY (account_group_id)
          REFERENCES account_groups(id) ON DELETE RESTRICT,
        CONSTRAINT account_group_invitations_user FOREIGN KEY (created_by_id) REFERENCES users(id) ON DELETE RESTRICT
      )`,
    `COMMENT ON TABLE account_group_invitations IS
      'Membership codes of account groups; each is used once, and expires (R-9.5).'`,
    `COMMENT ON COLUMN account_group_invitations.code_hash IS 'SHA-256 of the code; the code itself is not kept.'`,
    `COMMENT ON COLUMN account_group_invitations.used_at IS 'Null: not used yet.'`,
    `CREATE UNIQUE INDEX account_group_invitations_code ON account_group_invitations (code_hash)`,
    `CREATE INDEX account_group_invitations_group ON account_group_invitations (account_group_id)`,
    `CREATE TABLE published_lineages (
        lineage_id uuid NOT NULL,
        account_id uuid NOT NULL,
        component_type text NOT NULL,
        short_description text NOT NULL,
        long_description text,
        categories text[] NOT NULL DEFAULT '{}',
        updated_at timestamptz(3) NOT NULL,
        CONSTRAINT published_lineages_key PRIMARY KEY (lineage_id),
        CONSTRAINT published_lineages_component_type CHECK (${TYPES}),
        CONSTRAINT published_lineages_account_reference FOREIGN KEY (account_id)
          REFERENCES accounts(id) ON DELETE RESTRICT
      )`,
    `COMMENT ON TABLE published_lineages IS 'What all publications of a lineage share (R-9.1).'`,
    `COMMENT ON COLUMN published_lineages.account_id IS 'The publisher.'`,
    `COMMENT ON COLUMN published_lineages.component_type IS 'GraphQL type of the component.'`,
    `CREATE INDEX published_lineages_account ON published_lineages (account_id)`,
    `CREATE TABLE publications (
        id uuid NOT NULL,
        account_id uuid NOT NULL,
        component_type text NOT NULL,
        lineage_id uuid NOT NULL,
        revision integer NOT NULL,
        component_id uuid NOT NULL,
        content_id uuid NOT NULL,
        name text NOT NULL,
        visibility text NOT NULL,
        status text NOT NULL,
        implicit boolean NOT NULL DEFAULT false,
        revision_notes text,
        allow_comments boolean NOT NULL DEFAULT false,
        import_count integer NOT NULL DEFAULT 0,
        rating_sum integer NOT NULL DEFAULT 0,
        rating_count integer NOT NULL DEFAULT 0,
        published_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        search tsvector NOT NULL DEFAULT '',
        CONSTRAINT publications_key PRIMARY KEY (id),
        CONSTRAINT publications_component_type CHECK (${TYPES}),
        CONSTRAINT publications_status CHECK (status IN ('ACTIVE', 'DEPRECATED')),
        CONSTRAINT publications_visibility CHECK (visibility IN ('PUBLIC', 'PRIVATE')),
        CONSTRAINT publications_head_private CHECK (revision > 0 OR visibility = 'PRIVATE'),
        CONSTRAINT publications_account_reference FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE RESTRICT,
        CONSTRAINT publications_lineage FOREIGN KEY (lineage_id)
          REFERENCES published_lineages(lineage_id) ON DELETE RESTRICT
      )`,
    `COMMENT ON TABLE publications IS 'What is offered in the marketplace; never deleted (R-9.3).'`,
    `COMMENT ON COLUMN publications.account_id IS 'The publisher.'`,
    `COMMENT ON COLUMN publications.component_type IS 'GraphQL type of the component.'`,
    `COMMENT ON COLUMN publications.revision IS '0: HEAD.'`,
    `COMMENT ON COLUMN publications.component_id IS 'The publisher''s own version: HEAD or a revision.'`,
    `COMMENT ON COLUMN publications.content_id IS
      'The version that is offered: the revision, or a frozen snapshot of HEAD (R-9.4).'`,
    `COMMENT ON COLUMN publications.name IS 'Name of the component as it is offered, for search and order.'`,
    `COMMENT ON COLUMN publications.implicit IS 'Published along with a template that pins it (R-9.2).'`,
    `COMMENT ON COLUMN publications.import_count IS 'Accounts that imported or subscribed it.'`,
    `COMMENT ON COLUMN publications.search IS
      'Words of name, categories, descriptions and publisher, by weight, for the catalog''s search.'`,
    `CREATE UNIQUE INDEX publications_revision ON publications (lineage_id, revision)`,
    `CREATE INDEX publications_account ON publications (account_id, published_at, id)`,
    `CREATE INDEX publications_component ON publications (component_id)`,
    `CREATE INDEX publications_name ON publications (name, id) WHERE status = 'ACTIVE'`,
    `CREATE INDEX publications_published ON publications (published_at, id) WHERE status = 'ACTIVE'`,
    // What these order by is written in persistence/marketplace-order.ts the same way.
    `CREATE INDEX publications_rating ON publications ((rating_sum * 1000 / greatest(rating_count, 1)), id)
      WHERE status = 'ACTIVE'`,
    `CREATE INDEX publications_imports ON publications
      ((CASE WHEN visibility = 'PUBLIC' THEN import_count ELSE 0 END), id) WHERE status = 'ACTIVE'`,
    `CREATE INDEX publications_search ON publications USING gin (search)`,
    `CREATE INDEX publications_name_parts ON publications USING gin (name gin_trgm_ops)`,
    `CREATE TABLE publication_account_groups (
        publication_id uuid NOT NULL,
        account_group_id uuid NOT NULL,
        CONSTRAINT publication_account_groups_key PRIMARY KEY (publication_id, account_group_id),
        CONSTRAINT publication_account_groups_publication FOREIGN KEY (publication_id)
          REFERENCES publications(id) ON DELETE RESTRICT,
        CONSTRAINT publication_account_groups_group_ref FOREIGN KEY (account_group_id)
          REFERENCES account_groups(id) ON DELETE RESTRICT
      )`,
    `COMMENT ON TABLE publication_account_groups IS 'To whom private publications are offered (R-9.1).'`,
    `CREATE INDEX publication_account_groups_group ON publication_account_groups (account_group_id, publication_id)`,
    `CREATE TABLE publication_versions (
        publication_id uuid NOT NULL,
        version_id uuid NOT NULL,
        component_type text NOT NULL,
        source_publication_id uuid,
        CONSTRAINT publication_versions_key PRIMARY KEY (publication_id, version_id),
        CONSTRAINT publication_versions_component_type CHECK (${TYPES}),
        CONSTRAINT publication_versions_publication FOREIGN KEY (publication_id)
          REFERENCES publications(id) ON DELETE RESTRICT,
        CONSTRAINT publication_versions_source FOREIGN KEY (source_publication_id)
          REFERENCES publications(id) ON DELETE RESTRICT
      )`,
    `COMMENT ON TABLE publication_versions IS
      'Versions that publications carry: what is offered, and all that it pins (R-9.4).'`,
    `COMMENT ON COLUMN publication_versions.component_type IS 'GraphQL type of the version.'`,
    `COMMENT ON COLUMN publication_versions.source_publication_id IS
      'Of what the publisher imported itself: whose publication also decides who sees it (R-9.2). Null: its own.'`,
    `CREATE INDEX publication_versions_version ON publication_versions (version_id, publication_id)`,
    `CREATE TABLE imported_versions (
        version_id uuid NOT NULL,
        account_id uuid NOT NULL,
        component_type text NOT NULL,
        lineage_id uuid NOT NULL,
        revision integer NOT NULL,
        publication_id uuid NOT NULL,
        imported_at timestamptz(3) NOT NULL,
        imported_by_id uuid,
        removed_at timestamptz(3),
        CONSTRAINT imported_versions_key PRIMARY KEY (version_id),
        CONSTRAINT imported_versions_component_type CHECK (${TYPES}),
        CONSTRAINT imported_versions_account FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE RESTRICT,
        CONSTRAINT imported_versions_publication_reference FOREIGN KEY (publication_id)
          REFERENCES publications(id) ON DELETE RESTRICT,
        CONSTRAINT imported_versions_user FOREIGN KEY (imported_by_id) REFERENCES users(id) ON DELETE RESTRICT
      )`,
    `COMMENT ON TABLE imported_versions IS 'Accounts'' own read-only copies of what was published to them (R-9.4).'`,
    `COMMENT ON COLUMN imported_versions.account_id IS 'The importer.'`,
    `COMMENT ON COLUMN imported_versions.component_type IS 'GraphQL type of the component.'`,
    `COMMENT ON COLUMN imported_versions.revision IS '0: a subscribed HEAD.'`,
    `COMMENT ON COLUMN imported_versions.publication_id IS
      'The publication of this version, or of the HEAD template that carries it.'`,
    `COMMENT ON COLUMN imported_versions.imported_by_id IS 'Null: a machine.'`,
    `COMMENT ON COLUMN imported_versions.removed_at IS 'When it left the local collection; null: it is there.'`,
    `CREATE INDEX imported_versions_publication ON imported_versions (publication_id, account_id)`,
    `CREATE INDEX imported_versions_lineage ON imported_versions (account_id, lineage_id, revision)`,
    `CREATE INDEX imported_versions_time ON imported_versions (account_id, imported_at, version_id)`,
    `CREATE TABLE publication_importers (
        publication_id uuid NOT NULL,
        account_id uuid NOT NULL,
        CONSTRAINT publication_importers_key PRIMARY KEY (publication_id, account_id),
        CONSTRAINT publication_importers_publication FOREIGN KEY (publication_id)
          REFERENCES publications(id) ON DELETE RESTRICT,
        CONSTRAINT publication_importers_account FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE RESTRICT
      )`,
    `COMMENT ON TABLE publication_importers IS
      'Accounts that ever imported or subscribed something of publications (R-9.6).'`,
    `CREATE TABLE eulas (
        id uuid NOT NULL,
        account_id uuid NOT NULL,
        name text NOT NULL,
        archived_at timestamptz(3),
        created_at timestamptz(3) NOT NULL,
        CONSTRAINT eulas_key PRIMARY KEY (id),
        CONSTRAINT eulas_account_reference FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE RESTRICT
      )`,
    `COMMENT ON TABLE eulas IS 'Licence agreements of publishers; archived, never deleted (R-9.7).'`,
    `COMMENT ON COLUMN eulas.archived_at IS 'No new publication takes it from then on.'`,
    `CREATE INDEX eulas_account ON eulas (account_id, name, id)`,
    `CREATE TABLE eula_revisions (
        id uuid NOT NULL,
        eula_id uuid NOT NULL,
        revision integer NOT NULL,
        text text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        CONSTRAINT eula_revisions_key PRIMARY KEY (id),
        CONSTRAINT eula_revisions_range CHECK (revision >= 1),
        CONSTRAINT eula_revisions_eula FOREIGN KEY (eula_id) REFERENCES eulas(id) ON DELETE RESTRICT
      )`,
    `COMMENT ON TABLE eula_revisions IS 'Texts of licence agreements; they never change (R-9.7).'`,
    `CREATE UNIQUE INDEX eula_revisions_number ON eula_revisions (eula_id, revision)`,
    `CREATE TABLE publication_eulas (
        publication_id uuid NOT NULL,
        eula_revision_id uuid NOT NULL,
        CONSTRAINT publication_eulas_key PRIMARY KEY (publication_id, eula_revision_id),
        CONSTRAINT publication_eulas_publication FOREIGN KEY (publication_id)
          REFERENCES publications(id) ON DELETE RESTRICT,
        CONSTRAINT publication_eulas_eula FOREIGN KEY (eula_revision_id)
          REFERENCES eula_revisions(id) ON DELETE RESTRICT
      )`,
    `COMMENT ON TABLE publication_eulas IS 'What importers of publications must accept (R-9.7).'`,
    `CREATE INDEX publication_eulas_revision ON publication_eulas (eula_revision_id)`,
    `CREATE TABLE eula_acceptances (
        account_id uuid NOT NULL,
        publication_id uuid NOT NULL,
        eula_revision_id uuid NOT NULL,
        user_id uuid,
        accepted_at timestamptz(3) NOT NULL,
        CONSTRAINT eula_acceptances_key PRIMARY KEY (account_id, publication_id, eula_revision_id),
        CONSTRAINT eula_acceptances_account FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE RESTRICT,
        CONSTRAINT eula_acceptances_attached FOREIGN KEY (publication_id, eula_revision_id)
          REFERENCES publication_eulas(publication_id, eula_revision_id) ON DELETE RESTRICT,
        CONSTRAINT eula_acceptances_user FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT
      )`,
    `COMMENT ON TABLE eula_acceptances IS 'Who accepted which licence text with which import (R-9.7).'`,
    `COMMENT ON COLUMN eula_acceptances.user_id IS 'Null: a machine.'`,
    `CREATE TABLE publication_ratings (
        publication_id uuid NOT NULL,
        user_id uuid NOT NULL,
        rating integer NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        CONSTRAINT publication_ratings_key PRIMARY KEY (publication_id, user_id),
        CONSTRAINT publication_ratings_range CHECK (rating BETWEEN 1 AND 4),
        CONSTRAINT publication_ratings_publication FOREIGN KEY (publication_id)
          REFERENCES publications(id) ON DELETE RESTRICT,
        CONSTRAINT publication_ratings_user FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT
      )`,
    `COMMENT ON TABLE publication_ratings IS 'Ratings of publications, one per person (R-9.7).'`,
    `CREATE TABLE publication_comments (
        id uuid NOT NULL,
        publication_id uuid NOT NULL,
        account_id uuid NOT NULL,
        user_id uuid,
        text text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        CONSTRAINT publication_comments_key PRIMARY KEY (id),
        CONSTRAINT publication_comments_publication_ref FOREIGN KEY (publication_id)
          REFERENCES publications(id) ON DELETE RESTRICT,
        CONSTRAINT publication_comments_account FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE RESTRICT,
        CONSTRAINT publication_comments_user FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT
      )`,
    `COMMENT ON TABLE publication_comments IS 'Comments on publications (R-9.7).'`,
    `COMMENT ON COLUMN publication_comments.user_id IS 'Null: a machine.'`,
    `CREATE INDEX publication_comments_publication ON publication_comments (publication_id, created_at, id)`,
  ];

  async up(runner: QueryRunner): Promise<void> {
    for (const table of COMPONENTS) await this.copies(runner, table);
    await this.identity(runner, [...IDENTITY, 'original_id'], LISTING, true);
    await this.contents(runner, true);
    for (const statement of this.statements) await runner.query(statement);
    await this.immutable(runner);
  }

  /** Imported and subscribed copies live in the importer's account, in the tables of the versions (ADR 12). */
  private async copies(runner: QueryRunner, table: string): Promise<void> {
    await runner.query(`
      ALTER TABLE ${table}
        ADD COLUMN superseded boolean NOT NULL DEFAULT false,
        ADD COLUMN original_id uuid,
        ADD CONSTRAINT ${table}_superseded CHECK (NOT superseded OR (revision > 0 AND original_id IS NOT NULL)),
        ADD CONSTRAINT ${table}_copy CHECK (original_id IS NULL OR NOT snapshot),
        ADD CONSTRAINT ${table}_original_reference FOREIGN KEY (original_id) REFERENCES ${table}(id) ON DELETE RESTRICT`);
    await runner.query(
      `COMMENT ON COLUMN ${table}.superseded IS 'Of an imported revision: the account has HEAD or a newer one of its lineage; not listed by default.'`,
    );
    await runner.query(
      `COMMENT ON COLUMN ${table}.original_id IS 'The publisher''s version that this is an imported or subscribed copy of; null: a private one (R-9.4).'`,
    );
    await runner.query(
      `CREATE INDEX ${table}_original ON ${table} (original_id) WHERE original_id IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX ${table}_clones ON ${table} (cloned_from_id) WHERE cloned_from_id IS NOT NULL`,
    );
    await this.currentIndexes(runner, table, { drop: 'head', create: 'current', where: CURRENT.after });
  }

  private async currentIndexes(
    runner: QueryRunner,
    table: string,
    { drop, create, where }: { readonly drop: string; readonly create: string; readonly where: string },
  ): Promise<void> {
    for (const [index, column] of [
      ['name', 'name'],
      ['updated', 'updated_at'],
      ['created', 'created_at'],
    ]) {
      await runner.query(`DROP INDEX ${table}_${drop}_${index}`);
      await runner.query(
        `CREATE INDEX ${table}_${create}_${index} ON ${table} (account_id, ${column}, id) WHERE ${where}`,
      );
    }
  }

  /**
   * What is imported never changes, what is subscribed only by a transaction that says that it brings what was
   * published (R-6.1, R-9.4).
   */
  private async identity(
    runner: QueryRunner,
    columns: readonly string[],
    listing: readonly string[],
    subscriptions: boolean,
  ): Promise<void> {
    const of = (row: string): string => columns.map((column) => `${row}.${column}`).join(', ');
    const without = (row: string, names: readonly string[]): string =>
      `(to_jsonb(${row}) - ARRAY[${names.map((name) => `'${name}'`).join(', ')}])`;
    await runner.query(`
      CREATE OR REPLACE FUNCTION refuse_sealed_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF OLD.sealed AND (TG_OP = 'DELETE'
           OR ${without('NEW', listing)} IS DISTINCT FROM ${without('OLD', listing)}) THEN
          RAISE EXCEPTION '% %: a committed revision never changes', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        ${
          subscriptions
            ? `IF OLD.original_id IS NOT NULL AND NOT OLD.sealed AND OLD.revision = 0
           AND current_setting('mci_graph.publishing', true) IS DISTINCT FROM 'on' AND (TG_OP = 'DELETE'
           OR ${without('NEW', SUBSCRIBED)} IS DISTINCT FROM ${without('OLD', SUBSCRIBED)}) THEN
          RAISE EXCEPTION '% %: a subscribed HEAD is its publisher''s', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;`
            : ''
        }
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        IF (${of('NEW')})
           IS DISTINCT FROM (${of('OLD')}) THEN
          RAISE EXCEPTION '% %: the identity of a version never changes', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$`);
  }

  private async contents(runner: QueryRunner, subscriptions: boolean): Promise<void> {
    const fixed = subscriptions
      ? `(parent.sealed OR parent.original_id IS NOT NULL AND parent.revision = 0
            AND current_setting('mci_graph.publishing', true) IS DISTINCT FROM 'on')`
      : 'parent.sealed';
    await runner.query(`
      CREATE OR REPLACE FUNCTION refuse_sealed_content_change() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE sealed_id uuid;
      BEGIN
        EXECUTE format(
          $q$SELECT parent.id FROM %I AS parent WHERE ${fixed} AND parent.id IN (SELECT %I FROM changed) LIMIT 1$q$,
          TG_ARGV[0], TG_ARGV[1]) INTO sealed_id;
        IF sealed_id IS NOT NULL THEN
          RAISE EXCEPTION '% of % %: a committed revision never changes', TG_TABLE_NAME, TG_ARGV[0], sealed_id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$`);
  }

  private async immutable(runner: QueryRunner): Promise<void> {
    const of = (row: string): string => PUBLISHED.map((column) => `${row}.${column}`).join(', ');
    await runner.query(`
      CREATE FUNCTION refuse_publication_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP <> 'UPDATE' THEN
          RAISE EXCEPTION 'publications: nothing is ever unpublished'
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF (${of('NEW')})
           IS DISTINCT FROM (${of('OLD')})
           OR (OLD.revision > 0 AND (NEW.content_id, NEW.name) IS DISTINCT FROM (OLD.content_id, OLD.name))
           OR (OLD.visibility = 'PUBLIC' AND NEW.visibility <> 'PUBLIC') THEN
          RAISE EXCEPTION 'publications %: what was published never changes', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$`);
    await runner.query(`
      CREATE TRIGGER publications_immutable BEFORE UPDATE OR DELETE ON publications
      FOR EACH ROW EXECUTE FUNCTION refuse_publication_change()`);
    await runner.query(`
      CREATE TRIGGER publications_keep BEFORE TRUNCATE ON publications
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_publication_change()`);
    await runner.query(`
      CREATE FUNCTION refuse_published_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'TRUNCATE' OR TG_OP = 'UPDATE' OR EXISTS (
          SELECT FROM publications WHERE id = OLD.publication_id AND revision > 0) THEN
          RAISE EXCEPTION 'publication_versions: what was published never changes'
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
      END $$`);
    await runner.query(`
      CREATE TRIGGER publication_versions_immutable BEFORE UPDATE OR DELETE ON publication_versions
      FOR EACH ROW EXECUTE FUNCTION refuse_published_version_change()`);
    await runner.query(`
      CREATE TRIGGER publication_versions_keep BEFORE TRUNCATE ON publication_versions
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_published_version_change()`);
    // By what it carries, too: the publication may have been updated by this transaction, and was not made by it.
    await runner.query(`
      CREATE FUNCTION refuse_published_version_addition() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (
          SELECT FROM publications AS publication
          WHERE publication.id IN (SELECT publication_id FROM added) AND publication.revision > 0
            AND (publication.xmin <> pg_current_xact_id()::xid OR EXISTS (
              SELECT FROM publication_versions AS carried
              WHERE carried.publication_id = publication.id AND carried.xmin <> pg_current_xact_id()::xid))) THEN
          RAISE EXCEPTION 'publication_versions: what was published never changes'
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER publication_versions_complete AFTER INSERT ON publication_versions
      REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_published_version_addition()`);
    await runner.query(`
      CREATE FUNCTION refuse_record_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION '%: what is recorded never changes', TG_TABLE_NAME
          USING ERRCODE = 'integrity_constraint_violation';
      END $$`);
    for (const table of ['eula_revisions', 'eula_acceptances', 'publication_eulas', 'publication_importers'])
      await runner.query(`
        CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_record_change()`);
    for (const [table, columns] of Object.entries(RECORDED)) {
      const recorded = (row: string): string => columns.map((column) => `${row}.${column}`).join(', ');
      await runner.query(`
        CREATE TRIGGER ${table}_identity BEFORE UPDATE OF ${columns.join(', ')} ON ${table} FOR EACH ROW
        WHEN ((${recorded('NEW')}) IS DISTINCT FROM (${recorded('OLD')})) EXECUTE FUNCTION refuse_record_change()`);
    }
    await runner.query(`
      CREATE TRIGGER imported_versions_kept BEFORE DELETE ON imported_versions
      FOR EACH ROW EXECUTE FUNCTION refuse_record_change()`);
    await runner.query(`
      CREATE FUNCTION refuse_import_truncation() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (SELECT FROM imported_versions) THEN
          RAISE EXCEPTION 'imported_versions: what is recorded never changes'
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER imported_versions_keep BEFORE TRUNCATE ON imported_versions
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_import_truncation()`);
  }

  /** Without the marketplace an import looks like a component of the account's own. */
  private async assertNothingImported(runner: QueryRunner): Promise<void> {
    for (const table of COMPONENTS) {
      const imported = (await runner.query(
        `SELECT FROM ${table} WHERE original_id IS NOT NULL LIMIT 1`,
      )) as unknown[];
      if (imported.length > 0)
        throw new Error(
          `The marketplace can't be undone: ${table} has imported versions, which would turn into private ones of the importers. Restore a backup from before the migration instead.`,
        );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await this.assertNothingImported(runner);
    await runner.query(`DROP TABLE ${TABLES.join(', ')}`);
    await runner.query(
      `DROP FUNCTION refuse_publication_change, refuse_published_version_change, refuse_published_version_addition,
        refuse_record_change, refuse_import_truncation`,
    );
    await this.contents(runner, false);
    await this.identity(runner, IDENTITY, ['deleted_at'], false);
    for (const table of COMPONENTS) {
      await this.currentIndexes(runner, table, { drop: 'current', create: 'head', where: CURRENT.before });
      await runner.query(`DROP INDEX ${table}_clones, ${table}_original`);
      await runner.query(`
        ALTER TABLE ${table}
          DROP CONSTRAINT ${table}_original_reference,
          DROP CONSTRAINT ${table}_copy,
          DROP CONSTRAINT ${table}_superseded,
          DROP COLUMN original_id,
          DROP COLUMN superseded`);
    }
  }
}
