import { ArgsType, Field, Int } from 'type-graphql';
import type { PageArguments } from '../../domain/paging';

@ArgsType()
export class PageArgs implements PageArguments {
  @Field(() => Int, { nullable: true, description: 'Rows from the start; 0 to 100, 25 unless told.' })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Only rows behind this cursor.' })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Rows from the end; 0 to 100. Not together with `first`.',
  })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Only rows before this cursor.' })
  before?: string | null;
}
