import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import { User } from '../../entities/access/user';
import type { ListQuery } from '../keyset-page';
import { selectRows } from '../select';

/** People of the viewer's account, under the names that they have there. */
export function membersOf(manager: EntityManager, viewer: Viewer): SelectQueryBuilder<User> {
  return selectRows(manager, User, 'person')
    .innerJoin('memberships', 'membership', 'membership.user_id = person.id')
    .addSelect('membership.name', 'name')
    .addSelect('membership.roles', 'roles')
    .where('membership.account_id = :viewer', { viewer: viewer.accountId });
}

export function userList(viewer: Viewer): ListQuery<User> {
  return {
    name: 'users',
    order: {
      keys: [
        { expression: 'person.email', property: 'email', type: 'text' },
        { expression: 'person.id', property: 'id', type: 'uuid' },
      ],
      descending: false,
    },
    rows: (manager) => membersOf(manager, viewer),
  };
}
