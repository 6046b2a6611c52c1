import { Field, ID, InterfaceType } from 'type-graphql';
import { Id } from './columns';

/** Relay's object identification. Rows carry the name of their GraphQL type, since they are plain objects. */
@InterfaceType({
  description: 'Anything that can be fetched again by its global id.',
  resolveType: (row: { __typename: string }) => row.__typename,
})
export abstract class Node {
  @Id()
  @Field(() => ID, { description: 'Global id: opaque, stable, unique across all types.' })
  id: string;

  /** Present on rows that were read for GraphQL. */
  readonly __typename?: string;
}
