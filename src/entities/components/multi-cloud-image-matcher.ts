import { Directive, Field, ObjectType } from 'type-graphql';
import { Check, Entity, Index, JoinColumn, ManyToOne } from 'typeorm';
import { Reference, Text, TextList, Whole } from '../columns';
import { MatcherPick } from '../enums';
import { MultiCloudImage } from './multi-cloud-image';
import { Node } from '../node';

/** Fills settings by looking for images. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'Fills the settings of a MultiCloud Image by looking for images in every cloud.',
})
@Directive('@key(fields: "id")')
@Entity('multi_cloud_image_matchers', { comment: 'Matchers of MultiCloud Image versions (R-4.6).' })
@Index('multi_cloud_image_matchers_mci', ['multiCloudImageId', 'position'], { unique: true })
@Check('multi_cloud_image_matchers_criterion', '(fingerprint IS NULL) <> (name_pattern IS NULL)')
@Check('multi_cloud_image_matchers_pick', "pick IN ('UNIQUE', 'NEWEST')")
@Check('multi_cloud_image_matchers_user_data', 'octet_length(user_data) <= 16384')
export class MultiCloudImageMatcher extends Node {
  @Reference('multi_cloud_image_id')
  multiCloudImageId: string;

  @ManyToOne(() => MultiCloudImage, { onDelete: 'RESTRICT' })
  @JoinColumn({
    name: 'multi_cloud_image_id',
    foreignKeyConstraintName: 'multi_cloud_image_matchers_mci_reference',
  })
  multiCloudImage?: MultiCloudImage;

  @Whole('position', { comment: 'Order of precedence: for a cloud, the first matcher that proposes wins.' })
  position: number;

  @Field(() => String, { nullable: true, description: 'Only clouds of this type; null: all clouds.' })
  @Text('cloud_type', { nullable: true })
  cloudType: string | null;

  @Field(() => String, { nullable: true, description: "The image's checksum; either this or `namePattern`." })
  @Text('fingerprint', { nullable: true })
  fingerprint: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The image's whole name; `*` stands for any text, `?` for one character.",
  })
  @Text('name_pattern', { nullable: true })
  namePattern: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The image's operating system, with or without its version.",
  })
  @Text('operating_system', { nullable: true })
  operatingSystem: string | null;

  @Field(() => String, { nullable: true, description: "The image's CPU architecture." })
  @Text('cpu_architecture', { nullable: true })
  cpuArchitecture: string | null;

  @Field(() => MatcherPick, { description: 'What to do when several images match.' })
  @Text('pick')
  pick: 'UNIQUE' | 'NEWEST';

  @Field(() => [String], {
    description:
      'Names of instance types in order of preference: the first that the cloud offers and that runs the image is taken.',
  })
  @TextList('instance_types')
  instanceTypes: string[];

  @Field(() => String, {
    nullable: true,
    description: 'User data of the settings it makes; at most 16,384 bytes of UTF-8.',
  })
  @Text('user_data', { nullable: true })
  userData: string | null;
}
