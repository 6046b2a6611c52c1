import { AccessToken } from './access-token';
import { Account } from './account';
import { AccountGroup, AccountGroupInvitation, AccountGroupMember } from './account-group';
import { AuditEntry } from './audit-entry';
import { CatalogCoverage, CatalogImageListing, CatalogInstanceTypeListing } from './catalog-history';
import { CatalogSource } from './catalog-source';
import { Cloud } from './cloud';
import { CloudImage, CloudImageShare, CloudImageTags } from './cloud-image';
import { Deployment } from './deployment';
import { Eula, EulaAcceptance, EulaRevision, PublicationEula } from './eula';
import { Event, EventFeedState } from './event';
import { HistoryEntry } from './history-entry';
import { ImportedVersion, PublicationImporter } from './imported-version';
import { Instance } from './instance';
import { InstanceType } from './instance-type';
import { LaunchOrder } from './launch-order';
import { MultiCloudImage } from './multi-cloud-image';
import { MultiCloudImageMatcher } from './multi-cloud-image-matcher';
import { MultiCloudImageSetting } from './multi-cloud-image-setting';
import { Organization } from './organization';
import { Publication, PublicationAccountGroup, PublicationVersion, PublishedLineage } from './publication';
import { PublicationComment, PublicationRating } from './publication-feedback';
import { RightScript } from './right-script';
import { Server } from './server';
import { ServerArray } from './server-array';
import { ServerTemplate, ServerTemplateMultiCloudImage } from './server-template';
import { ServerTemplateScript } from './server-template-script';
import { Membership, User } from './user';
import { Webhook, WebhookDelivery, WebhookDispatch } from './webhook';

/** Every table of the database. */
export const ENTITIES = [
  AccessToken,
  Account,
  AccountGroup,
  AccountGroupInvitation,
  AccountGroupMember,
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
  Eula,
  EulaAcceptance,
  EulaRevision,
  Event,
  EventFeedState,
  HistoryEntry,
  ImportedVersion,
  Instance,
  InstanceType,
  LaunchOrder,
  Membership,
  MultiCloudImage,
  MultiCloudImageMatcher,
  MultiCloudImageSetting,
  Organization,
  Publication,
  PublicationAccountGroup,
  PublicationComment,
  PublicationEula,
  PublicationImporter,
  PublicationRating,
  PublicationVersion,
  PublishedLineage,
  RightScript,
  Server,
  ServerArray,
  ServerTemplate,
  ServerTemplateMultiCloudImage,
  ServerTemplateScript,
  User,
  Webhook,
  WebhookDelivery,
  WebhookDispatch,
];
