import 'reflect-metadata';
import { createProgram } from './program';

export { createSchema } from '../schema';

/** Runs the command that the process was started with. @throws Error in words for who gave the command */
export async function run(): Promise<void> {
  await createProgram().parseAsync();
}
