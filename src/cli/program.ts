import { Command } from 'commander';
import { readConfig } from '../config';
import { removeDataFolder } from '../embedded-database';
import { registerAccountsCommand } from './accounts';
import { dataFolderOf, openCommandDatabase, toStandardError } from './database-access';
import { registerImportCommand } from './import';
import { start } from './start';
import { registerTokensCommand } from './tokens';

/** The command line: `mci-graph [start]`, `migrate`, `accounts`, `tokens`, `import`, `reset`. */
export function createProgram(): Command {
  const program = new Command('mci-graph')
    .description('Which machine image will this server boot from, in this cloud, and why.')
    .showHelpAfterError();
  const open = () => openCommandDatabase(readConfig(process.env));

  program
    .command('start', { isDefault: true })
    .description('run the service (the default)')
    .action(() => start(readConfig(process.env)));
  program
    .command('migrate')
    .description('bring the database schema up to date, and end')
    .action(async () => (await open()).close());
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
