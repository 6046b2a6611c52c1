import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Node } from '../../entities/node';
import { Payload } from './payload';

@InputType({ description: 'Tags to add or remove (R-10.1).' })
export class TagsInput {
  @Field(() => ID, {
    description:
      'HEAD of a component (DESIGNER), a deployment, server, server array or instance (ACTOR), an image (ACTOR; the tags are seen by this account only), or the account (ADMIN).',
  })
  id: string;

  @Field(() => [String], {
    description: 'At most 100: `namespace:predicate=value`, or raw tags without `:` and `=`.',
  })
  tags: string[];

  @Field(() => Int, {
    nullable: true,
    description:
      'The `version` that you saw: needed for a component, heeded for a deployment, server or server array when given; other things have none.',
  })
  expectedVersion?: number | null;
}

@ObjectType({ simpleResolvers: true, description: 'What `addTags` and `removeTags` answer.' })
export class TagsPayload extends Payload {
  @Field(() => Node, { nullable: true, description: 'The tagged thing.' })
  node: Node | null;

  @Field(() => [String], { description: 'All its tags afterwards; empty when refused.' })
  tags: string[];
}
