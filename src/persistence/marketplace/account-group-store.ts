import { randomUUID } from 'node:crypto';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import {
  AccountGroup,
  AccountGroupInvitation,
  AccountGroupMember,
} from '../../entities/marketplace/account-group';
import { PublicationAccountGroup } from '../../entities/marketplace/publication';
import { selectRows, type Row } from '../select';

/** Account groups, their members and the codes that make members. */

export type AccountGroupColumns = Pick<AccountGroup, 'name' | 'description'>;

/** @returns its key */
export async function insertAccountGroup(
  manager: EntityManager,
  accountId: string,
  columns: AccountGroupColumns,
  now: Date,
): Promise<string> {
  const id = randomUUID();
  await manager.insert(AccountGroup, {
    ...columns,
    id,
    accountId,
    version: 1,
    createdAt: now,
    updatedAt: now,
  });
  return id;
}

const ownGroup = (manager: EntityManager, accountId: string, id: string): SelectQueryBuilder<AccountGroup> =>
  selectRows(manager, AccountGroup, 'owned').where('owned.id = :id AND owned.account_id = :accountId', {
    id,
    accountId,
  });

/** A group of the account's, locked against deletion. */
export async function shareAccountGroup(
  manager: EntityManager,
  accountId: string,
  id: string,
): Promise<Row<AccountGroup> | null> {
  const query = ownGroup(manager, accountId, id).setLock('for_key_share');
  return (await query.getRawOne<Row<AccountGroup>>()) ?? null;
}

/** A group of the account's, locked against all who change it, join it or offer to it. */
export async function lockAccountGroup(
  manager: EntityManager,
  accountId: string,
  id: string,
): Promise<Row<AccountGroup> | null> {
  const query = ownGroup(manager, accountId, id).setLock('pessimistic_write');
  return (await query.getRawOne<Row<AccountGroup>>()) ?? null;
}

/** Writes a changed group under its next version. It must be locked. */
export async function updateAccountGroupRow(
  manager: EntityManager,
  id: string,
  columns: Partial<AccountGroupColumns>,
  now: Date,
): Promise<void> {
  await manager
    .createQueryBuilder()
    .update(AccountGroup)
    .set({ ...columns, version: () => 'version + 1', updatedAt: now })
    .where('id = :id', { id })
    .execute();
}

export const countMembers = (manager: EntityManager, accountGroupId: string): Promise<number> =>
  manager.countBy(AccountGroupMember, { accountGroupId });

/** Deletes a group without members: its codes and what is offered to it go along. It must be locked. */
export async function deleteAccountGroupRow(manager: EntityManager, id: string): Promise<void> {
  await manager.delete(AccountGroupInvitation, { accountGroupId: id });
  await manager.delete(PublicationAccountGroup, { accountGroupId: id });
  await manager.delete(AccountGroup, { id });
}

export async function insertInvitation(
  manager: EntityManager,
  invitation: Pick<
    AccountGroupInvitation,
    'accountGroupId' | 'codeHash' | 'createdById' | 'createdAt' | 'expiresAt'
  >,
): Promise<void> {
  await manager.insert(AccountGroupInvitation, { ...invitation, id: randomUUID(), usedAt: null });
}

/** The group that a code is for, whether or not the code is still good; it isn't deleted before the transaction ends. */
export async function shareGroupOfCode(
  manager: EntityManager,
  codeHash: Buffer,
): Promise<Row<AccountGroup> | null> {
  const row = await selectRows(manager, AccountGroup, 'joined')
    .innerJoin(AccountGroupInvitation, 'invitation', 'invitation.account_group_id = joined.id')
    .where('invitation.code_hash = :codeHash', { codeHash })
    .setLock('for_key_share', undefined, ['joined'])
    .getRawOne<Row<AccountGroup>>();
  return row ?? null;
}

/** `false`: the code was used before, or has expired. */
export async function spendCode(manager: EntityManager, codeHash: Buffer, now: Date): Promise<boolean> {
  const spent = await manager
    .createQueryBuilder()
    .update(AccountGroupInvitation)
    .set({ usedAt: now })
    .where('code_hash = :codeHash AND used_at IS NULL AND expires_at > :now', { codeHash, now })
    .execute();
  return spent.affected === 1;
}

/** `false`: the account has access already. */
export async function insertMember(
  manager: EntityManager,
  accountGroupId: string,
  accountId: string,
  now: Date,
): Promise<boolean> {
  const inserted = await manager
    .createQueryBuilder()
    .insert()
    .into(AccountGroupMember)
    .values({ accountGroupId, accountId, createdAt: now })
    .orIgnore()
    .returning('account_id')
    .updateEntity(false)
    .execute();
  return (inserted.raw as unknown[]).length > 0;
}

/** `false`: the account has no access. */
export async function deleteMember(
  manager: EntityManager,
  accountGroupId: string,
  accountId: string,
): Promise<boolean> {
  const deleted = await manager.delete(AccountGroupMember, { accountGroupId, accountId });
  return deleted.affected === 1;
}
