import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Webhooks, what is sent to them, and how far events were made into that (docs/adr/0014). */
export class Webhooks1764200000000 implements MigrationInterface {
  name = 'Webhooks1764200000000';

  private readonly statements = [
    `CREATE TABLE webhooks (
        id uuid CONSTRAINT webhooks_pkey PRIMARY KEY,
        account_id uuid NOT NULL,
        url text NOT NULL,
        description text,
        events text[] NOT NULL,
        lineage_ids uuid[] NOT NULL DEFAULT '{}',
        secret bytea NOT NULL,
        previous_secret bytea,
        previous_secret_until timestamptz(3),
        active boolean NOT NULL DEFAULT true,
        after_position bigint NOT NULL,
        version integer NOT NULL DEFAULT 1,
        created_by_id uuid,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        CONSTRAINT webhooks_account_reference FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE RESTRICT,
        CONSTRAINT webhooks_user FOREIGN KEY (created_by_id) REFERENCES users(id) ON DELETE RESTRICT,
        CONSTRAINT webhooks_events CHECK (
          events <@ ARRAY['COMPONENT', 'PUBLICATION', 'INSTANCE', 'IMPORT_UPDATE'] AND cardinality(events) > 0),
        CONSTRAINT webhooks_previous_secret CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL)))`,
    'CREATE INDEX webhooks_account ON webhooks (account_id, created_at, id)',
    `COMMENT ON TABLE webhooks IS 'Where accounts are told of events over HTTP.'`,
    `COMMENT ON COLUMN webhooks.lineage_ids IS 'Only events of these components; empty: of all.'`,
    `COMMENT ON COLUMN webhooks.secret IS 'Signs; readable, since signing needs it.'`,
    `COMMENT ON COLUMN webhooks.previous_secret IS 'Signs beside the other one for a while after that was changed.'`,
    `COMMENT ON COLUMN webhooks.after_position IS 'The newest event when it was last made active: later ones are told.'`,
    `COMMENT ON COLUMN webhooks.created_by_id IS 'Null: a machine.'`,
    `CREATE TABLE webhook_deliveries (
        id uuid CONSTRAINT webhook_deliveries_pkey PRIMARY KEY,
        webhook_id uuid NOT NULL,
        account_id uuid NOT NULL,
        event_id text NOT NULL,
        type text NOT NULL,
        payload text NOT NULL,
        state text NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz(3),
        claim_id uuid,
        last_attempt_at timestamptz(3),
        last_status integer,
        last_error text,
        created_at timestamptz(3) NOT NULL,
        ended_at timestamptz(3),
        CONSTRAINT webhook_deliveries_webhook FOREIGN KEY (webhook_id) REFERENCES webhooks(id) ON DELETE RESTRICT,
        CONSTRAINT webhook_deliveries_account FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE RESTRICT,
        CONSTRAINT webhook_deliveries_state CHECK (state IN ('PENDING', 'DELIVERED', 'DEAD')),
        CONSTRAINT webhook_deliveries_pending CHECK (
          (state = 'PENDING') = (next_attempt_at IS NOT NULL) AND (state = 'PENDING') = (ended_at IS NULL)),
        CONSTRAINT webhook_deliveries_claim CHECK (claim_id IS NULL OR state = 'PENDING'))`,
    // An event is told to a webhook once, whatever becomes of the one who tells it.
    'CREATE UNIQUE INDEX webhook_deliveries_event ON webhook_deliveries (webhook_id, event_id)',
    'CREATE INDEX webhook_deliveries_created ON webhook_deliveries (webhook_id, created_at, id)',
    'CREATE INDEX webhook_deliveries_by_state ON webhook_deliveries (webhook_id, state, created_at, id)',
    `CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at) WHERE state = 'PENDING'`,
    `CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (webhook_id, next_attempt_at)
      WHERE state = 'PENDING'`,
    `CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (state, ended_at) WHERE state <> 'PENDING'`,
    `COMMENT ON TABLE webhook_deliveries IS 'Events as they are sent to webhooks, and how that went.'`,
    `COMMENT ON COLUMN webhook_deliveries.event_id IS 'Id of the CloudEvent.'`,
    `COMMENT ON COLUMN webhook_deliveries.type IS 'Type of the CloudEvent.'`,
    `COMMENT ON COLUMN webhook_deliveries.payload IS 'The CloudEvent, as JSON; every attempt sends these very bytes.'`,
    `COMMENT ON COLUMN webhook_deliveries.next_attempt_at IS 'While it is being sent: when it is given up for lost.'`,
    `COMMENT ON COLUMN webhook_deliveries.claim_id IS 'Who sends it now; null: nobody.'`,
    `CREATE TABLE webhook_dispatch (
        one boolean NOT NULL DEFAULT true CONSTRAINT webhook_dispatch_pkey PRIMARY KEY,
        position bigint NOT NULL,
        source uuid NOT NULL,
        CONSTRAINT webhook_dispatch_one CHECK (one))`,
    `COMMENT ON TABLE webhook_dispatch IS 'How far events were made into deliveries: one row.'`,
    `COMMENT ON COLUMN webhook_dispatch.position IS 'Events up to here were.'`,
    `COMMENT ON COLUMN webhook_dispatch.source IS 'Tells the events of this installation from those of others.'`,
    `INSERT INTO webhook_dispatch (position, source) SELECT last_position, gen_random_uuid() FROM event_feed`,
  ];

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE webhook_dispatch, webhook_deliveries, webhooks');
  }
}
