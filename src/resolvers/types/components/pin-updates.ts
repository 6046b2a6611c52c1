import { Field, ObjectType } from 'type-graphql';
import type { ScriptPhase as ScriptPhaseName } from '../../../domain/versioning/component-content';
import { Component } from '../../../entities/components/component';
import { ScriptPhase } from '../../../entities/enums';
import { ServerTemplate } from '../../../entities/components/server-template';
import { Payload } from '../payload';

@ObjectType({
  simpleResolvers: true,
  description: 'A pin of a ServerTemplate that moved to a newer revision (R-5.8).',
})
export class MovedPin {
  @Field(() => Component, { description: 'The revision that was pinned before.' })
  from: Component;

  @Field(() => Component, { description: 'The revision that is pinned now.' })
  to: Component;

  @Field(() => ScriptPhase, {
    nullable: true,
    description: 'The phase of a script; null for a MultiCloud Image.',
  })
  phase: ScriptPhaseName | null;
}

@ObjectType({ simpleResolvers: true, description: 'What `updateServerTemplatePins` answers.' })
export class UpdateServerTemplatePinsPayload extends Payload {
  @Field(() => ServerTemplate, { nullable: true, description: 'The ServerTemplate.' })
  serverTemplate: ServerTemplate | null;

  @Field(() => [MovedPin], {
    description:
      'What moved: MultiCloud Images in the order in which they were added, then scripts by phase and position; at most 100 of each.',
  })
  moved: MovedPin[];
}
