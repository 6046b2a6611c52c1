import type { DataSource, EntityManager } from 'typeorm';
import { connectionOf, numberEvents } from '../src/persistence/events/event-store';
import type { SeedAccounts } from './seed-data';

const TIME = "timestamptz '2026-01-01 00:00:00Z'";
const PEOPLE_PER_ACCOUNT = 100;
const TOKENS_PER_ACCOUNT = 200;
const AUDIT_ENTRIES_PER_SERVER = 10;
const WEBHOOKS_PER_ACCOUNT = 20;
const DELIVERIES_PER_WEBHOOK = 250;
const EULAS_PER_ACCOUNT = 20;
/** Of one lineage and one publication, which a page of a hundred is far from. */
const LONG_LIST = 10_000;

/** Follows from kind and number, so that two runs make the same data. */
export const keySql = (kind: string, number: string): string => `md5('${kind} ' || ${number})::uuid`;

const MEMBER = keySql('person', "account_id || ' ' || n % 100");
const seconds = (number: string): string => `${TIME} + (${number}) * interval '1 second'`;
const BYTES = (number: string): string => `decode(md5('a ' || ${number}) || md5('b ' || ${number}), 'hex')`;
const ACCOUNTS = '(SELECT id AS account_id FROM accounts) AS owner';

/** What accumulates while an installation is used, beside what is asked for: by table, so that each is inserted by itself. */
const records = ({ large, small }: SeedAccounts): Readonly<Record<string, string>> => ({
  users: `INSERT INTO users (id, email, created_at)
    SELECT ${MEMBER}, 'person-' || n || '@' || account_id || '.example.com', ${TIME}
    FROM ${ACCOUNTS}, generate_series(0, ${PEOPLE_PER_ACCOUNT - 1}) AS n`,
  memberships: `INSERT INTO memberships (account_id, user_id, name, roles, created_at)
    SELECT account_id, ${MEMBER}, 'Person ' || n, ARRAY['OBSERVER'], ${TIME}
    FROM ${ACCOUNTS}, generate_series(0, ${PEOPLE_PER_ACCOUNT - 1}) AS n`,
  access_tokens: `INSERT INTO access_tokens (id, account_id, user_id, name, token_hash, created_at)
    SELECT ${keySql('token', "account_id || ' ' || n")}, account_id, ${MEMBER}, 'Token ' || n, ${BYTES("account_id || ' ' || n")},
      ${seconds('n')}
    FROM ${ACCOUNTS}, generate_series(0, ${TOKENS_PER_ACCOUNT - 1}) AS n`,
  // One in 5,000 is a rare action, by somebody who rarely does anything.
  audit_entries: `INSERT INTO audit_entries (id, account_id, user_id, actor, action, object_type, object_id, changes, at)
    SELECT ${keySql('audit entry', "object_id || ' ' || n")}, account_id,
      CASE WHEN rare THEN ${keySql('person', "account_id || ' 0'")} ELSE ${keySql('person', "account_id || ' ' || 1 + position % 9")} END,
      'person', CASE WHEN rare THEN 'account.rename' ELSE 'server.update' END, 'Server', object_id, '{}',
      ${seconds('position * 7')}
    FROM (SELECT *, position % 5000 = 0 AS rare FROM (
      SELECT server.id AS object_id, server.account_id, n, row_number() OVER (ORDER BY n, server.id) AS position
      FROM servers AS server, generate_series(1, ${AUDIT_ENTRIES_PER_SERVER}) AS n) AS numbered) AS made`,
  history_entries: `INSERT INTO history_entries (account_id, lineage_id, number, component_type, event, component_id, parent_ids, message, at, user_id)
    SELECT account_id, lineage_id, row_number() OVER (PARTITION BY account_id, lineage_id ORDER BY revision, n), type,
      CASE WHEN revision = 0 AND n = 1 THEN 'CREATED' ELSE 'COMMITTED' END, id, '{}', 'Why', ${seconds('n')}, NULL
    FROM (SELECT 'MultiCloudImage' AS type, id, account_id, lineage_id, revision, name FROM multi_cloud_images WHERE NOT snapshot
      UNION ALL SELECT 'ServerTemplate', id, account_id, lineage_id, revision, name FROM server_templates WHERE NOT snapshot) AS version,
      generate_series(1, CASE WHEN id IN (
        (SELECT id FROM multi_cloud_images WHERE revision = 0 AND NOT snapshot AND account_id = '${large}' ORDER BY id LIMIT 1),
        (SELECT id FROM server_templates WHERE revision = 0 AND NOT snapshot AND account_id = '${small}' ORDER BY id LIMIT 1))
      THEN ${LONG_LIST} ELSE 1 END) AS n`,
  // As many as there are.
  servers: `INSERT INTO servers (id, account_id, deployment_id, cloud_id, server_template_id, name, tags, created_at, updated_at, deleted_at)
    SELECT ${keySql('deleted server', 'id')}, account_id, deployment_id, cloud_id, server_template_id, name, tags, created_at,
      updated_at, updated_at
    FROM servers`,
  // The ends of those instances that ended last, done long ago.
  launch_orders: `INSERT INTO launch_orders (id, account_id, kind, state, instance_id, attempts, created_at, claimable_at, completed_at)
    SELECT ${keySql('done end of', 'id')}, account_id, 'TERMINATE', 'COMPLETED', id, 1, terminated_at, terminated_at, terminated_at
    FROM instances WHERE state = 'TERMINATED' ORDER BY terminated_at DESC, id LIMIT 100000`,
  // Half of them in the large account, every tenth deleted.
  deployments: `INSERT INTO deployments (id, account_id, name, tags, created_at, updated_at, deleted_at)
    SELECT ${keySql('more deployments', 'n')}, account_id, 'Deployment ' || n,
      ARRAY['team:owner=web'] || CASE WHEN n / 2 % 500 = 0 THEN ARRAY['rare'] ELSE ARRAY[]::text[] END, ${TIME}, ${TIME},
      CASE WHEN n / 2 % 10 = 9 THEN ${TIME} END
    FROM generate_series(0, 9999) AS n CROSS JOIN LATERAL (
      SELECT CASE WHEN n % 2 = 0 THEN '${large}'::uuid ELSE (SELECT id FROM accounts WHERE id <> '${large}' ORDER BY id
        LIMIT 1 OFFSET n / 2 % ((SELECT count(*)::int FROM accounts) - 1)) END AS account_id) AS owner`,
  // Not active: nobody is told of anything.
  webhooks: `INSERT INTO webhooks (id, account_id, url, events, secret, active, after_position, created_at, updated_at)
    SELECT ${keySql('webhook', "account_id || ' ' || n")}, account_id, 'https://example.com/' || n, ARRAY['INSTANCE'], ${BYTES('n')},
      false, 0, ${seconds('n')}, ${TIME}
    FROM ${ACCOUNTS}, generate_series(0, ${WEBHOOKS_PER_ACCOUNT - 1}) AS n`,
  webhook_deliveries: `INSERT INTO webhook_deliveries (id, webhook_id, account_id, event_id, type, payload, state, attempts,
      next_attempt_at, last_attempt_at, last_status, created_at, ended_at)
    SELECT ${keySql('delivery', "webhook_id || ' ' || n")}, webhook_id, account_id, 'event ' || n, 'instance.changed',
      repeat('{"a":"b"}', 30), state, 1, CASE WHEN state = 'PENDING' THEN ${seconds('n')} END, ${seconds('n')}, 200, ${seconds('n')},
      CASE WHEN state <> 'PENDING' THEN ${seconds('n')} END
    FROM (SELECT webhook.id AS webhook_id, webhook.account_id, n,
      CASE WHEN n % 100 = 0 THEN 'DEAD' WHEN n % 199 = 0 THEN 'PENDING' ELSE 'DELIVERED' END AS state
      FROM webhooks AS webhook, generate_series(1, ${DELIVERIES_PER_WEBHOOK}) AS n) AS made`,
  // One in hundred lines has comments, one publication of each account very many.
  publication_comments: `INSERT INTO publication_comments (id, publication_id, account_id, user_id, text, created_at)
    SELECT ${keySql('comment', "publication_id || ' ' || n")}, publication_id, account_id, NULL, 'It works', ${seconds('n')}
    FROM (SELECT id AS publication_id, account_id, row_number() OVER (PARTITION BY account_id ORDER BY id) AS place
      FROM publications WHERE visibility = 'PUBLIC') AS offered,
      generate_series(1, CASE WHEN place = 1 THEN ${LONG_LIST / 10} WHEN place % 100 = 2 THEN 3 ELSE 0 END) AS n`,
  publication_ratings: `INSERT INTO publication_ratings (publication_id, user_id, rating, updated_at)
    SELECT offered.id, ${keySql('person', "offered.account_id || ' ' || n")}, 1 + n % 4, ${TIME}
    FROM publications AS offered, generate_series(0, 1) AS n WHERE offered.visibility = 'PUBLIC'`,
  // Every fifth is archived, and none has been attached by then.
  eulas: `INSERT INTO eulas (id, account_id, name, archived_at, created_at)
    SELECT ${keySql('eula', "account_id || ' ' || n")}, account_id, 'Licence ' || n, CASE WHEN n % 5 = 4 THEN ${TIME} END, ${TIME}
    FROM ${ACCOUNTS}, generate_series(0, ${EULAS_PER_ACCOUNT - 1}) AS n`,
  eula_revisions: `INSERT INTO eula_revisions (id, eula_id, revision, text, created_at)
    SELECT ${keySql('eula revision', "eula.id || ' ' || n")}, eula.id, n, 'Text ' || n, ${TIME}
    FROM eulas AS eula, generate_series(1, 3) AS n`,
  publication_eulas: `INSERT INTO publication_eulas (publication_id, eula_revision_id)
    SELECT id, ${keySql('eula revision', `${keySql('eula', "account_id || ' ' || place % 4")} || ' ' || n`)}
    FROM (SELECT id, account_id, row_number() OVER (ORDER BY id) AS place FROM publications) AS offered,
      generate_series(1, 3) AS n WHERE place % 3 = 0`,
  eula_acceptances: `INSERT INTO eula_acceptances (account_id, publication_id, eula_revision_id, accepted_at)
    SELECT DISTINCT imported.account_id, imported.publication_id, attached.eula_revision_id, ${TIME}
    FROM imported_versions AS imported JOIN publication_eulas AS attached ON attached.publication_id = imported.publication_id`,
  multi_cloud_image_matchers: `INSERT INTO multi_cloud_image_matchers (id, multi_cloud_image_id, position, name_pattern, pick)
    SELECT ${keySql('matcher', "mci.id || ' ' || n")}, mci.id, n, 'ubuntu-noble-' || place % 2000 || '.' || n || '*', 'NEWEST'
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM multi_cloud_images
      WHERE revision = 0 AND NOT snapshot AND NOT sealed AND original_id IS NULL) AS mci, generate_series(0, 2) AS n
    WHERE place % 2 = 0`,
});

/** Fills the tables that the seed leaves empty, from what it filled: each once, so that a database can be used again. */
export async function insertRecords(
  database: DataSource,
  accounts: SeedAccounts,
  log: (line: string) => void,
): Promise<void> {
  const [done]: unknown[] = await database.query('SELECT FROM audit_entries LIMIT 1');
  if (done !== undefined) return;
  const start = performance.now();
  await database.transaction(async (manager: EntityManager) => {
    for (const statement of Object.values(records(accounts))) await manager.query(statement);
  });
  await numberEvents(connectionOf(database.manager));
  log(`audit, history, events, webhooks, licences: ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
