// The cost subgraph: adds prices to what mci-graph knows.
import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, parse } from 'graphql';
import { listenOptions, runUntilTold } from '../process.mjs';
import { PriceList } from './price-list.mjs';

const MOST = 100;
const prices = new PriceList(process.env.PRICES ?? new URL('prices.csv', import.meta.url));

/** A price that needs what the next launch would be: the gateway asks mci-graph for it first (`@requires`). */
const nextPrice = ({ next }) => prices.priceOf(next?.resolution?.instanceType?.value);

const resolvers = {
  Query: {
    cheapestInstanceTypes(_root, { cloudType, region, first }) {
      if (first < 1 || first > MOST)
        throw new GraphQLError(`\`first\` is ${first}: it must be 1 to ${MOST}.`, {
          extensions: { code: 'BAD_USER_INPUT' },
        });
      return prices.cheapest(cloudType, region, first);
    },
  },
  InstanceType: { hourlyPrice: (type) => prices.priceOf(type) },
  Server: { hourlyPrice: nextPrice },
  ServerArray: { hourlyPrice: nextPrice },
  Instance: { hourlyPrice: ({ instanceType }) => prices.priceOf(instanceType) },
};

const typeDefs = parse(readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'));
const server = new ApolloServer({
  schema: buildSubgraphSchema({ typeDefs, resolvers }),
  plugins: [ApolloServerPluginInlineTraceDisabled(), ApolloServerPluginLandingPageDisabled()],
  stopOnTerminationSignals: false,
});
const { url } = await startStandaloneServer(server, { listen: listenOptions(4101) });
runUntilTold('cost subgraph', url, () => server.stop());
