import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { readConfig } from '../config';
import { removeDataFolder } from '../embedded-database';
import { registerAccountsCommand } from './accounts';
import { dataFolderOf, openCommandDatabase, PACKAGE_FOLDER, toStandardError } from './database-access';
import { registerImportCommand } from './import';
import { start } from './start';
import { registerTokensCommand } from './tokens';

const packageVersion = (): string =>
  (JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8')) as { version: string }).version;

/** The command line: `mci-graph [start]`, `migrate`, `accounts`, `tokens`, `import`, `reset`. */
export function createProgram(): Command {
  const program = new Command('mci-graph')
    .description('Which machine image will this server boot from, in this cloud, and why.')
    .version(packageVersion())
    .showHelpAfterError();
  const open = () => openCommandDatabase(readConfig(process.env));

  program
    .command('start', { isDefault: true })
    .description('run the service (the default)')
    .action(() => start(readConfig(process.env)));
  program
    .command('migrate')
    .description('bring the database schema up to date, and end')
    .action(async () => {
      await (await open()).close();
      process.stdout.write('The database schema is up to date.\n');
    });
  program
    .command('reset')
    .description('remove the data folder of the embedded database')
    .action(async () => {
      const location = dataFolderOf(readConfig(process.env));
      const removed = await removeDataFolder(location, toStandardError);
      process.stdout.write(
        removed ? `Removed ${location.folder}\n` : `There is nothing at ${location.folder}\n`,
      );
    });
  registerAccountsCommand(program, open);
  registerTokensCommand(program, open);
  registerImportCommand(program, open);
  return program;
}
