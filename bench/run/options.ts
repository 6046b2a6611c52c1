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
  /** How often the length of one measurement is divided for latencies, the service and the limit in turns. */
  readonly latencyRounds: number;
  /** How often the service is started. */
  readonly starts: number;
  /** What goes before the first round. */
  readonly warmUp: WarmUp;
  /** Where the report goes. */
  readonly folder: string;
}

/** Connections plan a statement anew five times before they keep a plan, and V8 compiles what is called often. */
export interface WarmUp {
  /** Each read is asked for so long at a time, the service and the limit in turns, */
  readonly seconds: number;
  /** at least so often, */
  readonly least: number;
  /** and until neither gets faster, but at most so often. */
  readonly most: number;
  /** Rounds of writes that don't count. */
  readonly writeRounds: number;
}

const FULL = {
  rounds: 5,
  seconds: 3,
  large: 50,
  importRows: 200_000,
  writeRounds: 7,
  latencyRounds: 3,
  starts: 3,
  warmUp: { seconds: 1, least: 4, most: 6, writeRounds: 5 },
};
const QUICK = {
  rounds: 3,
  seconds: 0.25,
  large: 1,
  importRows: 20_000,
  writeRounds: 2,
  latencyRounds: 1,
  starts: 1,
  warmUp: { seconds: 0.25, least: 2, most: 2, writeRounds: 1 },
};

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
