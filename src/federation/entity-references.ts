import { GraphQLError, isObjectType, type GraphQLSchema } from 'graphql';
import { MAXIMUM_REPRESENTATIONS } from '../domain/paging';

const badInput = (message: string, details: object = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', ...details } });

/** Bounds `_entities` and refuses what is no reference as the client's mistake, before any of it is resolved. */
export function checkEntityReferences(schema: GraphQLSchema, entityTypes: ReadonlySet<string>): void {
  const field = schema.getQueryType()?.getFields()['_entities'];
  const resolve = field?.resolve;
  if (!isObjectType(schema.getQueryType()) || field === undefined || resolve === undefined)
    throw new Error('The subgraph has no _entities field to guard');
  field.resolve = (source, args: { representations: unknown[] }, context, info): unknown => {
    assertReferences(args.representations, entityTypes);
    return resolve(source, args, context, info);
  };
}

function assertReferences(representations: readonly unknown[], entityTypes: ReadonlySet<string>): void {
  if (representations.length > MAXIMUM_REPRESENTATIONS)
    throw badInput(
      `\`representations\` holds ${representations.length} references; at most ${MAXIMUM_REPRESENTATIONS} are allowed.`,
      { limit: MAXIMUM_REPRESENTATIONS, actual: representations.length },
    );
  for (const [index, reference] of representations.entries()) {
    const type =
      typeof reference === 'object' &&
      reference !== null &&
      '__typename' in reference &&
      reference.__typename;
    if (typeof type !== 'string' || !entityTypes.has(type))
      throw badInput(
        `\`representations.${index}\` must be an object whose \`__typename\` is one of ${[...entityTypes].join(', ')}.`,
      );
  }
}
