import fastifyWebsocket, { type WebSocket } from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { CloseCode, handleProtocols, makeServer, type Context } from 'graphql-ws';
import { ACCOUNT_HEADER } from '../../domain/access/account-principal';
import { isFault } from '../format-error';
import { isObject } from '../is-object';
import { AccountCounts } from './account-counts';
import { badRequest, toRefusal, Refusal } from './refusal';
import type { Subscription } from './subscription';
import type { Caller, Subscriptions } from './subscriptions';

/** RFC 6455, section 7.4.1, and the registry of the IANA. */
const GOING_AWAY = 1001;
const INTERNAL_ERROR = 1011;
const TRY_AGAIN_LATER = 1013;

const CREDENTIALS = ['authorization', ACCOUNT_HEADER];
/** Milliseconds: who does not begin for so long is not waited for. */
const BEGIN_WITHIN = 10_000;
/** Milliseconds: who does not answer one ping before the next is gone. */
const PING_INTERVAL = 12_000;
/** Milliseconds for a client to agree to the end when the service stops. */
const LEAVE_WITHIN = 1000;
/** Bytes: who lets so much of what it is sent lie is not listened to meanwhile. */
const MOST_UNREAD = 1_048_576;
/** Bytes of the reason in a close frame (RFC 6455, section 5.5). */
const LONGEST_REASON = 123;

/** What is known of a connection. */
interface Connection {
  readonly upgrade: FastifyRequest;
  readonly socket: WebSocket;
  /** Ids of subscriptions that are about to begin, also of those that the client has ended meanwhile. */
  readonly beginning: Set<string>;
  /**
   * Those that have begun: graphql-ws knows one by its id only, which a client may use again while the one before is
   * about to begin.
   */
  readonly begun: Set<Subscription>;
  /** Set once it has begun. */
  caller?: Caller;
  /** Set once it counts for an account. */
  accountId?: string;
  /** Whether it is over. */
  closed?: boolean;
}

/** Ends a connection with this code. */
class ConnectionRefused extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export interface WebSocketOptions {
  readonly subscriptions: Subscriptions;
  readonly maximumMessageBytes: number;
}

/** What happens on a connection once it is one. */
export type WebSocketHandler = (socket: WebSocket, upgrade: FastifyRequest) => void;

/**
 * Lets routes be upgraded to WebSockets, and gives what answers subscriptions there, by the protocol of graphql-ws.
 *
 * The origin of a page is not looked at: who may subscribe is told by a token in the parameters of the connection,
 * which a foreign page doesn't have, and by no cookie, which the browser would send along.
 */
export async function webSocketHandler(
  app: FastifyInstance,
  { subscriptions, maximumMessageBytes }: WebSocketOptions,
): Promise<WebSocketHandler> {
  let closing = false;
  await app.register(fastifyWebsocket, {
    options: { maxPayload: maximumMessageBytes, handleProtocols },
    errorHandler: (error, socket, request) => {
      request.log.info({ err: error }, 'a WebSocket connection broke');
      socket.close(INTERNAL_ERROR);
    },
    preClose(done) {
      closing = true;
      // Fastify would refuse what is upgraded from here on, and nobody would end the connection.
      app.server.removeAllListeners('upgrade').on('upgrade', (_request, upgraded) => upgraded.destroy());
      for (const socket of this.websocketServer.clients) leave(socket);
      done();
    },
  });
  const server = graphqlServer(subscriptions);
  return (socket, upgrade) => {
    if (closing) return leave(socket);
    const { id, log } = upgrade;
    const fail = (error: unknown): void => {
      if (error instanceof ConnectionRefused) return socket.close(error.code, shortened(error.message));
      log.error({ err: error }, 'a WebSocket message could not be answered');
      interrupt(socket, id);
    };
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (data) => send(socket, data),
        close: (code, reason = '') => socket.close(code, shortened(reason)),
        onMessage: (take) =>
          socket.on('message', (data) => {
            listenLess(socket);
            take(textOf(data)).catch(fail);
          }),
      },
      { upgrade, socket, beginning: new Set(), begun: new Set() },
    );
    // What pings are answered with counts as well.
    socket.on('ping', () => listenLess(socket));
    const stopPings = keepAlive(socket);
    socket.once('close', (code, reason) => {
      stopPings();
      closed(code, String(reason)).catch(fail);
    });
  };
}

function graphqlServer(subscriptions: Subscriptions) {
  const { schema, bounds, contextOf } = subscriptions.options;
  const sockets = new AccountCounts();
  const callerOf = ({ extra }: Context<Record<string, unknown>, Connection>): Caller =>
    extra.caller ?? extra.upgrade;
  return makeServer<Record<string, unknown>, Connection>({
    schema,
    connectionInitWaitTimeout: BEGIN_WITHIN,
    onConnect: async ({ extra, connectionParams }) => {
      extra.caller = withCredentials(extra.upgrade, connectionParams);
      const accountId = await accountOf(extra.caller, contextOf);
      if (extra.closed) return;
      const others = sockets.of(accountId);
      if (others >= bounds.socketsPerAccount)
        throw new ConnectionRefused(
          TRY_AGAIN_LATER,
          `This account has ${others} connections, the most that are allowed: subscribe to several things on one.`,
        );
      extra.accountId = accountId;
      sockets.add(accountId);
      return { requestId: extra.caller.id };
    },
    onClose: async ({ extra }) => {
      extra.closed = true;
      await Promise.all([...extra.begun].map((subscription) => subscription.return()));
      if (extra.accountId !== undefined) sockets.remove(extra.accountId);
    },
    onSubscribe: async (context, id, payload) => {
      const { socket, beginning, begun } = context.extra;
      if (beginning.has(id)) {
        const reason = `Subscriber for ${id} already exists`;
        socket.close(CloseCode.SubscriberAlreadyExists, shortened(reason));
        return [badRequest(reason)];
      }
      for (const subscription of begun) if (subscription.ended) begun.delete(subscription);
      const open = beginning.size + begun.size;
      if (open >= bounds.perSocket) return [tooMany(open, bounds.perSocket)];
      beginning.add(id);
      try {
        const subscription = await subscriptions.subscribe('websocket', payload, callerOf(context), null);
        begun.add(subscription);
        // The client has ended it, or is gone.
        if (!(id in context.subscriptions)) await subscription.return();
        const { document, operationName } = subscription.operation;
        return { schema, document, operationName, contextValue: subscription };
      } catch (error) {
        return toRefusal(error).errors;
      } finally {
        beginning.delete(id);
      }
    },
    // It has begun already, with a context for each event.
    subscribe: ({ contextValue }) => contextValue as Subscription,
    onNext: (context, _id, _payload, _args, { data, errors }) => ({
      data,
      ...(errors && { errors: subscriptions.format(errors, callerOf(context)) }),
    }),
    onError: (context, _id, _payload, errors) => {
      const refusal = new Refusal(errors.flatMap(unwrapped));
      const caller = callerOf(context);
      const formatted = subscriptions.format(refusal.errors, caller);
      // Clients don't try again after an error; after this they do, and nothing is sent on this connection any more.
      if (refusal.passing) interrupt(context.extra.socket, caller.id);
      return formatted;
    },
  });
}

/** What ends a subscription reaches graphql-ws as an exception, which it wraps. */
const unwrapped = (error: GraphQLError): readonly GraphQLError[] =>
  error.originalError instanceof Refusal ? error.originalError.errors : [error];

/** Not 1011, which would be the fault's own code: graphql-ws's client gives up then, for good. */
const interrupt = (socket: WebSocket, requestId: string): void =>
  socket.close(
    TRY_AGAIN_LATER,
    shortened(`Something went wrong on our side: connect again. The log has it under ${requestId}.`),
  );

const tooMany = (open: number, limit: number): GraphQLError =>
  new GraphQLError(
    `This connection has ${open} subscriptions, the most that are allowed: end one, or open another connection.`,
    { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', limit } },
  );

/** Browsers can't send headers with an upgrade: the parameters of the connection stand for them. */
function withCredentials({ id, headers }: FastifyRequest, parameters: unknown): Caller {
  const credentials: Record<string, string> = {};
  for (const [name, value] of Object.entries(isObject(parameters) ? parameters : {}))
    if (CREDENTIALS.includes(name.toLowerCase()) && typeof value === 'string')
      credentials[name.toLowerCase()] = value;
  return { id, headers: { ...headers, ...credentials } };
}

/** Whose connection it is. @throws ConnectionRefused */
async function accountOf(caller: Caller, contextOf: Subscriptions['options']['contextOf']): Promise<string> {
  try {
    const { principal } = await contextOf(caller);
    if (principal !== null) return principal.accountId;
  } catch (error) {
    if (isFault(error)) throw error;
    const { extensions, message } = error as GraphQLError;
    const code = extensions['code'] === 'UNAUTHENTICATED' ? CloseCode.Unauthorized : TRY_AGAIN_LATER;
    throw new ConnectionRefused(code, message);
  }
  throw new ConnectionRefused(
    CloseCode.Unauthorized,
    'Send a token in the connection parameters: {"authorization": "Bearer TOKEN"}.',
  );
}

const textOf = (data: Buffer | ArrayBuffer | Buffer[]): string =>
  Array.isArray(data) ? Buffer.concat(data).toString() : new TextDecoder().decode(data);

/** Resolves once it is on its way: the next answer is not made before. */
const send = (socket: WebSocket, data: string): Promise<void> =>
  new Promise((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) return resolve();
    socket.send(data, (error) => {
      if (socket.isPaused && socket.bufferedAmount <= MOST_UNREAD) socket.resume();
      if (error && socket.readyState === socket.OPEN) reject(error);
      else resolve();
    });
  });

/** Answers to a client that reads none would pile up. If it goes on so, it does not answer pings. */
function listenLess(socket: WebSocket): void {
  if (socket.bufferedAmount > MOST_UNREAD) socket.pause();
}

function keepAlive(socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => (answered = true));
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, PING_INTERVAL);
  return () => clearInterval(timer);
}

/** Clients of graphql-ws connect again after this. */
function leave(socket: WebSocket): void {
  socket.close(GOING_AWAY, 'The service stops: connect again.');
  setTimeout(() => socket.terminate(), LEAVE_WITHIN).unref();
}

/** Reasons are cut at a whole character. */
function shortened(reason: string): string {
  const bytes = Buffer.from(reason).subarray(0, LONGEST_REASON);
  return new TextDecoder().decode(bytes, { stream: true });
}
