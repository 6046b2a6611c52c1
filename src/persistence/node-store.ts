import type { EntityManager, EntityTarget } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import { Account } from '../entities/access/account';
import type { Node } from '../entities/node';
import { ANY_OF, selectRows, type Row } from './select';

/** Rows of the viewer's own account, by id. */

/** @param which SQL behind the key */
export const ownAccountRows = (manager: EntityManager, viewer: Viewer, which: string) =>
  selectRows(manager, Account, 'account').where(`account.id ${which} AND account.id = :viewer`, {
    viewer: viewer.accountId,
  });

export const ownAccounts = (
  manager: EntityManager,
  viewer: Viewer,
  ids: readonly string[],
): Promise<Row<Account>[]> => ownAccountRows(manager, viewer, ANY_OF).setParameter('ids', ids).getRawMany();

/** Of anything that belongs to an account; deleted ones too. @param which SQL behind the key */
export const ownRows = <E extends Node & { readonly accountId: string }>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  which: string,
) =>
  selectRows(manager, entity, 'owned').where(`owned.id ${which} AND owned.account_id = :viewer`, {
    viewer: viewer.accountId,
  });

export const ownById = <E extends Node & { readonly accountId: string }>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  ids: readonly string[],
): Promise<Row<E>[]> => ownRows(manager, entity, viewer, ANY_OF).setParameter('ids', ids).getRawMany();
