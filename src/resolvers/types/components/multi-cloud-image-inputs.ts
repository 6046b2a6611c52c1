import { Field, ID, InputType, Int } from 'type-graphql';
import { MatcherPick } from '../../../entities/enums';
import { EXPECTED_VERSION } from './component-inputs';
import { NewNamedInput } from '../new-named-input';

@InputType({ description: "A MultiCloud Image's entry for one cloud." })
export class SettingInput {
  @Field(() => ID, { description: 'The cloud.' })
  cloudId: string;

  @Field(() => ID, { description: 'A machine image of that cloud.' })
  imageId: string;

  @Field(() => ID, { description: "An instance type of that cloud, which runs the image's architecture." })
  instanceTypeId: string;

  @Field(() => ID, { nullable: true, description: 'A kernel image of that cloud.' })
  kernelImageId?: string | null;

  @Field(() => ID, { nullable: true, description: 'A ramdisk image of that cloud.' })
  ramdiskImageId?: string | null;

  @Field(() => String, { nullable: true, description: 'User data; at most 16,384 bytes of UTF-8.' })
  userData?: string | null;
}

@InputType({ description: 'A new MultiCloud Image.' })
export class CreateMultiCloudImageInput extends NewNamedInput {
  @Field(() => [SettingInput], {
    nullable: true,
    description: 'Its settings, at most 500, each cloud once. If one is refused, nothing is created.',
  })
  settings?: SettingInput[] | null;
}

@InputType({ description: 'An edit of a MultiCloud Image.' })
class MultiCloudImageEditInput {
  @Field(() => ID, { description: 'HEAD of the MultiCloud Image.' })
  multiCloudImageId: string;

  @Field(() => Int, { description: EXPECTED_VERSION })
  expectedVersion: number;
}

@InputType({ description: 'The setting for one cloud: made, or replaced as a whole.' })
export class SetMultiCloudImageSettingInput extends SettingInput {
  @Field(() => ID, { description: 'HEAD of the MultiCloud Image.' })
  multiCloudImageId: string;

  @Field(() => Int, { description: EXPECTED_VERSION })
  expectedVersion: number;
}

@InputType({ description: 'The setting to remove.' })
export class RemoveMultiCloudImageSettingInput extends MultiCloudImageEditInput {
  @Field(() => ID, { description: 'The cloud whose setting goes.' })
  cloudId: string;
}

@InputType({ description: 'A matcher, added behind the others. It fills settings at the next rematch.' })
export class AddMultiCloudImageMatcherInput extends MultiCloudImageEditInput {
  @Field(() => String, { nullable: true, description: 'Only clouds of this type; all clouds unless told.' })
  cloudType?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The image's checksum. Give either this or `namePattern`.",
  })
  fingerprint?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The image's whole name; `*` stands for any text, `?` for one character; case matters.",
  })
  namePattern?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The image's operating system: `Fedora CoreOS` also finds `Fedora CoreOS 44`.",
  })
  operatingSystem?: string | null;

  @Field(() => String, { nullable: true, description: "The image's CPU architecture, e.g. `arm64`." })
  cpuArchitecture?: string | null;

  @Field(() => MatcherPick, { description: 'What to do when several images match.' })
  pick: 'UNIQUE' | 'NEWEST';

  @Field(() => [String], {
    description: 'Names of 1 to 100 instance types, the preferred one first.',
  })
  instanceTypes: string[];

  @Field(() => String, {
    nullable: true,
    description: 'User data of the settings that it makes; at most 16,384 bytes of UTF-8.',
  })
  userData?: string | null;
}

@InputType({ description: 'The matcher to remove.' })
export class RemoveMultiCloudImageMatcherInput extends MultiCloudImageEditInput {
  @Field(() => ID, { description: 'A matcher of this MultiCloud Image.' })
  matcherId: string;
}

@InputType({ description: 'A MultiCloud Image whose matchers are to look again.' })
export class RematchMultiCloudImageInput extends MultiCloudImageEditInput {
  @Field(() => Boolean, { nullable: true, description: 'Only report what would change; false unless told.' })
  dryRun?: boolean | null;
}
