import { Field, ObjectType } from 'type-graphql';
import type { Severity } from '../../../domain/advisories/advisory';
import type { DriftField } from '../../../domain/servers/drift';
import { Severity as SeverityEnum } from '../../../entities/enums';

const SHOWN =
  'images by `resourceUid`, types by name, components by name and revision (of a HEAD also the version), user data by its size and SHA-256';

@ObjectType({
  simpleResolvers: true,
  description:
    'A difference between a running instance and what its server or array would launch now (R-8.6).',
})
export class DriftItem {
  @Field(() => String, {
    description:
      'What differs: SERVER_TEMPLATE, MULTI_CLOUD_IMAGE, IMAGE, INSTANCE_TYPE, KERNEL_IMAGE, RAMDISK_IMAGE or USER_DATA.',
  })
  field: DriftField;

  @Field(() => String, { nullable: true, description: `What runs: ${SHOWN}; null: nothing.` })
  running: string | null;

  @Field(() => String, {
    nullable: true,
    description: `What the next launch would use, shown likewise; null: nothing.`,
  })
  next: string | null;

  @Field(() => String, { description: 'For people: why the next launch would differ.' })
  reason: string;

  @Field(() => SeverityEnum, {
    description:
      'BLOCKING: there would be no next launch without this value. WARNING: the machine would be another one. INFO: only what its values come from changed.',
  })
  severity: Severity;
}
