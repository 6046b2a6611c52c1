import { QueryFailedError, type EntityManager } from 'typeorm';
import { invalid, type DomainError } from '../../domain/errors';
import { Account } from '../../entities/access/account';
import { selectRows, type Row } from '../select';
import { sqlState } from '../unit-of-work';

const UNIQUE_VIOLATION = '23505';

export type NewAccount = Pick<Account, 'id' | 'name' | 'operator' | 'createdAt'>;

/** Refused when the name is taken, ignoring case, or when there is an operator already. */
export async function insertAccount(manager: EntityManager, account: NewAccount): Promise<void> {
  try {
    await manager.insert(Account, { ...account, tags: [] });
  } catch (error) {
    throw conflict(error) ?? error;
  }
}

function conflict(error: unknown): DomainError | null {
  if (!(error instanceof QueryFailedError) || sqlState(error) !== UNIQUE_VIOLATION) return null;
  switch ((error.driverError as { constraint?: string }).constraint) {
    case 'accounts_name_unique':
      return invalid('`name` is the name of another account: choose another.', 'input', 'name');
    case 'accounts_operator_unique':
      return invalid(
        '`operator` is set, but this installation has an operator account already: leave it out.',
        'input',
        'operator',
      );
    default:
      return null;
  }
}

/** Every account by name, for the command line. */
export function readAccounts(manager: EntityManager): Promise<Row<Account>[]> {
  return selectRows(manager, Account, 'account').orderBy('account.name').getRawMany<Row<Account>>();
}

/** For the command line: the account of this name, ignoring case. */
export async function accountByName(manager: EntityManager, name: string): Promise<Row<Account> | null> {
  const query = selectRows(manager, Account, 'account').where('lower(account.name) = lower(:name)', { name });
  return (await query.getRawOne<Row<Account>>()) ?? null;
}
