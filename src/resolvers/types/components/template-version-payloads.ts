import { Field, ObjectType } from 'type-graphql';
import { Component } from '../../../entities/components/component';
import { ServerTemplate } from '../../../entities/components/server-template';
import { Payload } from '../payload';

@ObjectType({ simpleResolvers: true, description: 'What `commitServerTemplate` answers.' })
export class CommitServerTemplatePayload extends Payload {
  @Field(() => ServerTemplate, { nullable: true, description: 'The new revision.' })
  serverTemplate: ServerTemplate | null;

  @Field(() => [Component], {
    description:
      'The revisions that are pinned instead of HEADs: new, or the newest one where HEAD equals it (R-6.3).',
  })
  dependencies: Component[];
}

@ObjectType({ simpleResolvers: true, description: 'What `cloneServerTemplate` answers.' })
export class CloneServerTemplatePayload extends Payload {
  @Field(() => ServerTemplate, { nullable: true, description: 'HEAD of the clone.' })
  serverTemplate: ServerTemplate | null;

  @Field(() => [Component], {
    description: 'HEADs of new components, made of deleted ones that the template pinned (R-5.5).',
  })
  resurrected: Component[];
}
