import { Field, ID, InputType } from 'type-graphql';
import type { LaunchField } from '../../../domain/launch/configuration';
import { LaunchField as LaunchFieldEnum } from '../../../entities/enums';

@InputType({
  description:
    'Own choices of a launch. Left out or null: inherit; named in `none`: explicitly nothing although the MultiCloud Image has one.',
})
export class LaunchChoicesInput {
  @Field(() => ID, {
    nullable: true,
    description: "A MultiCloud Image instead of the ServerTemplate's default.",
  })
  multiCloudImageId?: string | null;

  @Field(() => ID, { nullable: true, description: 'A machine image of the cloud.' })
  imageId?: string | null;

  @Field(() => ID, { nullable: true, description: 'An instance type of the cloud.' })
  instanceTypeId?: string | null;

  @Field(() => ID, { nullable: true, description: 'A kernel image of the cloud.' })
  kernelImageId?: string | null;

  @Field(() => ID, { nullable: true, description: 'A ramdisk image of the cloud.' })
  ramdiskImageId?: string | null;

  @Field(() => String, { nullable: true, description: 'User data; at most 16,384 bytes of UTF-8.' })
  userData?: string | null;

  @Field(() => [LaunchFieldEnum], {
    nullable: true,
    description: 'Explicitly nothing: any of KERNEL_IMAGE, RAMDISK_IMAGE, USER_DATA.',
  })
  none?: LaunchField[] | null;
}

@InputType({ description: 'A launch to resolve.' })
export class ResolveLaunchInput {
  @Field(() => ID, { description: 'The cloud to launch in.' })
  cloudId: string;

  @Field(() => ID, { description: 'The ServerTemplate version.' })
  serverTemplateId: string;

  @Field(() => LaunchChoicesInput, {
    nullable: true,
    description: 'Own choices; all is inherited unless told.',
  })
  choices?: LaunchChoicesInput | null;
}
