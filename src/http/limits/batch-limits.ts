import { ApolloServerErrorCode } from '@apollo/server/errors';
import {
  getOperationAST,
  GraphQLError,
  NoFragmentCyclesRule,
  parse,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import type { QueryLimits } from '../../config';
import { isObject } from '../is-object';
import { bounded } from './bounded';
import { LimitError, type LimitCode } from './limit-error';
import { QueryCost } from './query-cost';
import { QueryShapes } from './query-shape';
import { assertReadable } from './query-text';

export interface BatchOptions {
  readonly schema: GraphQLSchema;
  readonly limits: QueryLimits;
  /** The most operations; `null`: batches are not accepted. */
  readonly maximum: number | null;
  /** The text that will run for a part of the batch, which may be changed for that; `undefined`: none. */
  readonly textOf: (part: Record<string, unknown>) => Promise<string | undefined>;
}

type Counted = 'tokens' | 'aliases' | 'rootFields' | 'directives' | 'cost';

/** The limits that the operations of a batch share. */
const SHARED: Readonly<Record<Counted, { readonly code: LimitCode; readonly counted: string }>> = {
  tokens: { code: 'MAX_TOKENS_LIMIT', counted: 'tokens' },
  aliases: { code: 'MAX_ALIASES_LIMIT', counted: 'aliases' },
  rootFields: { code: 'MAX_ROOT_FIELDS_LIMIT', counted: 'root fields' },
  directives: { code: 'MAX_DIRECTIVES_LIMIT', counted: 'directives' },
  cost: { code: 'COST_ESTIMATED_TOO_EXPENSIVE', counted: 'units of cost' },
};

interface Part {
  readonly operationName?: unknown;
  readonly variables?: unknown;
}

/**
 * Refuses an array of operations where batches are not accepted, and otherwise one that is too large as a whole, before
 * any of its operations runs: together they may ask for no more than one operation may. Each is still held to the other
 * limits by itself. Any other body passes.
 */
export async function assertBatch(body: unknown, options: BatchOptions): Promise<void> {
  if (!Array.isArray(body)) return;
  if (options.maximum === null)
    throw new GraphQLError(
      'An array of operations (a batch) is not accepted here: send each operation in a request of its own.',
      { extensions: { code: ApolloServerErrorCode.BAD_REQUEST, http: { status: 400 } } },
    );
  if (body.length > options.maximum)
    throw new LimitError(
      'BATCH_LIMIT_EXCEEDED',
      `The batch has ${body.length} operations; at most ${options.maximum} are allowed: send them in several requests.`,
      { limit: options.maximum, actual: body.length },
    );
  const { limits, schema } = options;
  const operations: { text: string; part: Part }[] = [];
  let tokens = 0;
  for (const part of body as unknown[]) {
    // What is no operation is told by Apollo.
    if (!isObject(part)) continue;
    const text = await options.textOf(part);
    if (text === undefined) continue;
    operations.push({ text, part });
    tokens += assertReadable(text, limits.tokens);
  }
  // Before any of them is parsed.
  assertTogether('tokens', tokens, limits);
  const sums = { aliases: 0, rootFields: 0, directives: 0, cost: 0 };
  const kinds = Object.keys(sums) as (keyof typeof sums)[];
  for (const { text, part } of operations) {
    const size = sizeOf(text, part, schema);
    for (const kind of kinds) sums[kind] = bounded(sums[kind] + (size?.[kind] ?? 0));
  }
  for (const kind of kinds) assertTogether(kind, sums[kind], limits);
}

function assertTogether(kind: Counted, actual: number, limits: QueryLimits): void {
  const limit = limits[kind];
  if (limit === 0 || actual <= limit) return;
  const { code, counted } = SHARED[kind];
  throw new LimitError(
    code,
    `The operations of the batch have ${actual} ${counted} together; at most ${limit} are allowed: send them in several requests.`,
    { limit, actual },
  );
}

/** `null`: what will not run. */
function sizeOf(text: string, { operationName, variables }: Part, schema: GraphQLSchema) {
  const document = parsed(text);
  if (document === null) return null;
  const operation = getOperationAST(document, typeof operationName === 'string' ? operationName : undefined);
  if (!operation || validate(schema, document, [NoFragmentCyclesRule]).length > 0) return null;
  const cost = new QueryCost(schema, document, isObject(variables) ? variables : {}).ofOperation(operation);
  return { ...new QueryShapes(document).ofOperation(operation), cost };
}

function parsed(text: string): DocumentNode | null {
  try {
    return parse(text);
  } catch {
    // A syntax error: Apollo tells it, as the answer of this operation.
    return null;
  }
}
