import type { EntityManager } from 'typeorm';
import { Membership } from '../../entities/access/user';

/** The keys of an account and of its member, by the account's name and the member's e-mail address. */
export async function findMember(
  manager: EntityManager,
  accountName: string,
  email: string,
): Promise<{ accountId: string; userId: string } | null> {
  const row = await manager
    .createQueryBuilder(Membership, 'membership')
    .innerJoin('membership.account', 'account')
    .innerJoin('membership.user', 'person')
    .select('membership.account_id', 'accountId')
    .addSelect('membership.user_id', 'userId')
    .where('account.name = :accountName AND lower(person.email) = lower(:email)', { accountName, email })
    .getRawOne<{ accountId: string; userId: string }>();
  return row ?? null;
}
