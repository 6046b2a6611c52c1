import type { DataSource } from 'typeorm';
import { commandLine } from '../domain/access/principal';
import { findMember } from '../persistence/member-by-email';
import { createToken } from '../services/create-token';
import { DEMO_ACCOUNT, DEMO_EMAIL } from './demo-accounts';

const VALID_FOR = 7 * 24 * 60 * 60 * 1000;

/** A fresh token of the demo user, or `null` without demo data. Only hashes are kept, so each start mints one. */
export async function mintDemoToken(dataSource: DataSource, now: Date): Promise<string | null> {
  const member = await findMember(dataSource.manager, DEMO_ACCOUNT, DEMO_EMAIL);
  if (member === null) return null;
  const context = { dataSource, now, principal: { ...commandLine(member.accountId), actor: 'demo' } };
  const expiresAt = new Date(now.getTime() + VALID_FOR);
  const { token } = await createToken(context, { name: 'demo start', userId: member.userId, expiresAt });
  return token;
}
