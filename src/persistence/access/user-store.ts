import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Identity, PersonFacts } from '../../domain/access/identity-principal';
import type { MemberRoles } from '../../domain/access/role-change';
import type { Role } from '../../domain/access/roles';
import { Membership, User } from '../../entities/access/user';

/** The key of the person with this e-mail address (in lower case), who is added if unknown so far. */
export async function findOrAddUser(manager: EntityManager, email: string, now: Date): Promise<string> {
  // Of two adding the same person at once, the second waits here and then finds the first one's.
  await manager
    .createQueryBuilder()
    .insert()
    .into(User)
    .values({ id: randomUUID(), email, openidSubject: null, createdAt: now })
    .orIgnore()
    .updateEntity(false)
    .execute();
  const id = await userByEmail(manager, email);
  if (id === null) throw new Error('A user that was just added cannot be read');
  return id;
}

async function userByEmail(manager: EntityManager, email: string): Promise<string | null> {
  const row = await manager
    .createQueryBuilder(User, 'person')
    .select('person.id', 'id')
    .where('lower(person.email) = lower(:email)', { email })
    .getRawOne<{ id: string }>();
  return row?.id ?? null;
}

/** For the command line: the member of the account with this e-mail address. */
export async function memberByEmail(
  manager: EntityManager,
  accountId: string,
  email: string,
): Promise<string | null> {
  const row = await manager
    .createQueryBuilder(Membership, 'membership')
    .select('person.id', 'id')
    .innerJoin('membership.user', 'person')
    .where('membership.account_id = :accountId AND lower(person.email) = lower(:email)', { accountId, email })
    .getRawOne<{ id: string }>();
  return row?.id ?? null;
}

export type NewMembership = Pick<Membership, 'accountId' | 'userId' | 'name' | 'roles' | 'createdAt'>;

/** `false`: the user is a member already, and nothing was changed. */
export async function insertMembership(manager: EntityManager, membership: NewMembership): Promise<boolean> {
  const inserted = await manager
    .createQueryBuilder()
    .insert()
    .into(Membership)
    .values(membership)
    .orIgnore()
    .returning('user_id')
    .updateEntity(false)
    .execute();
  return (inserted.raw as unknown[]).length > 0;
}

/** What a member may do in the account; `null` for others. */
export async function rolesOfMember(
  manager: EntityManager,
  accountId: string,
  userId: string,
): Promise<Role[] | null> {
  const row = await manager
    .createQueryBuilder(Membership, 'membership')
    .select('membership.roles', 'roles')
    .where('membership.account_id = :accountId AND membership.user_id = :userId', { accountId, userId })
    .getRawOne<{ roles: Role[] }>();
  return row?.roles ?? null;
}

/**
 * Locks a user's membership and those of all admins of the account until the transaction ends, so that
 * of two changes at once the second sees the admins that the first one left.
 */
export async function lockUserAndAdmins(
  manager: EntityManager,
  accountId: string,
  userId: string,
): Promise<MemberRoles[]> {
  return manager
    .createQueryBuilder(Membership, 'membership')
    .select('membership.user_id', 'userId')
    .addSelect('membership.roles', 'roles')
    .where('membership.account_id = :accountId', { accountId })
    .andWhere(`(membership.user_id = :userId OR 'ADMIN' = ANY(membership.roles))`, { userId })
    .orderBy('membership.user_id')
    .setLock('pessimistic_write')
    .getRawMany<MemberRoles>();
}

export async function updateRoles(
  manager: EntityManager,
  accountId: string,
  userId: string,
  roles: Role[],
): Promise<void> {
  await manager
    .createQueryBuilder()
    .update(Membership)
    .set({ roles })
    .where('account_id = :accountId AND user_id = :userId', { accountId, userId })
    .execute();
}

interface PersonRow {
  id: string;
  email: string;
  openidSubject: string | null;
  accountId: string | null;
  accountName: string;
  operator: boolean;
  roles: Role[];
}

/** The person whom an identity means: by its subject, else by its e-mail address. One statement. */
const PERSON_OF_IDENTITY = `
  SELECT person.id, person.email, person.openid_subject AS "openidSubject",
         account.id AS "accountId", account.name AS "accountName", account.operator, membership.roles
    FROM (SELECT id, email, openid_subject FROM users
           WHERE openid_subject = $1 OR lower(email) = lower($2)
           ORDER BY openid_subject = $1 DESC NULLS LAST LIMIT 1) AS person
    LEFT JOIN memberships AS membership ON membership.user_id = person.id AND membership.roles <> '{}'
    LEFT JOIN accounts AS account ON account.id = membership.account_id
   ORDER BY account.name`;

/** The person whom an identity means, with the accounts in which they have roles, by name. */
export async function personOfIdentity(
  manager: EntityManager,
  identity: Identity,
): Promise<PersonFacts | null> {
  const rows: PersonRow[] = await manager.query(PERSON_OF_IDENTITY, [identity.subject, identity.email]);
  const person = rows[0];
  if (person === undefined) return null;
  const memberships = rows.flatMap(({ accountId, accountName, operator, roles }) =>
    accountId === null ? [] : [{ account: { id: accountId, name: accountName, operator }, roles }],
  );
  const { id, email, openidSubject } = person;
  return { id, email, openidSubject, memberships };
}

/** `false`: the user is linked to an identity already. */
export async function linkIdentity(
  manager: EntityManager,
  userId: string,
  subject: string,
): Promise<boolean> {
  const linked = await manager
    .createQueryBuilder()
    .update(User)
    .set({ openidSubject: subject })
    .where('id = :userId AND openid_subject IS NULL', { userId })
    .execute();
  return linked.affected === 1;
}
