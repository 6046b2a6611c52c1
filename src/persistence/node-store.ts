import type { EntityManager } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import { AccessToken } from '../entities/access-token';
import { Account } from '../entities/account';
import { AuditEntry } from '../entities/audit-entry';
import { selectRows, type Row } from './select';

/** Rows that are only ever read one at a time. */

export async function readAccount(
  manager: EntityManager,
  viewer: Viewer,
  id: string,
): Promise<Row<Account> | null> {
  const query = selectRows(manager, Account, 'account').where('account.id = :id AND account.id = :viewer', {
    id,
    viewer: viewer.accountId,
  });
  return (await query.getRawOne<Row<Account>>()) ?? null;
}

export async function readAccessToken(
  manager: EntityManager,
  viewer: Viewer,
  id: string,
): Promise<Row<AccessToken> | null> {
  const query = selectRows(manager, AccessToken, 'token').where(
    'token.id = :id AND token.account_id = :viewer',
    {
      id,
      viewer: viewer.accountId,
    },
  );
  return (await query.getRawOne<Row<AccessToken>>()) ?? null;
}

export async function readAuditEntry(
  manager: EntityManager,
  viewer: Viewer,
  id: string,
): Promise<Row<AuditEntry> | null> {
  const query = selectRows(manager, AuditEntry, 'entry').where(
    'entry.id = :id AND entry.account_id = :viewer',
    {
      id,
      viewer: viewer.accountId,
    },
  );
  return (await query.getRawOne<Row<AuditEntry>>()) ?? null;
}
