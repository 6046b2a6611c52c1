import { AccessToken } from './access-token';
import { Account } from './account';
import { AuditEntry } from './audit-entry';
import { CatalogCoverage, CatalogImageListing, CatalogInstanceTypeListing } from './catalog-history';
import { CatalogSource } from './catalog-source';
import { Cloud } from './cloud';
import { CloudImage, CloudImageShare, CloudImageTags } from './cloud-image';
import { Deployment } from './deployment';
import { HistoryEntry } from './history-entry';
import { Instance } from './instance';
import { InstanceType } from './instance-type';
import { LaunchOrder } from './launch-order';
import { MultiCloudImage } from './multi-cloud-image';
import { MultiCloudImageMatcher } from './multi-cloud-image-matcher';
import { MultiCloudImageSetting } from './multi-cloud-image-setting';
import { RightScript } from './right-script';
import { Server } from './server';
import { ServerArray } from './server-array';
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
  Deployment,
  HistoryEntry,
  Instance,
  InstanceType,
  LaunchOrder,
  Membership,
  MultiCloudImage,
  MultiCloudImageMatcher,
  MultiCloudImageSetting,
  RightScript,
  Server,
  ServerArray,
  ServerTemplate,
  ServerTemplateMultiCloudImage,
  ServerTemplateScript,
  User,
];
