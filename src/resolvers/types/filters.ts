import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import type { ImageLifecycle, ImageType } from '../../domain/catalog/cloud-image';
import type { InstanceState as InstanceStateName } from '../../domain/servers/instance-state';
import {
  ComponentOrigin,
  ImageLifecycle as ImageLifecycleEnum,
  ImageType as ImageTypeEnum,
  InstanceState,
  Visibility,
} from '../../entities/enums';

export const CloudImageOrder = {
  NAME_ASC: 'NAME_ASC',
  NAME_DESC: 'NAME_DESC',
  PUBLISHED_AT_ASC: 'PUBLISHED_AT_ASC',
  PUBLISHED_AT_DESC: 'PUBLISHED_AT_DESC',
} as const;
registerEnumType(CloudImageOrder, {
  name: 'CloudImageOrder',
  description: 'Orders of image lists; ties are broken by id.',
  valuesConfig: {
    NAME_ASC: { description: 'By name, A first.' },
    NAME_DESC: { description: 'By name, Z first.' },
    PUBLISHED_AT_ASC: { description: 'Oldest first; those without a publication time count as the oldest.' },
    PUBLISHED_AT_DESC: { description: 'Newest first.' },
  },
});

export const ComponentOrder = {
  NAME_ASC: 'NAME_ASC',
  NAME_DESC: 'NAME_DESC',
  CREATED_AT_ASC: 'CREATED_AT_ASC',
  CREATED_AT_DESC: 'CREATED_AT_DESC',
  UPDATED_AT_ASC: 'UPDATED_AT_ASC',
  UPDATED_AT_DESC: 'UPDATED_AT_DESC',
} as const;
registerEnumType(ComponentOrder, {
  name: 'ComponentOrder',
  description: 'Orders of component lists; ties are broken by id.',
  valuesConfig: {
    NAME_ASC: { description: 'By name, A first.' },
    NAME_DESC: { description: 'By name, Z first.' },
    CREATED_AT_ASC: { description: 'Oldest first.' },
    CREATED_AT_DESC: { description: 'Newest first.' },
    UPDATED_AT_ASC: { description: 'Least recently changed first.' },
    UPDATED_AT_DESC: { description: 'Most recently changed first.' },
  },
});

export const ComponentVersions = {
  CURRENT: 'CURRENT',
  HEADS: 'HEADS',
  REVISIONS: 'REVISIONS',
  ALL: 'ALL',
} as const;
registerEnumType(ComponentVersions, {
  name: 'ComponentVersions',
  description: 'Which versions of components a list holds.',
  valuesConfig: {
    CURRENT: { description: 'HEAD of what is private, the newest revision of what is imported.' },
    HEADS: { description: 'Only HEADs.' },
    REVISIONS: { description: 'Only committed revisions.' },
    ALL: { description: 'Every version.' },
  },
});

@InputType({ description: 'Narrows a list of clouds; all conditions must hold.' })
export class CloudFilter {
  @Field(() => String, { nullable: true, description: 'Kind of cloud, e.g. `amazon`.' })
  cloudType?: string | null;

  @Field(() => String, { nullable: true, description: 'Region, e.g. `us-east-1`.' })
  region?: string | null;

  @Field(() => String, { nullable: true, description: 'Part of the name, ignoring case.' })
  name?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Only public (true) or only private (false) clouds.' })
  public?: boolean | null;
}

@InputType({ description: 'Narrows a list of images; all conditions must hold.' })
export class CloudImageFilter {
  @Field(() => ID, { nullable: true, description: 'Images of this cloud.' })
  cloudId?: string | null;

  @Field(() => String, { nullable: true, description: 'Images of clouds of this kind.' })
  cloudType?: string | null;

  @Field(() => String, { nullable: true, description: 'Images of clouds of this region.' })
  region?: string | null;

  @Field(() => String, { nullable: true, description: 'Exactly this id, as the cloud writes it.' })
  resourceUid?: string | null;

  @Field(() => String, { nullable: true, description: 'Part of the name, ignoring case.' })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Words, whole or in part, that must all occur in name or description; at most 10.',
  })
  search?: string | null;

  @Field(() => ImageTypeEnum, { nullable: true, description: 'Only images for this slot.' })
  imageType?: ImageType | null;

  @Field(() => ImageLifecycleEnum, { nullable: true, description: 'Only images in this lifecycle.' })
  lifecycle?: ImageLifecycle | null;

  @Field(() => Visibility, { nullable: true, description: 'Only public or only private images.' })
  visibility?: 'PUBLIC' | 'PRIVATE' | null;

  @Field(() => String, { nullable: true, description: 'Exactly this CPU architecture, e.g. `arm64`.' })
  cpuArchitecture?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Exactly this operating system, e.g. `Fedora CoreOS 44`.',
  })
  operatingSystem?: string | null;

  @Field(() => String, { nullable: true, description: 'Exactly this checksum.' })
  fingerprint?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Your own tag on it: exactly this one, or `namespace:predicate=*`. Case matters.',
  })
  tag?: string | null;
}

@InputType({ description: 'Narrows a list of instance types; all conditions must hold.' })
export class InstanceTypeFilter {
  @Field(() => ID, { nullable: true, description: 'Types of this cloud.' })
  cloudId?: string | null;

  @Field(() => String, { nullable: true, description: 'Part of the name, ignoring case.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Types that run this CPU architecture.' })
  cpuArchitecture?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only types that are (true) or are no longer (false) offered.',
  })
  offered?: boolean | null;
}

@InputType({ description: "What narrows any list of the account's own named things." })
class OwnFilter {
  @Field(() => String, { nullable: true, description: 'Part of the name, ignoring case.' })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Exactly this tag, or `namespace:predicate=*`. Case matters.',
  })
  tag?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Also deleted ones.' })
  includeDeleted?: boolean | null;
}

@InputType({ description: 'Narrows a list of components; all conditions must hold.' })
export class ComponentFilter extends OwnFilter {
  @Field(() => String, { nullable: true, description: 'Part of the description, ignoring case.' })
  description?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Words, whole or in part, that must all occur in name or description; at most 10.',
  })
  search?: string | null;

  @Field(() => ComponentOrigin, {
    nullable: true,
    description: 'Only components that came into the account this way.',
  })
  origin?: 'PRIVATE' | 'IMPORTED' | 'SUBSCRIBED' | null;

  @Field(() => ID, { nullable: true, description: 'Only versions of this lineage.' })
  lineageId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only components that support this cloud.' })
  cloudId?: string | null;

  @Field(() => ComponentVersions, { nullable: true, description: 'Which versions; CURRENT unless told.' })
  versions?: keyof typeof ComponentVersions | null;
}

@InputType({ description: 'Narrows a list of deployments; all conditions must hold.' })
export class DeploymentFilter extends OwnFilter {}

@InputType({ description: 'Narrows a list of servers or server arrays; all conditions must hold.' })
export class ServerFilter extends OwnFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Words, whole or in part, that must all occur in name or description; at most 10.',
  })
  search?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only those of this deployment.' })
  deploymentId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only those that launch in this cloud.' })
  cloudId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Only those whose next launch is from this very ServerTemplate version.',
  })
  serverTemplateId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Only those whose next launch is from any version of this ServerTemplate lineage.',
  })
  lineageId?: string | null;

  @Field(() => InstanceState, {
    nullable: true,
    description:
      'Only those with an instance in this state; TERMINATED: those that were launched and of which nothing runs.',
  })
  state?: InstanceStateName | null;
}

@InputType({ description: 'Narrows the audit log; all conditions must hold.' })
export class AuditFilter {
  @Field(() => ID, { nullable: true, description: 'Entries about this object.' })
  objectId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Entries by this user.' })
  userId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Entries of exactly this action, e.g. `multiCloudImage.setSetting`.',
  })
  action?: string | null;

  @Field(() => Date, { nullable: true, description: 'Entries at or after this time.' })
  since?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Entries before this time.' })
  until?: Date | null;
}
