import { ArgsType, Field, ID } from 'type-graphql';
import type { ComponentKindName } from '../../../domain/versioning/component-type';
import { ComponentKind } from '../../../entities/enums';

const AT_MOST = 'at most 100; left out: all.';

@ArgsType()
export class SubscriptionArgs {
  @Field(() => ID, {
    nullable: true,
    description:
      'Id of the last event that you were told of, of any subscription: what happened since then comes first, nothing is left out or repeated. Left out: from now on.',
  })
  after?: string | null;
}

@ArgsType()
export class PublicationChangedArgs extends SubscriptionArgs {
  @Field(() => [ID], { nullable: true, description: `Only publications of these lineages, ${AT_MOST}` })
  lineageIds?: string[] | null;
}

@ArgsType()
export class ComponentChangedArgs extends SubscriptionArgs {
  @Field(() => [ID], { nullable: true, description: `Only components of these lineages, ${AT_MOST}` })
  lineageIds?: string[] | null;

  @Field(() => [ComponentKind], {
    nullable: true,
    description: `Only components of these kinds, ${AT_MOST}`,
  })
  kinds?: ComponentKindName[] | null;
}

@ArgsType()
export class InstanceStateChangedArgs extends SubscriptionArgs {
  @Field(() => [ID], {
    nullable: true,
    description:
      'Only instances of these servers, and of the arrays of `serverArrayIds`, at most 100; both left out: all.',
  })
  serverIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Only instances of these server arrays, and of the servers of `serverIds`, at most 100; both left out: all.',
  })
  serverArrayIds?: string[] | null;
}
