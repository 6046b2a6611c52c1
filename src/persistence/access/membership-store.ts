import type { EntityManager } from 'typeorm';
import type { Role } from '../../domain/access/roles';
import { Account } from '../../entities/access/account';
import { selectRows, type Row } from '../select';

const MAXIMUM_MEMBERSHIPS_SHOWN = 100;

/** The accounts that a user works in, with the roles there, by name. @param userId may be a parameter of a plan */
export const membershipRows = (manager: EntityManager, userId: unknown) =>
  selectRows(manager, Account, 'account')
    .innerJoin('memberships', 'membership', 'membership.account_id = account.id')
    .addSelect('membership.roles', 'roles')
    .where("membership.user_id = :userId AND membership.roles <> '{}'", { userId })
    .orderBy('account.name')
    .limit(MAXIMUM_MEMBERSHIPS_SHOWN);

export async function readMemberships(
  manager: EntityManager,
  userId: string,
): Promise<{ account: Row<Account>; roles: Role[] }[]> {
  const rows = await membershipRows(manager, userId).getRawMany<Row<Account> & { roles: Role[] }>();
  return rows.map(({ roles, ...account }) => ({ account, roles }));
}
