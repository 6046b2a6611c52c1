import { AccessToken } from './access-token';
import { Account } from './account';
import { AuditEntry } from './audit-entry';
import { CatalogCoverage, CatalogImageListing, CatalogInstanceTypeListing } from './catalog-history';
import { CatalogSource } from './catalog-source';
import { Cloud } from './cloud';
import { CloudImage, CloudImageShare, CloudImageTags } from './cloud-image';
import { HistoryEntry } from './history-entry';
import { InstanceType } from './instance-type';
import { MultiCloudImage } from './multi-cloud-image';
import { MultiCloudImageMatcher } from './multi-cloud-image-matcher';
import { MultiCloudImageSetting } from './multi-cloud-image-setting';
import { RightScript } from './right-script';
import { ServerTemplate, ServerTemplateMultiCloudImage } from './server-template';
import { ServerTemplateScript } from './server-template-script';
import { Membership, User } from './user';

/** Every table of the database. */
export const ENTITIES = [
  AccessToken,
  Account,
  AuditEntry,
  CatalogCoverage,
  CatalogImageListing,
  CatalogInstanceTypeListing,
  CatalogSource,
  Cloud,
  CloudImage,
  CloudImageShare,
  CloudImageTags,
  HistoryEntry,
  InstanceType,
  Membership,
  MultiCloudImage,
  MultiCloudImageMatcher,
  MultiCloudImageSetting,
  RightScript,
  ServerTemplate,
  ServerTemplateMultiCloudImage,
  ServerTemplateScript,
  User,
];
