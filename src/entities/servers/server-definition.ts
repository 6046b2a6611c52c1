import { Field, Int, ObjectType } from 'type-graphql';
import { JoinColumn, ManyToOne } from 'typeorm';
import { Reference, Text, TextList, Timestamp, Whole } from '../columns';
import { Deployment } from './deployment';
import { LaunchValues } from './launch-values';

/** A field whose value can be chosen to be nothing. */
export type NoneField = 'KERNEL_IMAGE' | 'RAMDISK_IMAGE' | 'USER_DATA';

/**
 * What servers and arrays share: a name in a deployment, and how the next launch will look. In the inherited columns
 * `null` inherits from the template and its MCI, unless the field is in `none`.
 */
@ObjectType({ simpleResolvers: true })
export abstract class ServerDefinition extends LaunchValues {
  @Reference('deployment_id')
  deploymentId: string;

  @ManyToOne(() => Deployment, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'deployment_id', foreignKeyConstraintName: 'launch_deployment' })
  deployment?: Deployment;

  @TextList('none', { comment: 'Explicitly nothing: any of KERNEL_IMAGE, RAMDISK_IMAGE, USER_DATA.' })
  none: NoneField[];

  @Field(() => String, { description: 'Name, at most 255 characters; need not be unique.' })
  @Text('name')
  name: string;

  @Field(() => String, { nullable: true, description: 'Free text, at most 65,536 characters.' })
  @Text('description', { nullable: true })
  description: string | null;

  @Field(() => [String], {
    description:
      'Tags, at most 100 (R-10.1); instances get them together with the tags of the MultiCloud Image.',
  })
  @TextList('tags')
  tags: string[];

  @Field(() => Int, { description: 'Rises with every change. Send it as `expectedVersion` with an edit.' })
  @Whole('version', { default: 1, comment: 'Rises with every change.' })
  version: number;

  @Field(() => Date, { description: 'When it was created.' })
  @Timestamp('created_at')
  createdAt: Date;

  @Field(() => Date, { description: 'When it was last changed.' })
  @Timestamp('updated_at')
  updatedAt: Date;

  @Field(() => Date, { nullable: true, description: 'When it was deleted; null while it is not.' })
  @Timestamp('deleted_at', { nullable: true })
  deletedAt: Date | null;
}
