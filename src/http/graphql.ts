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
import type { AnonymousContext, RequestContext } from '../loaders/request-context';
import { formatError, isFault } from './format-error';
import { logFaults } from './log-faults';

export interface GraphQLOptions {
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  readonly plugins: readonly ApolloServerPlugin[];
  readonly contextOf: (request: FastifyRequest) => Promise<RequestContext | AnonymousContext>;
}

/** The GraphQL endpoint `/graphql`. Plain GET stays blocked by Apollo's CSRF prevention, on purpose. */
export async function registerGraphQL(app: FastifyInstance, options: GraphQLOptions): Promise<void> {
  const apollo = new ApolloServer<RequestContext | AnonymousContext>({
    schema: options.schema,
    introspection: options.introspection,
    includeStacktraceInErrorResponses: false,
    formatError,
    // Fastify ends requests under way before it stops Apollo (the hook below); Apollo need not do it, too.
    stopOnTerminationSignals: false,
    plugins: [
      logFaults(app.log),
      // They wrap every field, and cost half the throughput.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ...options.plugins,
    ],
  });
  await apollo.start();
  app.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS'],
    handler: fastifyApolloHandler(apollo, { context: logFaultOf(options.contextOf) }),
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
