import { Field, ObjectType } from 'type-graphql';
import { LaunchField } from '../../../entities/enums';
import type { NoneField } from '../../../entities/servers/server-definition';

/** Shown from the row of its server or array; what it refers to is loaded by field resolvers. */
@ObjectType({
  simpleResolvers: true,
  description:
    'How the next launch of a server or server array will look. Null is inherited from the ServerTemplate and its MultiCloud Image, unless the field is in `none` (R-7.2).',
})
export class LaunchConfiguration {
  @Field(() => String, {
    nullable: true,
    description: 'Own user data, at most 16,384 bytes of UTF-8; null: inherited, unless in `none`.',
  })
  userData: string | null;

  @Field(() => [LaunchField], {
    description:
      'Explicitly nothing, although the MultiCloud Image has one: any of KERNEL_IMAGE, RAMDISK_IMAGE, USER_DATA.',
  })
  none: NoneField[];
}
