import { Field, ID, InputType } from 'type-graphql';
import type { CatalogFormat as CatalogFormatName } from '../../../domain/catalog/catalog-row';
import type { ImageLifecycle as ImageLifecycleName } from '../../../domain/catalog/cloud-image';
import { CatalogFormat, ImageLifecycle } from '../../../entities/enums';

@InputType({
  description:
    'A listing to import (R-3.3). For large files there are `POST /catalog/imports` and the command line.',
})
export class ImportCatalogInput {
  @Field(() => CatalogFormat, { description: 'What kind of listing it is.' })
  format: CatalogFormatName;

  @Field(() => String, {
    nullable: true,
    description: 'Kind of cloud, where the listing does not say it: CSV, some Packer builders.',
  })
  cloudType?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Region, where the listing does not say it. AWS_DESCRIBE_IMAGES needs it.',
  })
  region?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Source of all rows, at most 255 characters; by default from the listing: `fcos:stable`, `describe-images:OWNER:REGION`, … (R-3.4).',
  })
  source?: string | null;

  @Field(() => String, { description: 'The listing itself, unchanged.' })
  content: string;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether the listing is all that its source has: what it no longer lists is then DEPRECATED with a replacement (release lists), DELETED (inventories), or no longer offered (instance types). False unless told.',
  })
  complete?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Reports what would be done, and does nothing. False unless told.',
  })
  dryRun?: boolean | null;
}

@InputType({ description: 'A new cloud.' })
export class CreateCloudInput {
  @Field(() => String, {
    description: 'Kind of cloud, at most 255 characters: openstack, vsphere, cloudstack, …',
  })
  cloudType: string;

  @Field(() => String, {
    description: 'Region as the cloud names it, at most 255 characters; `global` where it has none.',
  })
  region: string;

  @Field(() => String, { description: 'Name, at most 255 characters.' })
  name: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name for people, at most 255 characters; the name unless told.',
  })
  displayName?: string | null;

  @Field(() => String, { nullable: true, description: 'Free text, at most 65,536 characters.' })
  description?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether every account sees it: only for infrastructure tokens of the operator (R-2.3). False unless told.',
  })
  public?: boolean | null;
}

@InputType({ description: 'A lifecycle to set by hand.' })
export class SetImageLifecycleInput {
  @Field(() => ID, {
    description: 'A private image of this account, or, for the operator, a public one.',
  })
  imageId: string;

  @Field(() => ImageLifecycle, {
    description: 'The lifecycle, which imports then leave alone; AVAILABLE gives it back to them.',
  })
  lifecycle: ImageLifecycleName;

  @Field(() => ID, {
    nullable: true,
    description:
      'With DEPRECATED: what to use instead, an image of the same cloud and type. Left out: as it is; null: none.',
  })
  replacementId?: string | null;
}

@InputType({ description: 'With whom a private image is shared (R-3.2).' })
export class ShareCloudImageInput {
  @Field(() => ID, { description: 'A private image of this account.' })
  imageId: string;

  @Field(() => [ID], { nullable: true, description: 'Accounts to share it with, at most 100.' })
  addAccountIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Accounts to share it with no longer, at most 100.' })
  removeAccountIds?: string[] | null;
}
