import { sameAnswers } from './equality';
import { load, type Load, type LoadRequest } from './load';
import type { BenchOptions, WarmUp } from './options';
import { READ_WORK, type ReadWork } from './read-work';
import { loadRequest } from './request';
import type { Stage } from './stage';
import { quantile, spreadOf, type Spread } from './statistics';

export const CONNECTIONS = 10;
export const MANY_CONNECTIONS = 50;

/** Milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** What one read reached on one database. */
export interface ReadResult {
  readonly name: string;
  readonly title: string;
  readonly target: number;
  readonly grows: boolean;
  /** How many times the rows there are. */
  readonly times: number;
  readonly answerBytes: number;
  /** Requests per second. */
  readonly service: Spread;
  readonly limit: Spread;
  /** Of each round, the service's requests per second by the limit's. */
  readonly ratio: Spread;
  /** Of each round, the service's time by its time on the smallest database; `null` there. */
  readonly growth: Spread | null;
  /** The same of the limit: what the larger database costs anyone. */
  readonly limitGrowth: Spread | null;
  /** Under many connections, of all rounds together. */
  readonly latency: Both<Latency>;
  /** The same figures one by one: in what bench.json holds, medians can be checked. */
  readonly rounds: {
    /** Requests per second before the first round, which don't count. */
    readonly warmUp: Both<readonly number[]>;
    /** Requests per second. */
    readonly reached: Both<readonly number[]>;
    readonly latency: Both<readonly Latency[]>;
  };
}

/** What belongs to the service, and the same of the limit. */
interface Both<T> {
  readonly service: T;
  readonly limit: T;
}

const WHO = ['service', 'limit'] as const;
type Who = (typeof WHO)[number];
const EXIT_MS = 500;
/** More than measurements differ by themselves. */
const NOTICEABLE = 1.03;

interface Contest {
  readonly work: ReadWork;
  readonly stage: Stage;
  readonly service: LoadRequest;
  readonly limit: LoadRequest;
  readonly answerBytes: number;
  /** Requests per second, each time that it was warmed up. */
  readonly warmUp: Both<number[]>;
  /** Requests per second, round by round. */
  readonly reached: Both<number[]>;
  /** Milliseconds of each request under many connections, round by round. */
  readonly latencies: Both<number[][]>;
}

/**
 * Checks that the service and the limit answer alike, for two accounts, warms both up, then measures them in turns, all
 * databases in every round, and in the end how long answers take under many connections.
 *
 * @throws Error when answers differ, an answer is wrong under load, or a server ends
 */
export async function measureReads(
  stages: readonly Stage[],
  options: BenchOptions,
  log: (line: string) => void,
): Promise<ReadResult[]> {
  const contests: Contest[] = [];
  for (const stage of stages) for (const work of READ_WORK) contests.push(await prepareContest(stage, work));
  log(`${contests.length} answers of the service and the limit are equal, for each of two accounts`);
  log('warming up');
  for (const contest of contests) await warmUp(contest, options.warmUp);
  for (let round = 1; round <= options.rounds; round++) {
    log(`round ${round} of ${options.rounds}`);
    for (const contest of contests)
      for (const who of inTurns(round)) {
        const { requestsPerSecond } = await loaded(contest, who, CONNECTIONS, options.seconds);
        contest.reached[who].push(requestsPerSecond);
      }
  }
  log(`latency under ${MANY_CONNECTIONS} connections`);
  for (let round = 1; round <= options.latencyRounds; round++)
    for (const contest of contests)
      for (const who of inTurns(round)) {
        const seconds = options.seconds / options.latencyRounds;
        contest.latencies[who].push([...(await loaded(contest, who, MANY_CONNECTIONS, seconds)).latencies]);
      }
  return contests.map((contest) =>
    resultOf(contest, contests.find(({ work }) => work === contest.work) ?? contest),
  );
}

const inTurns = (round: number): readonly Who[] => (round % 2 === 1 ? WHO : WHO.toReversed());

/** Both as often, until neither gets faster. */
async function warmUp(contest: Contest, { seconds, least, most }: WarmUp): Promise<void> {
  for (let times = 1; times <= most; times++) {
    for (const who of inTurns(times)) {
      const { requestsPerSecond } = await loaded(contest, who, CONNECTIONS, seconds);
      contest.warmUp[who].push(requestsPerSecond);
    }
    if (times >= least && WHO.every((who) => isSteady(contest.warmUp[who]))) return;
  }
}

/** Whether the last time was not noticeably faster than any before. */
function isSteady(reached: readonly number[]): boolean {
  const before = Math.max(...reached.slice(0, -1));
  return (reached.at(-1) ?? 0) <= before * NOTICEABLE;
}

async function prepareContest(stage: Stage, work: ReadWork): Promise<Contest> {
  const { database, service, limit } = stage;
  const variables = work.variables(stage.samples);
  await sameAnswers(stage, work, database.otherToken, variables);
  const answers = await sameAnswers(stage, work, database.token, variables);
  const by = { token: database.token };
  return {
    work,
    stage,
    service: loadRequest(
      { ...by, url: `${service.url}/graphql`, body: { query: work.query, variables } },
      answers.service,
    ),
    limit: loadRequest({ ...by, url: `${limit.url}/${work.name}`, body: { variables } }, answers.limit),
    answerBytes: Buffer.byteLength(answers.service),
    warmUp: { service: [], limit: [] },
    reached: { service: [], limit: [] },
    latencies: { service: [], limit: [] },
  };
}

/** @throws Error that names the read and, when it ended, the server */
async function loaded(contest: Contest, who: Who, connections: number, seconds: number): Promise<Load> {
  try {
    return await load(contest[who], connections, seconds);
  } catch (error) {
    // A connection breaks before the process is known to have ended.
    await new Promise((resolve) => setTimeout(resolve, EXIT_MS));
    contest.stage[who].assertAlive();
    throw new Error(
      `${contest.work.name}, ${who}: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}

function latencyOf(latencies: readonly number[]): Latency {
  return {
    p50: quantile(latencies, 0.5),
    p95: quantile(latencies, 0.95),
    p99: quantile(latencies, 0.99),
  };
}

function resultOf(contest: Contest, smallest: Contest): ReadResult {
  const { work, stage, answerBytes, warmUp, reached, latencies } = contest;
  const growthOf = (who: Who) =>
    contest === smallest ? null : spreadOf(quotients(smallest.reached[who], reached[who]));
  return {
    name: work.name,
    title: work.title,
    target: work.target,
    grows: work.grows ?? false,
    times: stage.database.times,
    answerBytes,
    service: spreadOf(reached.service),
    limit: spreadOf(reached.limit),
    ratio: spreadOf(quotients(reached.service, reached.limit)),
    growth: growthOf('service'),
    limitGrowth: growthOf('limit'),
    latency: { service: latencyOf(latencies.service.flat()), limit: latencyOf(latencies.limit.flat()) },
    rounds: {
      warmUp,
      reached,
      latency: { service: latencies.service.map(latencyOf), limit: latencies.limit.map(latencyOf) },
    },
  };
}

/** Round by round. */
export const quotients = (dividends: readonly number[], divisors: readonly number[]): number[] =>
  dividends.map((dividend, round) => dividend / (divisors[round] ?? NaN));
