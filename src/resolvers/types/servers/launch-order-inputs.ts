import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { InstanceState as InstanceStateName } from '../../../domain/servers/instance-state';
import type {
  OrderKind as OrderKindName,
  OrderState as OrderStateName,
} from '../../../domain/servers/launch-order';
import { InstanceState, OrderKind, OrderState } from '../../../entities/enums';
import { Instance } from '../../../entities/servers/instance';
import { Payload } from '../payload';

@InputType({ description: 'Narrows a list of launch orders; all conditions must hold.' })
export class LaunchOrderFilter {
  @Field(() => [OrderState], { nullable: true, description: 'Only orders in one of these states.' })
  states?: OrderStateName[] | null;

  @Field(() => [OrderKind], { nullable: true, description: 'Only orders of these kinds.' })
  kinds?: OrderKindName[] | null;

  @Field(() => ID, { nullable: true, description: 'Orders about this instance.' })
  instanceId?: string | null;
}

@InputType({ description: 'Which orders a launcher takes, and for how long.' })
export class ClaimLaunchOrdersInput {
  @Field(() => Int, { description: 'How many orders at most; 1 to 100.' })
  limit: number;

  @Field(() => Int, {
    description:
      'How long the claim holds, in seconds; 1 to 3,600. What is not completed or failed by then can be claimed again.',
  })
  leaseSeconds: number;

  @Field(() => [OrderKind], { nullable: true, description: 'Only orders of these kinds; all unless told.' })
  kinds?: OrderKindName[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Only orders of machines in these clouds, at most 100; of any unless told.',
  })
  cloudIds?: string[] | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'With what a machine is to be launched, as its cloud calls it.',
})
export class LaunchCall {
  @Field(() => String, { description: "The cloud's own id of the machine image." })
  imageResourceUid: string;

  @Field(() => String, { description: "The cloud's own id of the instance type." })
  instanceTypeResourceUid: string;

  @Field(() => String, { nullable: true, description: "The cloud's own id of the kernel image, if any." })
  kernelImageResourceUid: string | null;

  @Field(() => String, { nullable: true, description: "The cloud's own id of the ramdisk image, if any." })
  ramdiskImageResourceUid: string | null;

  @Field(() => String, { nullable: true, description: 'User data, if any.' })
  userData: string | null;

  @Field(() => [String], { description: 'Tags of the instance.' })
  tags: string[];
}

@ObjectType({
  simpleResolvers: true,
  description: 'An order that one launcher works on, with everything that its cloud call needs (R-8.9).',
})
export class ClaimedOrder {
  @Field(() => ID, { description: 'Proof of the claim: to be shown when the order is completed or failed.' })
  claimId: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Of a LAUNCH order: the secret that the machine is to be given, for `enrolInstance`. Shown here only; the one of an earlier claim is void.',
  })
  enrolmentToken: string | null;

  @Field(() => String, { description: 'Name of the instance.' })
  instanceName: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The cloud's own id of the machine to terminate or to bundle. Null of a TERMINATE order: see `launchOrder`.",
  })
  resourceUid: string | null;

  @Field(() => String, { nullable: true, description: 'Of a BUNDLE order: the name of the image to make.' })
  bundleName: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of a BUNDLE order: the description of the image to make, if any.',
  })
  bundleDescription: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'What `claimLaunchOrders` answers.' })
export class ClaimLaunchOrdersPayload extends Payload {
  @Field(() => [ClaimedOrder], { description: 'The orders that this launcher has now, the oldest first.' })
  orders: ClaimedOrder[];
}

@InputType({ description: 'An order that the cloud carried out.' })
export class CompleteLaunchOrderInput {
  @Field(() => ID, { description: 'The order.' })
  orderId: string;

  @Field(() => ID, { description: 'The claim, as `claimLaunchOrders` gave it.' })
  claimId: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The cloud's own id of the machine that was launched, or of the image that was made; none for TERMINATE.",
  })
  resourceUid?: string | null;
}

@InputType({ description: 'An order that the cloud refused.' })
export class FailLaunchOrderInput {
  @Field(() => ID, { description: 'The order.' })
  orderId: string;

  @Field(() => ID, { description: 'The claim, as `claimLaunchOrders` gave it.' })
  claimId: string;

  @Field(() => String, { description: 'What the cloud answered, for people; at most 65,536 characters.' })
  reason: string;
}

@InputType({ description: 'A machine that shows its enrolment token (R-8.9).' })
export class EnrolInstanceInput {
  @Field(() => String, {
    description:
      'The token that its launcher gave it. It is good until the credential that it was exchanged for is first used: if the answer was lost, ask again; the credential before ends. It expires with the claim, and 24 hours after the order was completed.',
  })
  enrolmentToken: string;

  @Field(() => String, {
    description:
      "The cloud's own id of the machine, as the machine knows it: it must not contradict what its launcher says.",
  })
  resourceUid: string;
}

@ObjectType({ simpleResolvers: true, description: 'What `enrolInstance` answers.' })
export class EnrolInstancePayload extends Payload {
  @Field(() => Instance, {
    nullable: true,
    description:
      'The instance that the machine is. Without a token of the account only its plain fields are read.',
  })
  instance: Instance | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The secret, to be sent as `authorization: Bearer …`: it acts for this instance only, with `reportInstance`, until that is TERMINATED. Shown here only.',
  })
  credential: string | null;
}

@InputType({ description: 'What a machine is doing.' })
export class ReportInstanceInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The instance; left out, the one whose credential is shown.',
  })
  instanceId?: string | null;

  @Field(() => InstanceState, {
    description:
      'The state that it is in: OPERATIONAL, STRANDED or DECOMMISSIONING; TERMINATED only by INFRASTRUCTURE, when the cloud says that the machine is gone. A machine that INFRASTRUCTURE reports, with its `resourceUid`, as running though the instance is TERMINATED is ended by an order.',
  })
  state: InstanceStateName;

  @Field(() => String, {
    nullable: true,
    description:
      "The cloud's own id of the machine, where it is news; a machine's own word about that is compared, never kept.",
  })
  resourceUid?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why, for people; at most 65,536 characters.',
  })
  reason?: string | null;
}
