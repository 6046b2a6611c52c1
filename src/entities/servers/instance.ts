import { Directive, Field, ObjectType } from 'type-graphql';
import { Check, Entity, Index, JoinColumn, ManyToOne } from 'typeorm';
import type { InstanceState as InstanceStateName } from '../../domain/servers/instance-state';
import { Flag, Hash, Reference, Text, TextList, Timestamp, Whole } from '../columns';
import { InstanceState } from '../enums';
import { LaunchValues } from './launch-values';
import { Node } from '../node';
import { Server } from './server';
import { ServerArray } from './server-array';
import { ServerTemplate } from '../components/server-template';

/**
 * One launched machine, with the configuration it was launched with, frozen. Of the inherited columns only
 * `serverTemplateId`, the template revision that it follows now, may change.
 */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'One launched machine, with the configuration that it was launched with.',
})
@Directive('@key(fields: "id")')
@Entity('instances', { comment: 'Launched machines; what they were launched with never changes (R-8.2).' })
@Index('instances_launched', ['accountId', 'launchedAt', 'id'])
@Index('instances_running_server', ['serverId'], {
  where: "state <> 'TERMINATED' AND server_id IS NOT NULL",
})
@Index('instances_running', ['accountId', 'id'], { where: "state <> 'TERMINATED'" })
@Index('instances_server', ['serverId', 'launchedAt', 'id'], { where: 'server_id IS NOT NULL' })
@Index('instances_array', ['serverArrayId', 'launchedAt', 'id'], { where: 'server_array_id IS NOT NULL' })
@Index('instances_current', ['serverId'], {
  unique: true,
  where: "server_id IS NOT NULL AND state IN ('PENDING', 'BOOTING', 'OPERATIONAL', 'STRANDED')",
})
@Index('instances_image', ['imageId'])
@Index('instances_kernel', ['kernelImageId'], { where: 'kernel_image_id IS NOT NULL' })
@Index('instances_ramdisk', ['ramdiskImageId'], { where: 'ramdisk_image_id IS NOT NULL' })
@Index('instances_mci', ['multiCloudImageId'])
@Index('instances_template', ['serverTemplateId'])
@Index('instances_launched_from', ['launchedFromId', 'accountId'])
@Index('instances_cloud', ['cloudId', 'accountId', 'launchedAt', 'id'])
@Index('instances_credential', ['credentialHash'], { unique: true, where: 'credential_hash IS NOT NULL' })
@Index('instances_machine', ['accountId', 'cloudId', 'resourceUid'], {
  unique: true,
  where: "resource_uid IS NOT NULL AND state <> 'TERMINATED'",
})
@Index('instances_tags', { synchronize: false })
@Check('instances_owner', '(server_id IS NULL) <> (server_array_id IS NULL)')
@Check('instances_launched_with', 'image_id IS NOT NULL AND instance_type_id IS NOT NULL')
@Check(
  'instances_state',
  "state IN ('PENDING', 'BOOTING', 'OPERATIONAL', 'STRANDED', 'DECOMMISSIONING', 'TERMINATED')",
)
@Check('instances_terminated', "(state = 'TERMINATED') = (terminated_at IS NOT NULL)")
@Check('instances_multi_cloud_image', '(multi_cloud_image_id IS NULL) = (multi_cloud_image_version IS NULL)')
@Check('instances_tag_count', 'cardinality(tags) <= 200')
export class Instance extends LaunchValues {
  @Field(() => String, { description: 'Name of its server, or of its array with a number.' })
  @Text('name')
  name: string;

  @Reference('server_id', { nullable: true })
  serverId: string | null;

  @ManyToOne(() => Server, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'server_id', foreignKeyConstraintName: 'instances_server_reference' })
  server?: Server | null;

  @Reference('server_array_id', { nullable: true })
  serverArrayId: string | null;

  @ManyToOne(() => ServerArray, { onDelete: 'RESTRICT', nullable: true })
  @JoinColumn({ name: 'server_array_id', foreignKeyConstraintName: 'instances_array_reference' })
  serverArray?: ServerArray | null;

  @Reference('launched_from_id', { comment: 'Template version that it was launched from.' })
  launchedFromId: string;

  @ManyToOne(() => ServerTemplate, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'launched_from_id', foreignKeyConstraintName: 'instances_launched_from_reference' })
  launchedFrom?: ServerTemplate;

  @Whole('launched_from_version', { comment: "The template's version then: tells states of a HEAD apart." })
  launchedFromVersion: number;

  @Whole('multi_cloud_image_version', { nullable: true, comment: "The MCI's version then." })
  multiCloudImageVersion: number | null;

  @TextList('launched_tags', { comment: 'Tags of its server or array and of the MCI, at the launch.' })
  launchedTags: string[];

  @Field(() => [String], {
    description:
      'Tags: those of its server or array and of the MultiCloud Image at the launch, and later ones.',
  })
  @TextList('tags')
  tags: string[];

  @Field(() => InstanceState, { description: 'What it is doing.' })
  @Text('state')
  state: InstanceStateName;

  @Field(() => String, {
    nullable: true,
    description: 'Why it is in this state, when there is something to say.',
  })
  @Text('state_reason', { nullable: true })
  stateReason: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The cloud's own id of the machine, once it is known.",
  })
  @Text('resource_uid', { nullable: true })
  resourceUid: string | null;

  @Field(() => Date, {
    description: 'When it was launched: its configuration was frozen and its order given.',
  })
  @Timestamp('launched_at')
  launchedAt: Date;

  @Timestamp('claimable_at', {
    nullable: true,
    comment: 'When its LAUNCH order could be claimed: boot times begin here (R-8.3). Null while PENDING.',
  })
  claimableAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it became operational.' })
  @Timestamp('operational_at', { nullable: true })
  operationalAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it ended.' })
  @Timestamp('terminated_at', { nullable: true })
  terminatedAt: Date | null;

  @Flag('forced', { comment: 'A person made it operational: not counted in boot times (R-8.3).' })
  forced: boolean;

  @Hash('credential_hash', { nullable: true, comment: 'SHA-256 of the credential that acts for it (R-8.9).' })
  credentialHash: Buffer | null;
}
