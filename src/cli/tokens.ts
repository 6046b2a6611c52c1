import { Option, type Command } from 'commander';
import { commandLine } from '../domain/access/principal';
import { ROLES, type Role } from '../domain/access/roles';
import { invalid } from '../domain/errors';
import { keyOf, toGlobalId } from '../domain/global-id';
import { accountByName } from '../persistence/access/account-store';
import { accountOfToken } from '../persistence/access/token-store';
import type { ActionContext } from '../persistence/unit-of-work';
import { memberByEmail } from '../persistence/access/user-store';
import { createToken } from '../services/access/create-token';
import { revokeToken } from '../services/access/revoke-token';
import { onDatabase, print, type OpenDatabase } from './command-action';
import { expiryOf } from './expiry';

interface CreateOptions {
  account: string;
  user?: string;
  machine?: string;
  roles?: string;
  name?: string;
  expires?: string;
}

const CREATE_OPTIONS = {
  account: '--account',
  user: '--user',
  userId: '--user',
  machine: '--machine',
  roles: '--roles',
  name: '--name',
  expires: '--expires',
  expiresAt: '--expires',
};

/** `tokens create` and `tokens revoke`. */
export function registerTokensCommand(program: Command, open: OpenDatabase): void {
  const tokens = program.command('tokens').description('make and revoke access tokens');
  tokens
    .command('create')
    .description('make an access token, and print it once')
    .requiredOption('--account <name>', 'account that it acts in')
    .addOption(
      new Option('--user <address>', 'e-mail address of the user that it is for').conflicts('machine'),
    )
    .option('--machine <name>', 'name of the machine that it is for')
    .option('--roles <roles>', `what it may do, by commas: ${ROLES.join(', ')}`)
    .option('--name <name>', 'what it is for')
    .option('--expires <when>', 'days from now, such as 30d, or a time such as 2030-01-31T00:00:00Z')
    .action(async (options: CreateOptions, command: Command) => {
      const { id, token } = await onDatabase(open, CREATE_OPTIONS, (context) => create(context, options));
      print(command, [
        `id     ${toGlobalId('AccessToken', id)}`,
        `token  ${token}`,
        'The token is shown only now: keep it safe.',
      ]);
    });
  tokens
    .command('revoke')
    .description('end an access token at once')
    .argument('<id>', 'id of the token (tok_…)')
    .action(async (id: string, _options: object, command: Command) => {
      await onDatabase(open, { id: 'ID' }, (context) => revoke(context, id));
      print(command, [`Revoked ${id}`]);
    });
}

async function create(context: ActionContext, options: CreateOptions) {
  const { user, machine } = options;
  if (user === undefined && machine === undefined)
    throw invalid('Say for whom the token is: `user` ADDRESS, or `machine` NAME with `roles`.');
  const roles = options.roles === undefined ? null : rolesOf(options.roles);
  const expiresAt = options.expires === undefined ? null : expiryOf(options.expires, context.now);
  const account = await accountByName(context.dataSource.manager, options.account);
  if (account === null)
    throw invalid('There is no account of this name: `mci-graph accounts list` shows all.', 'account');
  const userId =
    user === undefined ? null : await memberByEmail(context.dataSource.manager, account.id, user);
  if (user !== undefined && userId === null)
    throw invalid(`${user} is no user of this account: an admin lets them in with \`createUser\`.`, 'user');
  const name = options.name ?? machine ?? 'made on the command line';
  return createToken({ ...context, principal: commandLine(account.id) }, { name, userId, roles, expiresAt });
}

function rolesOf(list: string): Role[] {
  const wanted = list.split(',').map((role) => role.trim().toUpperCase());
  const isRole = (role: string): role is Role => (ROLES as readonly string[]).includes(role);
  const unknown = wanted.find((role) => !isRole(role));
  if (unknown !== undefined)
    throw invalid(`\`roles\` names "${unknown}", but the roles are ${ROLES.join(', ')}.`, 'roles');
  return wanted.filter(isRole);
}

async function revoke(context: ActionContext, id: string): Promise<void> {
  const key = keyOf('AccessToken', id, 'id');
  const accountId = await accountOfToken(context.dataSource.manager, key);
  if (accountId === null) throw invalid('There is no access token with this id.', 'id');
  await revokeToken({ ...context, principal: commandLine(accountId) }, { id: key });
}
