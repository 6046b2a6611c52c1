import { AccessToken } from './access/access-token';
import { Account } from './access/account';
import { AccountGroup, AccountGroupInvitation, AccountGroupMember } from './marketplace/account-group';
import { AuditEntry } from './access/audit-entry';
import { CatalogCoverage, CatalogImageListing, CatalogInstanceTypeListing } from './catalog/catalog-history';
import { CatalogSource } from './catalog/catalog-source';
import { Cloud } from './catalog/cloud';
import { CloudImage, CloudImageShare, CloudImageTags } from './catalog/cloud-image';
import { Deployment } from './servers/deployment';
import { Eula, EulaAcceptance, EulaRevision, PublicationEula } from './marketplace/eula';
import { Event, EventFeedState } from './events/event';
import { HistoryEntry } from './components/history-entry';
import { ImportedVersion, PublicationImporter } from './marketplace/imported-version';
import { Instance } from './servers/instance';
import { InstanceType } from './catalog/instance-type';
import { LaunchOrder } from './servers/launch-order';
import { MultiCloudImage } from './components/multi-cloud-image';
import { MultiCloudImageMatcher } from './components/multi-cloud-image-matcher';
import { MultiCloudImageSetting } from './components/multi-cloud-image-setting';
import { ListedComponentTag } from './components/listed-component-tag';
import { Organization } from './marketplace/organization';
import {
  Publication,
  PublicationAccountGroup,
  PublicationVersion,
  PublishedLineage,
} from './marketplace/publication';
import { PublicationComment, PublicationRating } from './marketplace/publication-feedback';
import { RightScript } from './components/right-script';
import { Server } from './servers/server';
import { ServerArray } from './servers/server-array';
import { ServerTemplate, ServerTemplateMultiCloudImage } from './components/server-template';
import { ServerTemplateScript } from './components/server-template-script';
import { Membership, User } from './access/user';
import { Webhook, WebhookDelivery, WebhookDispatch } from './events/webhook';

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
  ListedComponentTag,
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
