import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** How much is measured, and for how long. */
export interface BenchOptions {
  readonly quick: boolean;
  /** Whether a missed target fails the command. */
  readonly strict: boolean;
  /** How often each measurement is repeated, the service and the limit in turns. */
  readonly rounds: number;
  /** Length of one measurement. */
  readonly seconds: number;
  /** How many times the rows of the small database the large one has; 1: there is no large one. */
  readonly large: number;
  /** Rows of the listing whose import is measured. */
  readonly importRows: number;
  /** How often each write is repeated. */
  readonly writeRounds: number;
  /** Where the report goes. */
  readonly folder: string;
}

const FULL = { rounds: 5, seconds: 3, large: 50, importRows: 200_000, writeRounds: 7 };
const QUICK = { rounds: 3, seconds: 0.25, large: 1, importRows: 20_000, writeRounds: 2 };

export const USAGE = `npm run bench -- [--quick] [--strict] [--rounds N] [--seconds S] [--large TIMES] [--output FOLDER]`;

/** @throws Error that names the option and what it may be */
export function readBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      large: { type: 'string' },
      output: { type: 'string' },
    },
  });
  const form = values.quick ? QUICK : FULL;
  return {
    ...form,
    quick: values.quick,
    strict: values.strict,
    rounds: numberOf('rounds', values.rounds, form.rounds, 1, 100),
    seconds: numberOf('seconds', values.seconds, form.seconds, 0.1, 600),
    large: numberOf('large', values.large, form.large, 1, 50),
    folder: values.output ?? join('dist', 'bench-report'),
  };
}

function numberOf(option: string, text: string | undefined, fallback: number, least: number, most: number) {
  if (text === undefined) return fallback;
  const value = Number(text);
  const wholeOnly = option !== 'seconds';
  if (text.trim() === '' || !(value >= least && value <= most) || (wholeOnly && !Number.isInteger(value)))
    throw new Error(
      `--${option} is "${text}", but must be a ${wholeOnly ? 'whole ' : ''}number from ${least} to ${most}.\n${USAGE}`,
    );
  return value;
}
