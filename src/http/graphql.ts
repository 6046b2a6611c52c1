import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { QueryLimits } from '../config';
import type { AnonymousContext, RequestContext } from '../loaders/request-context';
import { formatError, isFault } from './format-error';
import { assertReadable, queryTexts } from './limits/query-text';
import { requestLimits } from './limits/request-limits';
import { shapeRule } from './limits/shape-rule';
import { logFaults } from './log-faults';

export interface GraphQLOptions {
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  readonly limits: QueryLimits;
  readonly plugins: readonly ApolloServerPlugin[];
  readonly contextOf: (request: FastifyRequest) => Promise<RequestContext | AnonymousContext>;
}

/** The GraphQL endpoint `/graphql`. Plain GET stays blocked by Apollo's CSRF prevention, on purpose. */
export async function registerGraphQL(app: FastifyInstance, options: GraphQLOptions): Promise<void> {
  const apollo = new ApolloServer<RequestContext | AnonymousContext>({
    schema: options.schema,
    introspection: options.introspection,
    validationRules: [shapeRule(options.limits)],
    includeStacktraceInErrorResponses: false,
    formatError,
    // Fastify ends requests under way before it stops Apollo (the hook below); Apollo need not do it, too.
    stopOnTerminationSignals: false,
    plugins: [
      logFaults(app.log),
      requestLimits(options.limits),
      // They wrap every field, and cost half the throughput.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ...options.plugins,
    ],
  });
  await apollo.start();
  const contextOf = logFaultOf(options.contextOf);
  app.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS'],
    handler: fastifyApolloHandler(apollo, {
      // Apollo makes errors of its hooks before the parser faults of ours; those of the context are the client's.
      context: async (request) => {
        for (const text of queryTexts(request.body, request.query))
          assertReadable(text, options.limits.tokens);
        return contextOf(request);
      },
    }),
  });
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
