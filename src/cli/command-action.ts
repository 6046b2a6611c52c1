import type { Command } from 'commander';
import type { DataSource } from 'typeorm';
import { commandLine } from '../domain/access/principal';
import { DomainError } from '../domain/errors';
import type { ActionContext } from '../persistence/unit-of-work';

/** Opens the database that the command works on. */
export type OpenDatabase = () => Promise<{ dataSource: DataSource; close(): Promise<void> }>;

/** What the command line calls the fields of a use case's input. */
export type OptionNames = Readonly<Record<string, string>>;

/** Runs a command on the database as the operator, and closes it whatever comes. */
export async function onDatabase<T>(
  open: OpenDatabase,
  options: OptionNames,
  work: (context: ActionContext) => Promise<T>,
): Promise<T> {
  const database = await open();
  try {
    const { dataSource } = database;
    return await work({ dataSource, principal: commandLine(null), now: new Date() });
  } catch (error) {
    throw error instanceof DomainError ? new Error(inOptions(error, options), { cause: error }) : error;
  } finally {
    await database.close();
  }
}

/** A refusal in one line, in words of the command line: options instead of input fields. */
function inOptions(error: DomainError, options: OptionNames): string {
  const field = error.details.path?.at(-1) ?? '';
  const message = Object.entries(options).reduce(
    (text, [name, option]) => text.replaceAll(`\`${name}\``, option),
    error.message,
  );
  const option = options[field];
  return option === undefined || message.includes(option) ? message : `${option}: ${message}`;
}

/** Writes where the command line writes. */
export function print(command: Command, lines: readonly string[]): void {
  for (const line of lines) command.configureOutput().writeOut?.(`${line}\n`);
}
