import { sameAnswers } from './equality';
import { load, type Load, type LoadRequest } from './load';
import type { BenchOptions } from './options';
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
  /** Under many connections. */
  readonly latency: { readonly service: Latency; readonly limit: Latency };
}

const WHO = ['service', 'limit'] as const;
type Who = (typeof WHO)[number];
const EXIT_MS = 500;

interface Contest {
  readonly work: ReadWork;
  readonly stage: Stage;
  readonly service: LoadRequest;
  readonly limit: LoadRequest;
  readonly answerBytes: number;
  /** Requests per second, round by round. */
  readonly reached: { service: number[]; limit: number[] };
}

/**
 * Checks that the service and the limit answer alike, for two accounts, then measures both in turns, all databases in every
 * round, and in the end how long answers take under many connections.
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
  for (const contest of contests)
    for (const who of WHO) await loaded(contest, who, CONNECTIONS, options.seconds);
  for (let round = 1; round <= options.rounds; round++) {
    log(`round ${round} of ${options.rounds}`);
    for (const contest of contests) {
      for (const who of round % 2 === 1 ? WHO : WHO.toReversed()) {
        const { requestsPerSecond } = await loaded(contest, who, CONNECTIONS, options.seconds);
        contest.reached[who].push(requestsPerSecond);
      }
    }
  }
  log(`latency under ${MANY_CONNECTIONS} connections`);
  const results: ReadResult[] = [];
  for (const contest of contests) {
    const smallest = contests.find(({ work }) => work === contest.work);
    const service = await latencyOf(contest, 'service', options.seconds);
    const limit = await latencyOf(contest, 'limit', options.seconds);
    results.push(resultOf(contest, smallest ?? contest, { service, limit }));
  }
  return results;
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
    reached: { service: [], limit: [] },
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

async function latencyOf(contest: Contest, who: Who, seconds: number): Promise<Latency> {
  const { latencies } = await loaded(contest, who, MANY_CONNECTIONS, seconds);
  return {
    p50: quantile(latencies, 0.5),
    p95: quantile(latencies, 0.95),
    p99: quantile(latencies, 0.99),
  };
}

function resultOf(contest: Contest, smallest: Contest, latency: ReadResult['latency']): ReadResult {
  const { work, stage, answerBytes, reached } = contest;
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
    latency,
  };
}

/** Round by round. */
export const quotients = (dividends: readonly number[], divisors: readonly number[]): number[] =>
  dividends.map((dividend, round) => dividend / (divisors[round] ?? NaN));
