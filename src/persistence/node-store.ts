import type { EntityManager } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import { AccessToken } from '../entities/access-token';
import { Account } from '../entities/account';
import { AuditEntry } from '../entities/audit-entry';
import { selectRows, type Row } from './select';

/** Rows of the viewer's own account, by id. */

export const ownAccounts = (
  manager: EntityManager,
  viewer: Viewer,
  ids: readonly string[],
): Promise<Row<Account>[]> =>
  selectRows(manager, Account, 'account')
    .where('account.id = ANY(:ids) AND account.id = :viewer', { ids, viewer: viewer.accountId })
    .getRawMany();

export const ownAccessTokens = (
  manager: EntityManager,
  viewer: Viewer,
  ids: readonly string[],
): Promise<Row<AccessToken>[]> =>
  selectRows(manager, AccessToken, 'token')
    .where('token.id = ANY(:ids) AND token.account_id = :viewer', { ids, viewer: viewer.accountId })
    .getRawMany();

export const ownAuditEntries = (
  manager: EntityManager,
  viewer: Viewer,
  ids: readonly string[],
): Promise<Row<AuditEntry>[]> =>
  selectRows(manager, AuditEntry, 'entry')
    .where('entry.id = ANY(:ids) AND entry.account_id = :viewer', { ids, viewer: viewer.accountId })
    .getRawMany();
