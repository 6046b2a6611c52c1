import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { z } from 'zod';
import { hasRole } from '../domain/access/principal';
import { DomainError, invalid } from '../domain/errors';
import { CatalogFormat } from '../entities/enums';
import { readListing } from '../import/read-listing';
import type { AnonymousContext, RequestContext } from '../loaders/request-context';
import { forbidden, unauthenticated } from '../resolvers/authorization';
import { importCatalog } from '../services/catalog/import-catalog';
import { Turns } from './turns';

export interface CatalogUploadOptions {
  readonly contextOf: (request: FastifyRequest) => Promise<RequestContext | AnonymousContext>;
  /** Largest listing, in bytes, decompressed; `null`: any. */
  readonly maximumBytes?: number | null;
}

/** Each upload under way keeps a database connection, for as long as its client sends; the others wait. */
const CONCURRENT_UPLOADS = 3;
/** A client that sends nothing for so long has gone. */
const SILENCE_MS = 60_000;

const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((value) => value === 'true');
const text = z.string({ error: 'must be given once' }).min(1, 'must not be empty');

const PARAMETERS = z.strictObject({
  format: z
    .string({ error: `must be given, one of ${Object.values(CatalogFormat).join(', ')}` })
    .transform((format) => format.toUpperCase().replaceAll('-', '_'))
    .pipe(z.enum(CatalogFormat, { error: `must be one of ${Object.values(CatalogFormat).join(', ')}` })),
  cloudType: text.optional(),
  region: text.optional(),
  source: text.optional(),
  complete: flag.optional(),
  dryRun: flag.optional(),
});

/** The listing is longer than this installation takes. */
class ListingTooLarge extends Error {}

/**
 * `POST /catalog/imports?format=…&region=…&source=…&complete=true&dryRun=true`: the same as the mutation
 * `importCatalog`, with the listing as the body, whatever its content type, perhaps with `content-encoding: gzip`.
 * It is read as it comes in, so a listing of any length takes the same memory.
 */
export function registerCatalogUpload(app: FastifyInstance, options: CatalogUploadOptions): void {
  const turns = new Turns(CONCURRENT_UPLOADS);
  app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    scope.setErrorHandler(answerError);
    scope.post('/catalog/imports', async (request) => {
      const context = await authorized(request, options.contextOf);
      const { format, cloudType, region, ...parameters } = readParameters(request.query);
      const read = { format, cloudType, region };
      return turns.take(() =>
        importCatalog(context, {
          ...parameters,
          read,
          listing: readListing(bodyOf(request, options.maximumBytes ?? null), read),
        }),
      );
    });
    done();
  });
}

async function authorized(
  request: FastifyRequest,
  contextOf: CatalogUploadOptions['contextOf'],
): Promise<RequestContext> {
  const context = await contextOf(request);
  if (context.principal === null)
    throw unauthenticated(
      'Send a token with the role INFRASTRUCTURE: header `authorization: Bearer TOKEN`. An admin makes one with `createToken`.',
    );
  if (!hasRole(context.principal, 'INFRASTRUCTURE'))
    throw forbidden('POST /catalog/imports', ['INFRASTRUCTURE'], context.principal.roles);
  return context;
}

function readParameters(query: unknown): z.output<typeof PARAMETERS> {
  const parsed = PARAMETERS.safeParse(query);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys')
    throw invalid(
      `There is no parameter \`${issue.keys[0]}\`: use ${Object.keys(PARAMETERS.shape).join(', ')}.`,
      String(issue.keys[0]),
    );
  const name = String(issue?.path[0]);
  throw invalid(`The parameter \`${name}\` ${issue?.message}.`, name);
}

async function* bodyOf(request: FastifyRequest, maximumBytes: number | null): AsyncGenerator<Uint8Array> {
  const { socket } = request.raw;
  let received = 0;
  socket.setTimeout(SILENCE_MS, () => socket.destroy());
  try {
    for await (const chunk of decoded(request)) {
      received += chunk.length;
      if (maximumBytes !== null && received > maximumBytes)
        throw new ListingTooLarge(
          `The listing has more than ${maximumBytes} bytes, the most that this installation takes (MCI_GRAPH_MAX_UPLOAD_BYTES): import it on the command line, with mci-graph import.`,
        );
      yield chunk;
    }
  } finally {
    socket.setTimeout(0);
  }
}

async function* decoded(request: FastifyRequest): AsyncGenerator<Uint8Array> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') {
    yield* request.raw as AsyncIterable<Uint8Array>;
    return;
  }
  if (encoding !== 'gzip')
    throw invalid(
      `The content-encoding \`${encoding}\` is not supported: send the listing as it is, or with gzip.`,
      'content',
    );
  const gunzip = createGunzip();
  // The reader of `gunzip` meets any error of the two.
  pipeline(request.raw, gunzip, () => undefined);
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (!isBadGzip(error)) throw error;
    throw invalid(
      'The content is not valid gzip, or is cut off: compress the listing again, or send it as it is.',
      'content',
    );
  }
}

const isBadGzip = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('Z_');

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, code, message } = answerTo(error, request);
  // What is left of the body is not worth reading.
  if (!request.raw.complete) reply.header('connection', 'close');
  if (error instanceof GraphQLError) reply.headers(headersOf(error));
  reply.code(status).send({ error: { code, message } });
}

function answerTo(
  error: unknown,
  request: FastifyRequest,
): { status: number; code: string; message: string } {
  if (error instanceof DomainError) return { status: 400, code: error.code, message: error.message };
  if (error instanceof ListingTooLarge)
    return { status: 413, code: 'LIMIT_EXCEEDED', message: error.message };
  if (error instanceof GraphQLError) {
    const { code, http } = error.extensions as { code: string; http?: { status?: number } };
    return { status: http?.status ?? 403, code, message: error.message };
  }
  if (request.raw.destroyed && !request.raw.complete) {
    request.log.info('an upload of a listing broke off; nothing of it was imported');
    return { status: 400, code: 'INVALID', message: 'The upload broke off; nothing of it was imported.' };
  }
  request.log.error({ err: error }, 'a listing could not be imported');
  return {
    status: 500,
    code: 'INTERNAL_SERVER_ERROR',
    message:
      'Something went wrong on our side. The log has the details, under the id of this request (header `x-request-id`).',
  };
}

function headersOf(error: GraphQLError): Record<string, string> {
  const { http } = error.extensions as { http?: { headers?: Map<string, string> } };
  return Object.fromEntries(http?.headers ?? []);
}
