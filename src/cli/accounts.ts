import type { Command } from 'commander';
import { toGlobalId } from '../domain/global-id';
import { readAccounts } from '../persistence/access/account-store';
import { createAccount } from '../services/access/create-account';
import { onDatabase, print, type OpenDatabase } from './command-action';

interface CreateOptions {
  adminEmail: string;
  adminName: string;
  operator: boolean;
}

const OPTIONS = {
  name: 'NAME',
  adminEmail: '--admin-email',
  adminName: '--admin-name',
  operator: '--operator',
};

/** `accounts create` and `accounts list`. An installation begins here: nobody can ask the graph for the first token. */
export function registerAccountsCommand(program: Command, open: OpenDatabase): void {
  const accounts = program.command('accounts').description('make and list accounts');
  accounts
    .command('create')
    .description('make an account with its first admin, and print a token of theirs once')
    .argument('<name>', 'name of the account, unique')
    .requiredOption('--admin-email <address>', 'e-mail address of the first admin')
    .requiredOption('--admin-name <name>', 'name of the first admin')
    .option('--operator', 'the account writes the public catalog; one account at most', false)
    .action(async (name: string, options: CreateOptions, command: Command) => {
      const created = await onDatabase(open, OPTIONS, (context) =>
        createAccount(context, { name, ...options }),
      );
      print(command, [
        `account  ${toGlobalId('Account', created.accountId)}`,
        `admin    ${toGlobalId('User', created.adminId)}`,
        `token    ${created.adminToken.token}`,
        'The token is shown only now: keep it safe.',
      ]);
    });
  accounts
    .command('list')
    .description('list all accounts by name: id, name, and which one is the operator')
    .action(async (_options: object, command: Command) => {
      const rows = await onDatabase(open, {}, ({ dataSource }) => readAccounts(dataSource.manager));
      print(
        command,
        rows.map(
          ({ id, name, operator }) =>
            `${toGlobalId('Account', id)}  ${name}${operator ? '  (operator)' : ''}`,
        ),
      );
    });
}
