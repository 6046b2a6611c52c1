import { Field, ObjectType } from 'type-graphql';
import type { ConfigurationSource, LaunchField } from '../../../domain/launch/configuration';
import type { StepOutcome } from '../../../domain/launch/resolution';
import {
  ConfigurationSource as ConfigurationSourceEnum,
  LaunchField as LaunchFieldEnum,
  LaunchStatus,
  StepOutcome as StepOutcomeEnum,
} from '../../../entities/enums';
import { Advisory } from '../components/advisory';

/** These types are shown from the rules' own result; what they refer to is loaded by field resolvers. */

@ObjectType({ simpleResolvers: true, description: 'An image that a launch would use.' })
export class ResolvedImage {
  @Field(() => String, { description: "The cloud's own id, also of an image that is not visible (R-3.2)." })
  resourceUid: string;

  @Field(() => ConfigurationSourceEnum, { description: 'Where it came from.' })
  source: ConfigurationSource;
}

@ObjectType({ simpleResolvers: true, description: 'The MultiCloud Image that a launch would use.' })
export class ResolvedMultiCloudImage {
  @Field(() => ConfigurationSourceEnum, { description: 'Where it came from.' })
  source: ConfigurationSource;
}

@ObjectType({ simpleResolvers: true, description: 'The instance type that a launch would use.' })
export class ResolvedInstanceType {
  @Field(() => ConfigurationSourceEnum, { description: 'Where it came from.' })
  source: ConfigurationSource;
}

@ObjectType({ simpleResolvers: true, description: 'The user data that a launch would use.' })
export class ResolvedText {
  @Field(() => String, { description: 'The text.' })
  value: string;

  @Field(() => ConfigurationSourceEnum, { description: 'Where it came from.' })
  source: ConfigurationSource;
}

@ObjectType({
  simpleResolvers: true,
  description: 'One candidate for one value, and what became of it (R-7.4).',
})
export class ResolutionStep {
  @Field(() => LaunchFieldEnum, { description: 'The value it is a candidate for.' })
  field: LaunchField;

  @Field(() => ConfigurationSourceEnum, { description: 'Who names it.' })
  source: ConfigurationSource;

  @Field(() => StepOutcomeEnum, { description: 'What became of it.' })
  outcome: StepOutcome;

  @Field(() => String, { description: 'For people: why.' })
  reason: string;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'What a launch would use, where each value comes from, and what stands in the way (section 7).',
})
export class LaunchResolution {
  @Field(() => LaunchStatus, { description: 'Whether a launch would go ahead.' })
  status: 'READY' | 'BLOCKED';

  @Field(() => ResolvedImage, { nullable: true, description: 'The machine image; null: none from anywhere.' })
  image: ResolvedImage | null;

  @Field(() => ResolvedMultiCloudImage, {
    nullable: true,
    description: 'The MultiCloud Image; null: none from anywhere.',
  })
  multiCloudImage: ResolvedMultiCloudImage | null;

  @Field(() => ResolvedInstanceType, {
    nullable: true,
    description: 'The instance type; null: none from anywhere.',
  })
  instanceType: ResolvedInstanceType | null;

  @Field(() => ResolvedImage, { nullable: true, description: 'The kernel image, if any.' })
  kernelImage: ResolvedImage | null;

  @Field(() => ResolvedImage, { nullable: true, description: 'The ramdisk image, if any.' })
  ramdiskImage: ResolvedImage | null;

  @Field(() => ResolvedText, { nullable: true, description: 'The user data, if any.' })
  userData: ResolvedText | null;

  @Field(() => [String], { description: 'Tags that the instance would carry (R-8.2).' })
  tags: string[];

  @Field(() => [Advisory], { description: 'What is worth knowing; the gravest first.' })
  advisories: Advisory[];

  @Field(() => [ResolutionStep], { description: 'Every candidate for every value and what became of it.' })
  steps: ResolutionStep[];
}
