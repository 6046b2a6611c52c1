import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { NoProposalReason } from '../../../domain/matching/propose';
import { Cloud } from '../../../entities/catalog/cloud';
import { CloudImage } from '../../../entities/catalog/cloud-image';
import { InstanceType } from '../../../entities/catalog/instance-type';
import { MultiCloudImage } from '../../../entities/components/multi-cloud-image';
import { Payload } from '../payload';

export const UnmatchedReason: { readonly [K in NoProposalReason]: K } = {
  NO_MATCH: 'NO_MATCH',
  SEVERAL_MATCHES: 'SEVERAL_MATCHES',
  NO_INSTANCE_TYPE: 'NO_INSTANCE_TYPE',
};
registerEnumType(UnmatchedReason, {
  name: 'UnmatchedReason',
  description: 'Why no matcher proposes a setting for a cloud (R-4.6).',
  valuesConfig: {
    NO_MATCH: {
      description: 'No available machine image matches. A setting that a matcher made is removed.',
    },
    SEVERAL_MATCHES: {
      description: 'Several images match a matcher that takes only one. The setting stays.',
    },
    NO_INSTANCE_TYPE: {
      description: 'The cloud offers none of the instance types that runs the image. The setting stays.',
    },
  },
});

@ObjectType({ simpleResolvers: true, description: 'A setting that a rematch made, changed or removed.' })
export class MultiCloudImageSettingChange {
  @Field(() => Cloud, { description: 'The cloud.' })
  cloud: Cloud;

  @Field(() => CloudImage, {
    nullable: true,
    description: 'The new image, or the one of the removed setting; null when it is not visible any more.',
  })
  image: CloudImage | null;

  @Field(() => InstanceType, {
    nullable: true,
    description: 'The new instance type, or the one of the removed setting.',
  })
  instanceType: InstanceType | null;
}

@ObjectType({ simpleResolvers: true, description: 'A cloud for which no matcher proposes a setting.' })
export class UnmatchedCloud {
  @Field(() => Cloud, { description: 'The cloud.' })
  cloud: Cloud;

  @Field(() => UnmatchedReason, { description: 'For programs.' })
  reason: NoProposalReason;

  @Field(() => String, { description: 'For people: why, and what to do about it.' })
  message: string;
}

@ObjectType({ simpleResolvers: true, description: 'What `rematchMultiCloudImage` answers.' })
export class RematchMultiCloudImagePayload extends Payload {
  @Field(() => MultiCloudImage, {
    nullable: true,
    description: 'The MultiCloud Image; unchanged by a dry run.',
  })
  multiCloudImage: MultiCloudImage | null;

  @Field(() => [MultiCloudImageSettingChange], { description: 'Settings made; at most 500.' })
  created: MultiCloudImageSettingChange[];

  @Field(() => [MultiCloudImageSettingChange], { description: 'Settings changed; at most 500.' })
  updated: MultiCloudImageSettingChange[];

  @Field(() => [MultiCloudImageSettingChange], { description: 'Settings removed; at most 500.' })
  removed: MultiCloudImageSettingChange[];

  @Field(() => [UnmatchedCloud], {
    description:
      'Clouds without a setting made by hand for which no matcher proposes one; at most one entry per cloud.',
  })
  unmatched: UnmatchedCloud[];
}
