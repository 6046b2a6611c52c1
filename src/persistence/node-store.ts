import type { EntityManager, EntityTarget } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import { Account } from '../entities/access/account';
import type { Node } from '../entities/node';
import { batch, ofEach } from './fixed-query';
import { ANY_OF, selectRows, type Row } from './select';

/** Rows of the viewer's own account, by id. */

/** @param which SQL behind the key */
export const ownAccountRows = (manager: EntityManager, viewer: Viewer, which: string) =>
  selectRows(manager, Account, 'account').where(`account.id ${which} AND account.id = :viewer`, {
    viewer: viewer.accountId,
  });

export const ownAccounts = batch<Row<Account>>((manager, viewer) => ownAccountRows(manager, viewer, ANY_OF));

type Owned = Node & { readonly accountId: string };

/** Of anything that belongs to an account; deleted ones too. @param which SQL behind the key */
export const ownRows = <E extends Owned>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  which: string,
) =>
  selectRows(manager, entity, 'owned').where(`owned.id ${which} AND owned.account_id = :viewer`, {
    viewer: viewer.accountId,
  });

const OWN_BY_ID = ofEach((entity: EntityTarget<Owned>) =>
  batch((manager, viewer) => ownRows(manager, entity, viewer, ANY_OF)),
);

export const ownById = async <E extends Owned>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  ids: readonly string[],
): Promise<Row<E>[]> => (await OWN_BY_ID(entity)(manager, viewer, ids)) as Row<E>[];
