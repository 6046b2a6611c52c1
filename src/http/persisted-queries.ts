import { createHash } from 'node:crypto';
import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { GraphQLError } from 'graphql';
import { z } from 'zod';
import type { PersistedQueryConfig } from '../config';
import { admission } from './admission';
import { BoundedMap } from './bounded-map';

interface Entry {
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const reference = z.object({ version: z.literal(1), sha256Hash: z.string().regex(/^[0-9a-f]{64}$/) });
const named = z.looseObject({ persistedQuery: reference });

/** No text has it. */
const NO_HASH = '0'.repeat(64);

/** Apollo's, before each hash. */
const APOLLO_PREFIX = 'apq:';

/**
 * The texts of automatic persisted queries, for Apollo: so many bytes in memory, so long after each was sent. What was
 * not asked for longest goes first; a text that is larger than the whole store is not kept.
 */
export class PersistedQueryStore {
  private readonly entries: BoundedMap<Entry>;

  constructor(
    private readonly limits: PersistedQueryConfig,
    private readonly now: () => number = Date.now,
  ) {
    this.entries = new BoundedMap(limits.bytes);
  }

  async get(key: string): Promise<string | undefined> {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAt > this.now()) return entry.text;
    this.entries.delete(key);
    return undefined;
  }

  /**
   * The text that an operation names by its hash; `undefined`: none that is known. From now on the operation has that text,
   * or none, whatever is registered or forgotten before it runs.
   */
  async settle(operation: { query?: unknown; extensions?: unknown }): Promise<string | undefined> {
    const { data } = named.safeParse(operation.extensions);
    if (data === undefined) return undefined;
    const { persistedQuery, ...extensions } = data;
    const text = await this.get(`${APOLLO_PREFIX}${persistedQuery.sha256Hash}`);
    operation.query = text;
    // Sent with its hash, a text would be registered anew.
    operation.extensions =
      text === undefined
        ? { ...extensions, persistedQuery: { ...persistedQuery, sha256Hash: NO_HASH } }
        : extensions;
    return text;
  }

  async set(key: string, text: string): Promise<void> {
    const bytes = Buffer.byteLength(key) + Buffer.byteLength(text);
    if (bytes > this.limits.bytes) return this.delete(key);
    this.entries.set(key, { text, expiresAt: this.now() + this.limits.seconds * 1000 }, bytes);
  }

  async delete(key: string): Promise<void> {
    this.entries.delete(key);
  }
}

/** Tells what is wrong with a persisted query more clearly than Apollo does, which also fails on some of it. */
export function checkPersistedQueries(): ApolloServerPlugin {
  return admission(({ query, extensions }) => {
    const given: unknown = extensions?.['persistedQuery'];
    if (given === undefined || given === null) return;
    const { data } = reference.safeParse(given);
    if (data === undefined)
      throw badRequest(
        '`extensions.persistedQuery` must be {"version": 1, "sha256Hash": "…"} with the SHA-256 hash of the query in 64 lower-case hexadecimal digits.',
      );
    if (query === undefined) return;
    const hash = createHash('sha256').update(query).digest('hex');
    if (hash !== data.sha256Hash)
      throw badRequest(
        `\`extensions.persistedQuery.sha256Hash\` is not the hash of \`query\`, which is ${hash}: hash the very bytes of the text that is sent, as UTF-8.`,
      );
  });
}

const badRequest = (message: string): GraphQLError =>
  new GraphQLError(message, {
    extensions: { code: ApolloServerErrorCode.BAD_REQUEST, http: { status: 400 } },
  });
