import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import { isObject } from '../is-object';
import { refuseBody } from '../refuse-body';
import { NextWithin } from './next-within';
import { badRequest, toRefusal } from './refusal';
import type { Subscription } from './subscription';
import type { SubscriptionRequest } from './subscription-request';
import type { Subscriptions } from './subscriptions';

const PATH = '/graphql/stream';
/** Milliseconds between signs of life: proxies end what is silent for longer. */
const PING_INTERVAL = 12_000;
/** Milliseconds: whose connection takes nothing for so long is gone. */
const SILENCE = 60_000;
const COMPLETE = 'event: complete\ndata:\n\n';

/**
 * Subscriptions as server-sent events, by the "distinct connections" protocol of graphql-sse, whose
 * own server can neither name events (`id:`) nor wait for clients that read slowly.
 */
export function registerEventStream(app: FastifyInstance, subscriptions: Subscriptions): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const format: Format = (errors) => subscriptions.format(errors, request);
    const gone = new AbortController();
    // Who waits for an event would not notice; nor would who waits until it has begun.
    reply.raw.once('close', () => gone.abort());
    try {
      assertAcceptsEvents(request);
      const asked = requestOf(request);
      const subscription = await subscriptions.subscribe('sse', asked, request, lastEventId(request));
      if (!gone.signal.aborted) {
        gone.signal.addEventListener('abort', () => void subscription.return());
        return answer(request, reply, textOf(subscription, subscriptions, format));
      }
      await subscription.return();
    } catch (error) {
      const { errors } = toRefusal(error);
      const formatted = format(errors);
      if (!gone.signal.aborted) return refuse(reply, errors, formatted);
    }
    // There is nobody to answer to.
    return reply.hijack();
  };
  const options = { errorHandler: refuseBody };
  app.get(PATH, options, handler);
  app.post(PATH, options, handler);
}

function answer(request: FastifyRequest, reply: FastifyReply, text: AsyncIterable<string>): FastifyReply {
  const { socket } = request.raw;
  socket.setTimeout(SILENCE, () => socket.destroy());
  return reply
    .headers({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      // The service need not wait for it when it stops.
      connection: 'close',
      'x-accel-buffering': 'no',
    })
    .send(Readable.from(text));
}

type Format = (errors: readonly GraphQLError[]) => GraphQLFormattedError[];

async function* textOf(
  subscription: Subscription,
  subscriptions: Subscriptions,
  format: Format,
): AsyncGenerator<string, void> {
  const answers = new NextWithin(subscription);
  yield signOfLife(subscription);
  try {
    for (;;) {
      const next = await answers.next(PING_INTERVAL);
      if (next === null) {
        yield signOfLife(subscription);
        continue;
      }
      if (next.done) break;
      const { data, errors, eventId } = next.value;
      yield message({ data, ...(errors && { errors: format(errors) }) }, eventId);
    }
  } catch (error) {
    const refusal = toRefusal(error);
    const errors = format(refusal.errors);
    if (refusal.passing) return;
    yield message({ errors });
  }
  // To a client that is not told of the end it is a connection that broke: it goes on with another process.
  if (!subscriptions.stopped) yield COMPLETE;
}

/**
 * Clients see nothing of it but where to go on: an event without data is none, but its id counts (HTML, section 9.2.6).
 * The first one gets the headers on their way.
 */
const signOfLife = ({ lastEventId }: Subscription): string => `id: ${lastEventId}\n\n`;

const message = (result: FormattedExecutionResult, id?: string): string =>
  `event: next\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(result)}\n\n`;

function assertAcceptsEvents({ headers: { accept = '*/*' } }: FastifyRequest): void {
  if (!/text\/event-stream|text\/\*|\*\/\*/i.test(accept))
    throw badRequest(
      'Here subscriptions are answered as events: send the header `accept: text/event-stream`.',
    );
}

function requestOf({ method, body, query }: FastifyRequest): SubscriptionRequest {
  if (method === 'POST') {
    if (isObject(body)) return body;
    throw badRequest('The body must be an object of JSON: send {"query": "…"} with a subscription.');
  }
  const parameters = isObject(query) ? query : {};
  return {
    ...parameters,
    variables: parsed(parameters['variables'], 'variables'),
    extensions: parsed(parameters['extensions'], 'extensions'),
  };
}

function parsed(value: unknown, name: string): unknown {
  if (typeof value !== 'string' || value === '') return undefined;
  try {
    return JSON.parse(value);
  } catch {
    throw badRequest(`The parameter \`${name}\` is no JSON.`);
  }
}

function lastEventId({ headers: { 'last-event-id': id } }: FastifyRequest): string | null {
  return typeof id === 'string' && id !== '' ? id : null;
}

/** What is refused at the start is no stream: browsers don't try it again. */
function refuse(
  reply: FastifyReply,
  errors: readonly GraphQLError[],
  formatted: GraphQLFormattedError[],
): FastifyReply {
  for (const { extensions } of errors) {
    const http = extensions['http'] as { status?: number; headers?: Map<string, string> } | undefined;
    if (http?.headers) void reply.headers(Object.fromEntries(http.headers));
  }
  return reply.code(statusOf(errors, formatted)).send({ errors: formatted });
}

function statusOf(errors: readonly GraphQLError[], formatted: readonly GraphQLFormattedError[]): number {
  for (const { extensions } of errors) {
    const { status } = { ...(extensions['http'] as { status?: number } | undefined) };
    if (status !== undefined) return status;
  }
  const codes = formatted.map(({ extensions }) => extensions?.['code']);
  if (codes.includes('INTERNAL_SERVER_ERROR')) return 500;
  return codes.includes('FORBIDDEN') ? 403 : 400;
}
