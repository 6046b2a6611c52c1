// Apollo's gateway in front of both subgraphs.
import { readFileSync } from 'node:fs';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { GraphQLError } from 'graphql';
import { listenOptions, needed, PASSED_ON, runUntilTold } from './process.mjs';

const secret = process.env.MCI_GRAPH_ROUTER_SECRET;

/** Passes on who asks, and shows mci-graph that the gateway does. */
class Subgraph extends RemoteGraphQLDataSource {
  constructor({ name, url }) {
    super({ url });
    this.secret = name === 'mci-graph' ? secret : undefined;
  }

  willSendRequest({ request, context }) {
    for (const name of PASSED_ON) {
      const value = context.headers?.[name];
      if (value) request.http.headers.set(name, value);
    }
    if (this.secret) request.http.headers.set('router-authorization', this.secret);
  }

  /** What a subgraph says with a status such as 401 is as readable as with 200: its own message and code. */
  async errorFromResponse(response) {
    const body = await this.parseBody(response);
    const [error] = body?.errors ?? [];
    if (error) return new GraphQLError(error.message, { extensions: error.extensions });
    return new GraphQLError(`A subgraph answered with status ${response.status}.`, {
      extensions: { code: 'DOWNSTREAM_SERVICE_ERROR' },
    });
  }
}

const server = new ApolloServer({
  gateway: new ApolloGateway({
    supergraphSdl: readFileSync(needed('SUPERGRAPH'), 'utf8'),
    buildService: (subgraph) => new Subgraph(subgraph),
  }),
  // Its page loads scripts from elsewhere.
  plugins: [ApolloServerPluginLandingPageDisabled()],
  includeStacktraceInErrorResponses: false,
  stopOnTerminationSignals: false,
});
const { url } = await startStandaloneServer(server, {
  listen: listenOptions(4100),
  context: async ({ req }) => ({ headers: req.headers }),
});
runUntilTold('gateway', new URL('graphql', url).href, () => server.stop());
