import 'reflect-metadata';
import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { GraphQLScalarType } from 'graphql';
import { buildSchema, GraphQLISODateTime } from 'type-graphql';
import { toSubgraph } from './federation/subgraph';
import { LATEST_FEDERATION, type FederationVersion } from './federation/version';
import { RESOLVERS } from './resolvers';
import { checkAuthorization } from './resolvers/authorization';
import {
  CloudNotSupportedError,
  DeploymentInUseError,
  InUseError,
  MergeConflictError,
  MergeViolationError,
  NotEditableError,
  NotFoundError,
  RefusedError,
  StaleVersionError,
  ValidationError,
} from './resolvers/types/user-error';

const DateTime = new GraphQLScalarType({
  ...GraphQLISODateTime.toConfig(),
  name: 'DateTime',
  description: 'RFC 3339, UTC, with milliseconds.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
});

const unused = (): never => {
  throw new Error('No subscription has a topic: each follows the feed of events.');
};
const NO_TOPICS = { publish: unused, subscribe: unused };

/** The whole graph, as a federated subgraph of that version. */
export async function createSchema(
  federation: FederationVersion = LATEST_FEDERATION,
): Promise<GraphQLSchema> {
  const base = await buildSchema({
    resolvers: RESOLVERS,
    authChecker: checkAuthorization,
    scalarsMap: [{ type: Date, scalar: DateTime }],
    // Type-graphql asks for one, though each subscription follows the feed by itself.
    pubSub: NO_TOPICS,
    validate: false,
    // Whoever serves the whole validates it; federation's directives are unknown before they are added.
    skipCheck: true,
    orphanedTypes: [
      ValidationError,
      NotFoundError,
      NotEditableError,
      StaleVersionError,
      CloudNotSupportedError,
      DeploymentInUseError,
      InUseError,
      MergeConflictError,
      MergeViolationError,
      RefusedError,
    ],
  });
  describeRoots(base);
  return toSubgraph(base, federation);
}

/** Type-graphql has no place for the descriptions of the root types. */
function describeRoots(schema: GraphQLSchema): void {
  const descriptions: [GraphQLObjectType | null | undefined, string][] = [
    [schema.getQueryType(), 'What an account sees: its own, what is public, and what others share with it.'],
    [
      schema.getMutationType(),
      'What can be done. A refusal is told in `userErrors`; nothing was changed then.',
    ],
    [schema.getSubscriptionType(), 'What happens, as it happens: each event once, to those who may see it.'],
  ];
  for (const [type, description] of descriptions) if (type) type.description = description;
}
