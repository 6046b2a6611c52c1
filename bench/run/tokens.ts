import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { hashToken } from '../../src/domain/access/token';

/** Lets a machine act for the account with this token. */
export async function insertToken(
  client: Client,
  accountId: string,
  token: string,
  roles: readonly string[],
): Promise<void> {
  await client.query(
    `INSERT INTO access_tokens (id, account_id, name, token_hash, roles, created_at)
     VALUES ($1, $2, 'bench', $3, $4, now())`,
    [randomUUID(), accountId, hashToken(token), roles],
  );
}
