import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { hashToken, mintToken } from '../domain/access/token';
import { AccessToken } from '../entities/access-token';
import { DEMO_ACCOUNT, DEMO_USER } from './demo-accounts';
import { Account } from '../entities/account';

const VALID_FOR = 7 * 24 * 60 * 60 * 1000;

/** A fresh token of the demo user, or `null` where there is no demo account. Only hashes are kept, so each start mints one. */
export async function mintDemoToken(dataSource: DataSource, now: Date): Promise<string | null> {
  if (!(await dataSource.manager.existsBy(Account, { id: DEMO_ACCOUNT.key }))) return null;
  const token = mintToken();
  await dataSource.manager.insert(AccessToken, {
    id: randomUUID(),
    accountId: DEMO_ACCOUNT.key,
    userId: DEMO_USER.key,
    name: 'demo start',
    tokenHash: hashToken(token),
    roles: null,
    expiresAt: new Date(now.getTime() + VALID_FOR),
    revokedAt: null,
    createdAt: now,
  });
  return token;
}
