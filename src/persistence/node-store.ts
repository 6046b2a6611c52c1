import type { EntityManager, EntityTarget } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import { Account } from '../entities/access/account';
import type { Node } from '../entities/node';
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

/** Of anything that belongs to an account; deleted ones too. */
export const ownById = <E extends Node & { readonly accountId: string }>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  ids: readonly string[],
): Promise<Row<E>[]> =>
  selectRows(manager, entity, 'owned')
    .where('owned.id = ANY(:ids) AND owned.account_id = :viewer', { ids, viewer: viewer.accountId })
    .getRawMany();
