import type { EntityManager } from 'typeorm';
import { Account } from '../entities/access/account';

/** Whether there is no account yet. From then on, until the transaction ends, nobody else can make one. */
export async function lockIfEmpty(manager: EntityManager): Promise<boolean> {
  if (await manager.exists(Account)) return false;
  await manager.query('LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE');
  return !(await manager.exists(Account));
}
