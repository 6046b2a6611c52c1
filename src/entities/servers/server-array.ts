import { Directive, Field, Int, ObjectType } from 'type-graphql';
import { Check } from 'typeorm';
import { Whole } from '../columns';
import { DefinitionTable } from './definition-table';
import { Node } from '../node';
import { ServerDefinition } from './server-definition';

/** One next configuration, and many current instances. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'The definition of many machines alike: how the next launches will look, and its instances.',
})
@Directive('@key(fields: "id")')
@DefinitionTable('server_arrays', 'Definitions of many machines alike; null choices inherit (R-7.2).')
@Check('server_arrays_counts', 'min_count >= 0 AND max_count >= min_count AND max_count <= 1000')
export class ServerArray extends ServerDefinition {
  @Field(() => Int, { description: 'How many instances it should have at least.' })
  @Whole('min_count')
  minCount: number;

  @Field(() => Int, { description: 'How many running instances it may have; at most 1,000.' })
  @Whole('max_count')
  maxCount: number;
}
