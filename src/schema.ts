import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { GraphQLScalarType } from 'graphql';
import { buildSchema, GraphQLISODateTime } from 'type-graphql';
import { toSubgraph } from './federation/subgraph';
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

/** The whole graph, as a federated subgraph. */
export async function createSchema(): Promise<GraphQLSchema> {
  const base = await buildSchema({
    resolvers: RESOLVERS,
    authChecker: checkAuthorization,
    scalarsMap: [{ type: Date, scalar: DateTime }],
    validate: false,
    // buildSubgraphSchema validates; federation's directives are unknown before it adds them.
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
  return toSubgraph(base);
}
