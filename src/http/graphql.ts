import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { PersistedQueryConfig, QueryLimits } from '../config';
import type { AnonymousContext, RequestContext } from '../loaders/request-context';
import { BoundedMap } from './bounded-map';
import { asGateway, stringifyResult } from './execution/executor';
import type { PlannedAnswers } from './execution/planned-answers';
import { formatErrors, isFault } from './format-error';
import { assertBatch, type BatchOptions } from './limits/batch-limits';
import { assertReadable, queryTexts } from './limits/query-text';
import { requestLimits } from './limits/request-limits';
import { shapeRule } from './limits/shape-rule';
import type { ListedOperations } from './listed-operations';
import { logFaults } from './log-faults';
import { onlyListedOperations } from './only-listed-operations';
import { checkPersistedQueries, PersistedQueryStore } from './persisted-queries';
import { refuseBody } from './refuse-body';
import { requestErrorStatus } from './request-error-status';
import type { WebSocketHandler } from './subscriptions/web-socket';

export interface GraphQLOptions {
  readonly schema: GraphQLSchema;
  /** Queries that are answered without the schema's resolvers. */
  readonly plannedAnswers: PlannedAnswers;
  readonly introspection: boolean;
  /** Whether answers carry a trace when a router asks for one (ftv1). */
  readonly inlineTrace: boolean;
  readonly suggestions: boolean;
  readonly limits: QueryLimits;
  /** The most operations of one HTTP request; `null`: a request is one operation. */
  readonly maximumBatch: number | null;
  readonly persistedQueries: PersistedQueryConfig;
  /** The only operations that are answered; `null`: any. */
  readonly listedOperations: ListedOperations | null;
  readonly plugins: readonly ApolloServerPlugin[];
  readonly contextOf: (request: FastifyRequest) => Promise<RequestContext | AnonymousContext>;
  /** What answers when the connection becomes a WebSocket. */
  readonly wsHandler: WebSocketHandler;
}

/** Characters of texts that were found readable. */
const MOST_READABLE = 4_000_000;

/** The GraphQL endpoint `/graphql`. Plain GET stays blocked by Apollo's CSRF prevention, on purpose. */
export async function registerGraphQL(app: FastifyInstance, options: GraphQLOptions): Promise<void> {
  const { listedOperations } = options;
  for (const problem of listedOperations?.problems(options.schema) ?? [])
    app.log.warn({ problem }, 'an operation of the list cannot be answered');
  // A list holds every text that may be asked for: there is nothing to keep beside it.
  const persisted =
    listedOperations === null && options.persistedQueries.bytes > 0
      ? new PersistedQueryStore(options.persistedQueries)
      : null;
  const textOf: BatchOptions['textOf'] = async (part) => {
    if (listedOperations !== null) return listedOperations.find(part) ?? undefined;
    return typeof part['query'] === 'string' ? part['query'] : persisted?.settle(part);
  };
  const apollo = new ApolloServer<RequestContext | AnonymousContext>({
    // A trace needs Apollo's own execution: it wraps every field.
    ...(options.inlineTrace
      ? { schema: options.schema }
      : { gateway: asGateway(options.schema, options.plannedAnswers), stringifyResult }),
    introspection: options.introspection,
    validationRules: [shapeRule(options.limits)],
    includeStacktraceInErrorResponses: false,
    formatError: formatErrors(options),
    allowBatchedHttpRequests: options.maximumBatch !== null,
    persistedQueries: persisted === null ? false : { cache: persisted },
    // Fastify ends requests under way before it stops Apollo (the hook below); Apollo need not do it, too.
    stopOnTerminationSignals: false,
    plugins: [
      ...(listedOperations === null ? [] : [onlyListedOperations(listedOperations)]),
      ...(persisted === null ? [] : [checkPersistedQueries()]),
      logFaults(app.log),
      requestLimits(options.limits),
      // They would wrap every field, which costs half the throughput.
      ApolloServerPluginCacheControlDisabled(),
      options.inlineTrace ? ApolloServerPluginInlineTrace() : ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ...options.plugins,
    ],
  });
  await apollo.start();
  const contextOf = logFaultOf(options.contextOf);
  const readable = new BoundedMap<true>(MOST_READABLE);
  const route: RouteOptions = {
    url: '/graphql',
    method: ['POST', 'OPTIONS'],
    onSend: requestErrorStatus,
    errorHandler: refuseBody,
    handler: fastifyApolloHandler(apollo, {
      // Apollo makes errors of its hooks before the parser faults of ours; those of the context are the client's.
      context: async (request) => {
        for (const text of queryTexts(request.body, request.query)) {
          if (readable.get(text)) continue;
          assertReadable(text, options.limits.tokens);
          readable.set(text, true, text.length);
        }
        await assertBatch(request.body, {
          schema: options.schema,
          limits: options.limits,
          maximum: options.maximumBatch,
          textOf,
        });
        return contextOf(request);
      },
    }),
  };
  app.route(route);
  app.route({ ...route, method: 'GET', wsHandler: options.wsHandler });
  app.addHook('onClose', () => apollo.stop());
}

/** Apollo tells its plugins what failed here, but not for which request. */
function logFaultOf(contextOf: GraphQLOptions['contextOf']): GraphQLOptions['contextOf'] {
  return async (request) => {
    try {
      return await contextOf(request);
    } catch (error) {
      if (isFault(error)) request.log.error({ err: error }, 'a request could not be authenticated');
      throw error;
    }
  };
}
