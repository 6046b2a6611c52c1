import { Field, ObjectType } from 'type-graphql';
import { Cloud } from '../../../entities/catalog/cloud';
import { CloudImage } from '../../../entities/catalog/cloud-image';
import { InstanceType } from '../../../entities/catalog/instance-type';

@ObjectType({
  simpleResolvers: true,
  description: 'How a MultiCloud Image stands to one cloud, and what its matchers propose (R-4.6).',
})
export class CloudCoverage {
  @Field(() => Cloud, { description: 'The cloud.' })
  cloud: Cloud;

  @Field(() => Boolean, { description: 'Whether there is a setting for the cloud.' })
  covered: boolean;

  @Field(() => CloudImage, { nullable: true, description: 'The image that a matcher proposes.' })
  proposal: CloudImage | null;

  @Field(() => InstanceType, { nullable: true, description: 'The instance type that the matcher proposes.' })
  proposedInstanceType: InstanceType | null;

  @Field(() => String, { nullable: true, description: 'Why there is no proposal.' })
  reason: string | null;
}
