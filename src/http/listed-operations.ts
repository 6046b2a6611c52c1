import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { GraphQLError, Kind, parse, validate, type GraphQLSchema } from 'graphql';
import { z } from 'zod';
import { ConfigError } from '../config';
import { assertReadable } from './limits/query-text';

/** What a client sends to have an operation run, over any transport: each value may be anything. */
export interface OperationRequest {
  readonly query?: unknown;
  /** Names the operation, as GraphQL over HTTP has it: the id, or `sha256:` and the hash of the text. */
  readonly documentId?: unknown;
  /** `persistedQuery.sha256Hash` names the operation, as Apollo's and other clients send it: the id or the hash. */
  readonly extensions?: unknown;
}

const APOLLO_FORMAT = 'apollo-persisted-query-manifest';

const apolloManifest = z.object({
  format: z.literal(APOLLO_FORMAT),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), name: z.string(), body: z.string() })),
});
const plainMap = z.record(z.string().min(1), z.string());

const persistedQuery = z.object({ persistedQuery: z.object({ sha256Hash: z.string() }) });

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The only operations that this installation answers (`MCI_GRAPH_OPERATIONS`). */
export class ListedOperations {
  private readonly byId = new Map<string, string>();
  private readonly texts = new Set<string>();

  private constructor(operations: readonly ListedOperation[]) {
    for (const { text } of operations) {
      this.texts.add(text);
      this.byId.set(sha256(text), text);
    }
    for (const { id, text } of operations) this.byId.set(id, text);
  }

  /**
   * Reads a list of operations: Apollo's persisted query manifest, or a map of ids (or hashes) to texts as Relay's
   * compiler writes it.
   * @throws ConfigError if the file is not readable, or anything in it is no operation of GraphQL
   */
  static async read(file: string, maximumTokens: number): Promise<ListedOperations> {
    const operations = parseList(file, await readList(file));
    if (operations.length === 0) throw broken(file, 'holds no operation');
    const texts = new Map<string, string>();
    for (const operation of operations) {
      assertOperation(file, operation, maximumTokens);
      if ((texts.get(operation.id) ?? operation.text) !== operation.text)
        throw broken(file, `has two operations with the id "${operation.id}"`);
      texts.set(operation.id, operation.text);
    }
    return new ListedOperations(operations);
  }

  /** What is wrong with operations of the list that this schema cannot answer. */
  problems(schema: GraphQLSchema): string[] {
    return [...this.texts].flatMap((text) =>
      validate(schema, parse(text)).map(({ message }) => `${message} (in ${text.slice(0, TEXT_TOLD)})`),
    );
  }

  /** The text to run for a request; `null`: it is refused. */
  find(request: OperationRequest): string | null {
    const found = this.lookUp(request);
    return found instanceof GraphQLError ? null : found;
  }

  /**
   * The text to run for a request that names an operation by id or hash, or carries its very text.
   * @throws GraphQLError if it is not in the list
   */
  textOf(request: OperationRequest): string {
    const found = this.lookUp(request);
    if (found instanceof GraphQLError) throw found;
    return found;
  }

  private lookUp({ query, documentId, extensions }: OperationRequest): string | GraphQLError {
    const id = typeof documentId === 'string' ? documentId : hashOf(extensions);
    const named = id === null ? undefined : (this.byId.get(id.replace(/^sha256:/, '')) ?? this.byId.get(id));
    const given = typeof query === 'string' && query !== '' ? query : null;
    if (given !== null && !this.texts.has(given))
      return refusal(
        'QUERY_NOT_IN_SAFELIST',
        'This service answers only the operations of its list, and the text of this one is not in it: send an operation of the list by its id or with the very same text, or have it added to the list.',
      );
    if (id !== null && named === undefined)
      return refusal(
        'PERSISTED_QUERY_NOT_IN_LIST',
        `This service answers only the operations of its list, and none has the id ${JSON.stringify(id.slice(0, LONGEST_ID_TOLD))}: send the id of an operation of the list, or have it added to the list.`,
      );
    if (given !== null && named !== undefined && given !== named)
      return refusal(
        'BAD_REQUEST',
        'The request names one operation by its id and carries the text of another: send only one of them.',
      );
    const text = given ?? named;
    if (text === undefined)
      return refusal(
        'BAD_REQUEST',
        'The request names no operation: send `documentId`, `extensions.persistedQuery.sha256Hash`, or `query` with the text of an operation of the list.',
      );
    return text;
  }
}

interface ListedOperation {
  readonly id: string;
  readonly text: string;
}

/** So many characters of an id or text are told. */
const LONGEST_ID_TOLD = 100;
const TEXT_TOLD = 60;

const broken = (file: string, what: string, cause?: unknown): ConfigError =>
  new ConfigError(`MCI_GRAPH_OPERATIONS: the list of operations ${file} ${what}.`, { cause });

const refusal = (code: string, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: { status: 400 } } });

function hashOf(extensions: unknown): string | null {
  const parsed = persistedQuery.safeParse(extensions);
  return parsed.success ? parsed.data.persistedQuery.sha256Hash : null;
}

async function readList(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw broken(file, `cannot be read: ${messageOf(error)}`, error);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw broken(file, `is no JSON: ${messageOf(error)}`, error);
  }
}

function parseList(file: string, list: unknown): ListedOperation[] {
  if (typeof list === 'object' && list !== null && 'format' in list) {
    const manifest = apolloManifest.safeParse(list);
    if (!manifest.success)
      throw broken(
        file,
        `is no manifest {"format": "${APOLLO_FORMAT}", "version": 1, "operations": [{"id", "name", "type", "body"}]}: ${problem(manifest.error)}`,
      );
    return manifest.data.operations.map(({ id, body }) => ({ id, text: body }));
  }
  const map = plainMap.safeParse(list);
  if (!map.success)
    throw broken(
      file,
      `is neither a manifest {"format": "${APOLLO_FORMAT}", …} nor a map of ids to the operations' texts {"id": "query …"}: ${problem(map.error)}`,
    );
  return Object.entries(map.data).map(([id, text]) => ({ id, text }));
}

function assertOperation(file: string, { id, text }: ListedOperation, maximumTokens: number): void {
  try {
    assertReadable(text, maximumTokens);
    const { definitions } = parse(text);
    if (definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION)) return;
  } catch (error) {
    throw broken(
      file,
      `has an operation that cannot be read, with the id "${id}": ${messageOf(error)}`,
      error,
    );
  }
  throw broken(file, `has a text without an operation, with the id "${id}"`);
}

function problem({ issues: [issue] }: z.ZodError): string {
  const where = issue?.path.join('.') ?? '';
  return `${where && `at ${where}: `}${issue?.message ?? 'wrong'}`;
}

/** Without its full stop: it stands inside a sentence. */
const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
