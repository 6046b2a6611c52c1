import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Events, for subscriptions and webhooks (docs/adr/0013). Triggers write them: nothing that happens, whoever makes it
 * happen, goes untold.
 */
export class Events1764100000000 implements MigrationInterface {
  name = 'Events1764100000000';

  private readonly statements = [
    `CREATE TABLE events (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT events_pkey PRIMARY KEY,
        position bigint,
        transaction bigint NOT NULL,
        at timestamptz(3) NOT NULL,
        kind text NOT NULL,
        change text NOT NULL,
        account_id uuid NOT NULL,
        subject_id uuid NOT NULL,
        component_type text,
        lineage_id uuid,
        from_state text,
        server_id uuid,
        server_array_id uuid,
        CONSTRAINT events_account_reference FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE RESTRICT,
        CONSTRAINT events_kind CHECK (kind IN ('COMPONENT', 'PUBLICATION', 'INSTANCE')),
        CONSTRAINT events_component CHECK ((kind = 'INSTANCE') = (component_type IS NULL)),
        CONSTRAINT events_lineage CHECK ((kind = 'INSTANCE') = (lineage_id IS NULL)),
        CONSTRAINT events_instance CHECK (
          kind = 'INSTANCE' OR from_state IS NULL AND server_id IS NULL AND server_array_id IS NULL))`,
    'CREATE UNIQUE INDEX events_position ON events (position)',
    'CREATE INDEX events_waiting ON events (id) WHERE position IS NULL',
    'CREATE INDEX events_account ON events (account_id, position)',
    `CREATE INDEX events_publications ON events (position) WHERE kind = 'PUBLICATION'`,
    'CREATE INDEX events_at ON events (at)',
    `COMMENT ON TABLE events IS 'What happened, for subscriptions and webhooks; kept for some days.'`,
    `COMMENT ON COLUMN events.position IS 'Where it stands among the committed ones; null until it was numbered.'`,
    `COMMENT ON COLUMN events.transaction IS 'Which transaction wrote it: tells its own events.'`,
    `COMMENT ON COLUMN events.change IS 'Event of the history, change of the publication, or new state of the instance.'`,
    `COMMENT ON COLUMN events.account_id IS 'Owner of the component or instance, or the publisher.'`,
    `COMMENT ON COLUMN events.subject_id IS 'Version of the component, publication, or instance.'`,
    `COMMENT ON COLUMN events.component_type IS 'GraphQL type of the component.'`,
    `COMMENT ON COLUMN events.from_state IS 'State of the instance before; null: it was launched.'`,
    `CREATE TABLE event_feed (
        one boolean NOT NULL DEFAULT true CONSTRAINT event_feed_pkey PRIMARY KEY,
        last_position bigint NOT NULL DEFAULT 0,
        pruned_position bigint NOT NULL DEFAULT 0,
        CONSTRAINT event_feed_one CHECK (one))`,
    `COMMENT ON TABLE event_feed IS 'How far events are numbered and kept: one row.'`,
    `COMMENT ON COLUMN event_feed.last_position IS 'The newest that was given.'`,
    `COMMENT ON COLUMN event_feed.pruned_position IS 'Up to here events may be gone; later ones are all there.'`,
    'INSERT INTO event_feed DEFAULT VALUES',
    // In one call to the server: a process that stands still can't keep the lock. Each statement sees what was committed
    // before it, so nothing that others numbered meanwhile is numbered again. Only here processes are notified: PostgreSQL
    // lets the commits that notify wait for one another, which those of users should not.
    `CREATE FUNCTION number_events(at_most integer) RETURNS integer LANGUAGE plpgsql AS $$
      DECLARE count integer;
      BEGIN
        PERFORM FROM event_feed FOR UPDATE SKIP LOCKED;
        IF NOT FOUND THEN RETURN 0; END IF;
        UPDATE events AS event SET position = feed.last_position + waiting.number
          FROM (SELECT id, row_number() OVER (ORDER BY id) AS number
                  FROM (SELECT id FROM events WHERE position IS NULL ORDER BY id LIMIT at_most) AS oldest) AS waiting,
               event_feed AS feed
         WHERE event.id = waiting.id;
        GET DIAGNOSTICS count = ROW_COUNT;
        IF count > 0 THEN
          UPDATE event_feed SET last_position = last_position + count;
          PERFORM pg_notify('mci_graph_events', '');
        END IF;
        RETURN count;
      END $$`,
    `CREATE FUNCTION record_component_events() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO events (transaction, at, kind, change, account_id, subject_id, component_type, lineage_id)
        SELECT pg_current_xact_id()::text::bigint, at, 'COMPONENT', event, account_id, component_id, component_type, lineage_id
          FROM added ORDER BY lineage_id, number;
        RETURN NULL;
      END $$`,
    `CREATE TRIGGER history_entries_told AFTER INSERT ON history_entries REFERENCING NEW TABLE AS added
      FOR EACH STATEMENT EXECUTE FUNCTION record_component_events()`,
    `CREATE FUNCTION record_launch_events() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO events (transaction, at, kind, change, account_id, subject_id, server_id, server_array_id)
        SELECT pg_current_xact_id()::text::bigint, now(), 'INSTANCE', state, account_id, id, server_id, server_array_id
          FROM added ORDER BY id;
        RETURN NULL;
      END $$`,
    `CREATE TRIGGER instances_launched_told AFTER INSERT ON instances REFERENCING NEW TABLE AS added
      FOR EACH STATEMENT EXECUTE FUNCTION record_launch_events()`,
    `CREATE FUNCTION record_instance_event() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO events (transaction, at, kind, change, account_id, subject_id, from_state, server_id, server_array_id)
        VALUES (pg_current_xact_id()::text::bigint, now(), 'INSTANCE', NEW.state, NEW.account_id, NEW.id, OLD.state,
                NEW.server_id, NEW.server_array_id);
        RETURN NULL;
      END $$`,
    // Row by row: the plan of a join of transition tables is kept from the first, small change, and is bad for a large one.
    `CREATE TRIGGER instances_moved_told AFTER UPDATE ON instances FOR EACH ROW
      WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION record_instance_event()`,
    // One event for what a transaction does to a publication, however many statements it takes: the most that it means.
    `CREATE FUNCTION record_publication_change(publication uuid, what text) RETURNS void LANGUAGE plpgsql AS $$
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
    `CREATE FUNCTION record_publication_events() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM record_publication_change(NEW.id, CASE
          WHEN TG_OP = 'INSERT' THEN 'PUBLISHED'
          WHEN NEW.status = 'ACTIVE' AND OLD.status <> 'ACTIVE' THEN 'OFFERED'
          WHEN NEW.visibility = 'PUBLIC' AND OLD.visibility <> 'PUBLIC' THEN 'OFFERED'
          ELSE 'CHANGED' END);
        RETURN NULL;
      END $$`,
    `CREATE TRIGGER publications_told AFTER INSERT OR UPDATE OF updated_at, status, visibility ON publications
      FOR EACH ROW EXECUTE FUNCTION record_publication_events()`,
    `CREATE FUNCTION record_offer_events() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM record_publication_change(publication_id, 'OFFERED')
          FROM (SELECT DISTINCT publication_id FROM added) AS offered ORDER BY publication_id;
        RETURN NULL;
      END $$`,
    `CREATE TRIGGER publication_account_groups_told AFTER INSERT ON publication_account_groups
      REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION record_offer_events()`,
  ];

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER publication_account_groups_told ON publication_account_groups');
    await runner.query('DROP TRIGGER publications_told ON publications');
    await runner.query('DROP TRIGGER instances_moved_told ON instances');
    await runner.query('DROP TRIGGER instances_launched_told ON instances');
    await runner.query('DROP TRIGGER history_entries_told ON history_entries');
    await runner.query('DROP TABLE events, event_feed');
    await runner.query(
      `DROP FUNCTION record_offer_events, record_publication_events, record_publication_change, record_instance_event,
        record_launch_events, record_component_events, number_events`,
    );
  }
}
