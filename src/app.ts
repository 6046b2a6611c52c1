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
import { registerGraphQL } from './http/graphql';
import { registerHealth } from './http/health';
import { Metrics } from './http/metrics';
import { storableText } from './http/storable-text';
import { AnonymousContext, RequestContext } from './loaders/request-context';

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
  const contextOf = async (request: FastifyRequest): Promise<RequestContext | AnonymousContext> => {
    const now = new Date();
    const principal = await authenticate(request.headers, now);
    const requestId = request.id;
    return principal === null
      ? new AnonymousContext({ dataSource, now, requestId })
      : new RequestContext({ dataSource, principal, now, requestId });
  };

  const metrics = new Metrics(dataSource);
  metrics.register(app);
  registerHealth(app, dataSource);
  registerCatalogUpload(app, { contextOf, maximumBytes: config.maximumUploadBytes });
  if (explorer !== null) registerExplorer(app, explorer);
  await registerGraphQL(app, {
    schema,
    introspection: config.introspection,
    limits: config.queryLimits,
    plugins: [metrics.plugin, storableText],
    contextOf,
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
