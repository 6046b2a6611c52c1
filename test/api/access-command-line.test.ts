import { Command } from 'commander';
import { registerAccountsCommand } from '../../src/cli/accounts';
import { expiryOf } from '../../src/cli/expiry';
import { registerTokensCommand } from '../../src/cli/tokens';
import { startApi, type TestApi } from '../kit/api';

const VIEWER = '{ viewer { roles user { email name } account { id name } } }';
const CREATE = ['--admin-email', 'ada@example.com', '--admin-name', 'Ada Lovelace'];

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

let opened = 0;

/** Runs the command line on the test's database; gives what it writes, or throws what ends it. */
async function run(...words: string[]): Promise<string> {
  let written = '';
  const program = new Command('mci-graph').exitOverride().configureOutput({
    writeOut: (text) => (written += text),
    writeErr: () => undefined,
  });
  const open = async () => {
    opened += 1;
    return {
      dataSource: api.dataSource,
      close: async () => {
        opened -= 1;
      },
    };
  };
  registerAccountsCommand(program, open);
  registerTokensCommand(program, open);
  try {
    await program.parseAsync(words, { from: 'user' });
  } finally {
    expect(opened).toBe(0);
  }
  return written;
}

const valueOf = (written: string, label: string): string =>
  new RegExp(`^${label} +(\\S+)$`, 'm').exec(written)?.[1] ?? `no ${label} in ${written}`;

describe('an empty installation begins on the command line', () => {
  it('makes an account with an admin and a token, which then manages the rest', async () => {
    const written = await run('accounts', 'create', 'First', ...CREATE);
    expect(written).toMatch(
      /^account {2}acc_\S+\nadmin {4}usr_\S+\ntoken {4}mcig_\S+\nThe token is shown only now: keep it safe\.\n$/,
    );
    const token = valueOf(written, 'token');
    const { data } = await api.request(token, VIEWER);
    expect(data.viewer).toEqual({
      roles: ['OBSERVER', 'ACTOR', 'DESIGNER', 'LIBRARY', 'PUBLISHER', 'ADMIN'],
      user: { email: 'ada@example.com', name: 'Ada Lovelace' },
      account: { id: valueOf(written, 'account'), name: 'First' },
    });
    const log = await api.request(token, '{ auditEntries { edges { node { action actor } } } }');
    const entries: { node: { action: string; actor: string } }[] = log.data.auditEntries.edges;
    expect(entries.map(({ node }) => node.actor)).toEqual(['command line', 'command line', 'command line']);
    expect(entries.map(({ node }) => node.action).sort()).toEqual([
      'accessToken.create',
      'account.create',
      'user.create',
    ]);
  });

  it('lists accounts, and makes one operator at most (R-2.3)', async () => {
    const written = await run('accounts', 'create', 'Operator', '--operator', ...CREATE);
    const line = `${valueOf(written, 'account')}  Operator  (operator)\n`;
    expect(await run('accounts', 'list')).toContain(line);
    await expect(run('accounts', 'create', 'Second operator', '--operator', ...CREATE)).rejects.toThrow(
      '--operator is set, but this installation has an operator account already: leave it out.',
    );
    expect(await run('accounts', 'list')).not.toContain('Second operator');
  });

  it.each([
    [['first', ...CREATE], 'NAME is the name of another account: choose another.'],
    [[' ', ...CREATE], 'NAME is empty: give a name.'],
    [
      ['New', '--admin-email', 'ada', '--admin-name', 'Ada'],
      '--admin-email is not an e-mail address: give one such as ada@example.com.',
    ],
    [['New', '--admin-email', 'ada@example.com', '--admin-name', ''], '--admin-name is empty: give a name.'],
    [['New', '--admin-name', 'Ada'], "required option '--admin-email <address>' not specified"],
  ])('names the option when it refuses accounts create %j', async (words, message) => {
    const before = await run('accounts', 'list');
    await expect(run('accounts', 'create', ...words)).rejects.toThrow(message);
    expect(await run('accounts', 'list')).toBe(before);
  });
});

describe('tokens on the command line', () => {
  it('are made for a user, and revoked', async () => {
    const account = await api.account();
    const words = ['--account', account.name.toUpperCase(), '--user', `${account.userKey}@EXAMPLE.com`];
    const written = await run('tokens', 'create', ...words, '--roles', 'designer, actor', '--expires', '30d');
    const token = valueOf(written, 'token');
    expect((await api.request(token, VIEWER)).data.viewer).toMatchObject({
      roles: ['OBSERVER', 'ACTOR', 'DESIGNER'],
      account: { id: account.id },
    });
    const id = valueOf(written, 'id');
    expect(await run('tokens', 'revoke', id)).toBe(`Revoked ${id}\n`);
    expect((await api.request(token, VIEWER)).status).toBe(401);
    expect(await run('tokens', 'revoke', id)).toBe(`Revoked ${id}\n`);
  });

  it('are made for a machine', async () => {
    const account = await api.account();
    const words = ['--account', account.name, '--machine', 'feeder', '--roles', 'INFRASTRUCTURE'];
    const written = await run('tokens', 'create', ...words);
    expect((await api.request(valueOf(written, 'token'), VIEWER)).data.viewer).toMatchObject({
      roles: ['OBSERVER', 'INFRASTRUCTURE'],
      user: null,
    });
    const { accessTokens } = await account.query('{ accessTokens { edges { node { name expiresAt } } } }');
    expect(accessTokens.edges[0].node).toEqual({ name: 'feeder', expiresAt: null });
  });

  it.each([
    [[], 'Say for whom the token is: --user ADDRESS, or --machine NAME with --roles.'],
    [
      ['--machine', 'm'],
      '--roles is missing: name what the machine may do, or give --user for a token of a user.',
    ],
    [['--machine', 'm', '--roles', 'KING'], '--roles names "KING", but the roles are OBSERVER, '],
    [['--machine', 'm', '--roles', 'ACTOR', '--expires', 'soon'], '--expires is "soon": give days from now'],
    [
      ['--machine', 'm', '--roles', 'ACTOR', '--expires', '2020-01-01'],
      '--expires is past: give a time to come',
    ],
    [['--user', 'eve@example.com'], '--user: eve@example.com is no user of this account'],
    [
      ['--user', 'a@b.c', '--machine', 'm'],
      "option '--user <address>' cannot be used with option '--machine",
    ],
  ])('name the option when refused with %j', async (words, message) => {
    const account = await api.account();
    await expect(run('tokens', 'create', '--account', account.name, ...words)).rejects.toThrow(message);
    expect((await account.query('{ accessTokens { totalCount } }')).accessTokens.totalCount).toBe(1);
  });

  it('need an account and a token that exist', async () => {
    await expect(run('tokens', 'create', '--account', 'nowhere', '--machine', 'm')).rejects.toThrow(
      '--account: There is no account of this name: `mci-graph accounts list` shows all.',
    );
    await expect(run('tokens', 'revoke', 'tok_00000000-0000-4000-8000-000000000000')).rejects.toThrow(
      'ID: There is no access token with this id.',
    );
    await expect(run('tokens', 'revoke', 'nonsense')).rejects.toThrow(
      '"nonsense" is not an id of this graph',
    );
  });
});

describe('--expires', () => {
  const now = new Date('2030-01-31T12:00:00.000Z');

  it.each([
    ['30d', '2030-03-02T12:00:00.000Z'],
    ['1d', '2030-02-01T12:00:00.000Z'],
    ['2031-01-01', '2031-01-01T00:00:00.000Z'],
    ['2031-01-01T10:00Z', '2031-01-01T10:00:00.000Z'],
    ['2031-01-01T10:00:00+02:00', '2031-01-01T08:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(expiryOf(text, now).toISOString()).toBe(expected);
  });

  it.each(['', '30', 'd', '-1d', '2031-01-01T10:00', '2031-13-01', 'tomorrow'])('%j is refused', (text) => {
    expect(() => expiryOf(text, now)).toThrow('give days from now, such as 30d, or a time such as');
  });
});
