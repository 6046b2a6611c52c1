import type { DataSource } from 'typeorm';
import { commandLine } from '../domain/access/principal';
import { findMember } from '../persistence/access/member-by-email';
import { createToken } from '../services/access/create-token';
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

/** A demo token that is valid for another day at least, or `null` without demo data. */
export type DemoTokenSource = () => Promise<string | null>;

const RENEW_BEFORE = 24 * 60 * 60 * 1000;

/** Mints a token at first, and again when it is about to expire: the page of a service that runs for weeks works, too. */
export function demoTokenSource(dataSource: DataSource): DemoTokenSource {
  let current: Promise<string | null> | null = null;
  let renewAt = 0;
  return () => {
    const now = new Date();
    if (current === null || now.getTime() >= renewAt) {
      renewAt = now.getTime() + VALID_FOR - RENEW_BEFORE;
      current = mintDemoToken(dataSource, now);
      current.catch(() => (current = null));
    }
    return current;
  };
}
