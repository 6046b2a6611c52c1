import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { InstanceState as InstanceStateName } from '../../../domain/servers/instance-state';
import { InstanceState } from '../../../entities/enums';

@InputType({ description: 'Narrows a list of instances; all conditions must hold.' })
export class InstanceFilter {
  @Field(() => [InstanceState], { nullable: true, description: 'Only instances in one of these states.' })
  states?: InstanceStateName[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only instances that run (true): not TERMINATED; or that ended (false).',
  })
  running?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'Instances of this server.' })
  serverId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Instances of this server array.' })
  serverArrayId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Instances launched with this image, in any slot.' })
  imageId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Instances in this cloud.' })
  cloudId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Instances that follow this very ServerTemplate version now.',
  })
  serverTemplateId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Exactly this tag, or `namespace:predicate=*`. Case matters.',
  })
  tag?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Only running instances that differ from what their server or array would launch now (true), or all others (false; R-8.6).',
  })
  drifted?: boolean | null;
}

@InputType({ description: 'A server to launch.' })
export class LaunchServerInput {
  @Field(() => ID, { description: 'The server; nothing of it may run.' })
  id: string;
}

@InputType({ description: 'A server to launch anew.' })
export class RelaunchServerInput {
  @Field(() => ID, { description: 'The server; something of it must run.' })
  id: string;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether the new machine may be launched before everything else of the server is TERMINATED. False unless told.',
  })
  immediately?: boolean | null;
}

@InputType({ description: 'A server whose machine is to end.' })
export class TerminateServerInput {
  @Field(() => ID, { description: 'The server; something of it must run.' })
  id: string;
}

@InputType({ description: 'How many more instances of an array to launch.' })
export class LaunchServerArrayInput {
  @Field(() => ID, { description: 'The server array.' })
  id: string;

  @Field(() => Int, {
    description: 'At least 1; together with what runs at most the `maxCount` of the array.',
  })
  count: number;
}

@InputType({ description: 'Instances of an array that are to end.' })
export class TerminateServerArrayInput {
  @Field(() => ID, { description: 'The server array.' })
  id: string;

  @Field(() => [ID], {
    nullable: true,
    description: 'Running instances of the array, 1 to 1,000; left out: all that run.',
  })
  instanceIds?: string[] | null;
}

@InputType({ description: 'An instance to declare operational.' })
export class ForceOperationalInput {
  @Field(() => ID, { description: 'A STRANDED instance of this account.' })
  instanceId: string;
}

@InputType({ description: 'An image to make of a running instance (R-8.8).' })
export class BundleInstanceInput {
  @Field(() => ID, { description: 'An OPERATIONAL instance of this account.' })
  instanceId: string;

  @Field(() => String, { description: 'Name of the image, at most 255 characters.' })
  name: string;

  @Field(() => String, { nullable: true, description: 'Free text, at most 65,536 characters.' })
  description?: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'How often a ServerTemplate version was launched, and how long its machines took (R-8.3).',
})
export class LaunchStatistics {
  @Field(() => Int, { description: 'How many instances this account launched from it.' })
  launchCount: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'Median of the `bootSeconds` of those that became OPERATIONAL by themselves; null: none did.',
  })
  medianBootSeconds: number | null;
}
