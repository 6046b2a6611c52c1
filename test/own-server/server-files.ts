import { runGroup, SERVICE_TESTS } from '../kit/run-group';

/** Where the server itself is at work; what runs plain statements only, `npm test` runs. */
const WHERE_SERVERS_DIFFER: readonly RegExp[] = [
  // What it is told once, and what it streams in.
  /^contract\/migrations/,
  /^api\/catalog-(import|merge|staging|upload)/,
  // How it sorts, pages and searches.
  /^api\/(reading-(lists|pages)|marketplace-catalog|matcher|where-used)/,
  // How it writes JSON.
  /^api\/planned-answers/,
  // What it locks, in which order, and what it gives out only once.
  /-races\./,
  /^api\/(marketplace-lock-order|launch(-orders)?)\./,
  // What it takes back.
  /^api\/(version-control|marketplace-publish)-crash/,
  // What it notifies of, and numbers in one order.
  /^api\/(events|subscription-delivery|webhooks|webhook-processes)/,
  // Plain statements, once: a story of each part, and every root field with every id that it takes.
  /-story\./,
  /^contract\/visibility/,
];

export const runGroupForServer = (): void =>
  runGroup(SERVICE_TESTS.filter((name) => WHERE_SERVERS_DIFFER.some((pattern) => pattern.test(name))));
