import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { DataSource } from 'typeorm';
import type { Config } from './config';
import { createAuthenticator } from './http/authentication';
import { registerCatalogUpload } from './http/catalog-upload';
import { registerExplorer, type ExplorerOptions } from './http/explorer';
import { PlannedAnswers } from './http/execution/planned-answers';
import { registerGraphQL } from './http/graphql';
import { registerHealth } from './http/health';
import { ListedOperations } from './http/listed-operations';
import { Metrics } from './http/metrics';
import { requireRouterSecret } from './http/router-secret';
import { storableText } from './http/storable-text';
import { registerEventStream } from './http/subscriptions/event-stream';
import { refuseSubscriptions } from './http/subscriptions/refuse-subscriptions';
import { Subscriptions, type Caller } from './http/subscriptions/subscriptions';
import { webSocketHandler } from './http/subscriptions/web-socket';
import { Turns } from './http/turns';
import { AnonymousContext, RequestContext } from './loaders/request-context';
import { EventFeed } from './persistence/events/event-feed';
import { plannedGraph } from './resolvers/planned/planned-graph';
import { rolesOfRoot } from './resolvers/planned/root-roles';
import { WebhookSender } from './webhooks/webhook-sender';

export interface AppOptions {
  readonly config: Config;
  readonly dataSource: DataSource;
  readonly schema: GraphQLSchema;
  /** `null`: no page at `/`. */
  readonly explorer: ExplorerOptions | null;
  /** Where the lines of the log go; left out: to the standard output. */
  readonly logTo?: { write(line: string): void };
}

const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The whole service on one database, not yet listening. */
export async function createApp({
  config,
  dataSource,
  schema,
  explorer,
  logTo,
}: AppOptions): Promise<FastifyInstance> {
  const listedOperations =
    config.operationsFile === null
      ? null
      : await ListedOperations.read(config.operationsFile, config.queryLimits.tokens);
  const app = fastify({
    logger: {
      level: config.logLevel,
      base: { service: 'mci-graph' },
      serializers: { err: withoutValues },
      ...(logTo && { stream: logTo }),
    },
    bodyLimit: config.maximumBodyBytes,
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    forceCloseConnections: 'idle',
  });
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  endConnectionsWhenClosing(app);
  app.setErrorHandler(maskFault);
  await app.register(cors, {
    origin: [...config.corsOrigins],
    credentials: false,
    exposedHeaders: ['x-request-id'],
  });

  const authenticate = createAuthenticator({ dataSource, openId: config.openId, log: app.log });
  const plannedAnswers = new PlannedAnswers({
    schema,
    graph: plannedGraph(schema),
    dataSource,
    rolesOf: rolesOfRoot,
    enabled: config.selectionPlanner,
    log: app.log,
  });
  const contextOf = async (
    { headers, id: requestId }: Caller,
    body?: unknown,
  ): Promise<RequestContext | AnonymousContext> => {
    const now = new Date();
    const token = plannedAnswers.readAhead(body, now);
    const principal = await authenticate(headers, now, token.read);
    if (principal === null) return new AnonymousContext({ dataSource, now, requestId });
    const { privateWebhooks } = config;
    token.keepFor(principal);
    return new RequestContext({ dataSource, principal, now, requestId, privateWebhooks });
  };

  const metrics = new Metrics(dataSource);
  const feed = new EventFeed({ dataSource, keptDays: config.eventDays, log: app.log });
  await feed.start();
  app.addHook('onClose', () => feed.stop());
  if (config.sendWebhooks) {
    const sender = new WebhookSender({
      dataSource,
      feed,
      keptDays: config.eventDays,
      privateAllowed: config.privateWebhooks,
      count: metrics.webhookAttempt,
      log: app.log,
    });
    app.addHook('onReady', (done) => {
      sender.start();
      done();
    });
    // Before the feed stops: hooks run from the last to the first.
    app.addHook('onClose', () => sender.stop());
  }

  metrics.register(app);
  registerHealth(app, dataSource);
  registerCatalogUpload(app, { contextOf, maximumBytes: config.maximumUploadBytes });
  if (explorer !== null) registerExplorer(app, explorer);
  const subscriptions = new Subscriptions({
    schema,
    suggestions: config.suggestions,
    limits: config.queryLimits,
    listedOperations,
    bounds: config.subscriptions,
    feed,
    contextOf,
    turns: new Turns(Math.max(1, Math.floor(config.databasePoolSize / 2))),
    count: metrics.subscriptions,
    log: app.log,
  });
  const wsHandler = await webSocketHandler(app, {
    subscriptions,
    maximumMessageBytes: config.maximumBodyBytes,
  });
  // Behind the hook of WebSockets, which ends the connection of an upgrade that is refused.
  if (config.routerSecret !== null) requireRouterSecret(app, config.routerSecret);
  app.addHook('preClose', () => subscriptions.stop());
  registerEventStream(app, subscriptions);
  await registerGraphQL(app, {
    schema,
    plannedAnswers,
    introspection: config.introspection,
    inlineTrace: config.inlineTrace,
    suggestions: config.suggestions,
    limits: config.queryLimits,
    maximumBatch: config.maximumBatch,
    persistedQueries: config.persistedQueries,
    listedOperations,
    plugins: [metrics.plugin, storableText, refuseSubscriptions],
    contextOf: (request) => contextOf(request, request.body),
    wsHandler,
  });
  return app;
}

/**
 * Who keeps a connection alive is told to end it with the answer that is still under way when the service closes:
 * closing would wait for the connection's time-out otherwise.
 */
function endConnectionsWhenClosing(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) reply.header('connection', 'close');
    done(null, payload);
  });
}

/**
 * An error as the log shows it. A failed statement carries its parameters, which may be user data or hashes of tokens:
 * they stay out.
 */
function withoutValues(error: Error & { code?: unknown; query?: unknown }) {
  const { name, message, stack = '', code, query } = error;
  return { type: name, message, stack, code, query };
}

/** Outside GraphQL, too, a fault is logged and masked; what is the client's mistake is told as it is. */
function maskFault(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500;
  if (status < 500) return reply.code(status).send(error);
  request.log.error({ err: error }, 'a request failed');
  const message = 'Something went wrong on our side. The log has the details, under the id of this request.';
  return reply.code(status).send({ error: { code: 'INTERNAL_SERVER_ERROR', message } });
}
