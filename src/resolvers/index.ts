import type { NonEmptyArray } from 'type-graphql';
import { AccessMutations } from './access/access-mutations';
import { AccessTokenResolver } from './access/access-token-resolver';
import { AccountGroupMutations } from './marketplace/account-group-mutations';
import { AccountGroupResolver } from './marketplace/account-group-resolver';
import { AdvisoryResolver } from './components/advisories';
import { CatalogResolver } from './catalog/catalog-resolver';
import { CloudImageResolver, ImageUsageResolver } from './catalog/cloud-image-resolver';
import { CloudCoverageResolver, MultiCloudImageCoverageResolver } from './catalog/coverage-resolver';
import { CloudResolver } from './catalog/cloud-resolver';
import {
  MultiCloudImageVersionMutations,
  RightScriptVersionMutations,
} from './components/commit-and-clone-mutations';
import { DeploymentMutations } from './servers/deployment-mutations';
import { DeploymentResolver } from './servers/deployment-resolver';
import { ComponentResolver } from './components/component-resolver';
import { DiffResolver } from './components/diff-resolver';
import { InstanceDriftResolver, ServerArrayDriftResolver } from './servers/drift-resolver';
import { EnrolmentMutations } from './servers/enrolment-mutations';
import { EulaMutations, EulaResolver } from './marketplace/eula-resolver';
import {
  FeedbackMutations,
  PublicationCommentResolver,
  PublicationCommentsResolver,
} from './marketplace/feedback-resolver';
import { HistoryEntryResolver } from './components/history-entry-resolver';
import { ImportMutations } from './marketplace/import-mutations';
import { InUseErrorResolver } from './in-use-error-resolver';
import { InstanceMutations } from './servers/instance-mutations';
import { InstanceResolver } from './servers/instance-resolver';
import { InstanceTypeResolver } from './catalog/instance-type-resolver';
import {
  LaunchConfigurationResolver,
  ServerArrayNextResolver,
  ServerNextResolver,
} from './launch/launch-configuration-resolver';
import { LaunchOrderMutations } from './servers/launch-order-mutations';
import { ClaimedOrderResolver, LaunchOrderResolver } from './servers/launch-order-resolver';
import {
  LaunchResolutionResolver,
  ResolutionStepResolver,
  ResolveLaunchResolver,
  ResolvedImageResolver,
  ResolvedInstanceTypeResolver,
  ResolvedMultiCloudImageResolver,
} from './launch/launch-resolver';
import { LaunchServerMutations } from './servers/launch-server-mutations';
import { ImportResolver, MarketplaceResolver } from './marketplace/marketplace-resolver';
import { MergeConflictErrorResolver } from './components/merge-conflict-error-resolver';
import { MergePreviewResolver } from './components/merge-preview-resolver';
import { MultiCloudImageMutations } from './components/multi-cloud-image-mutations';
import { MultiCloudImageResolver } from './components/multi-cloud-image-resolver';
import { MultiCloudImageSettingResolver } from './components/multi-cloud-image-setting-resolver';
import { NodeResolver } from './node-resolver';
import { AccountOrganizationResolver, OrganizationMutations } from './marketplace/organization-resolver';
import { MovedPinResolver, PinUpdatesMutation } from './components/pin-updates-mutation';
import { PublicationMutations } from './marketplace/publication-mutations';
import { ComponentPublicationResolver, PublicationResolver } from './marketplace/publication-resolver';
import {
  MultiCloudImageSettingChangeResolver,
  RematchMutation,
  UnmatchedCloudResolver,
} from './components/rematch-mutation';
import {
  CloudNotSupportedErrorResolver,
  DeploymentInUseErrorResolver,
  EulaNotAcceptedErrorResolver,
} from './refusal-resolver';
import { RepublishMutation } from './marketplace/republish-mutation';
import { RightScriptMutations } from './components/right-script-mutations';
import { RightScriptResolver } from './components/right-script-resolver';
import { ScriptMutations } from './components/script-mutations';
import { ServerArrayMutations } from './servers/server-array-mutations';
import { ServerArrayResolver } from './servers/server-array-resolver';
import { ServerMutations } from './servers/server-mutations';
import { ServerResolver } from './servers/server-resolver';
import {
  ImageInstancesResolver,
  LaunchStatisticsResolver,
  ServerArrayInstancesResolver,
  ServerInstancesResolver,
} from './servers/server-instances-resolver';
import { ServerTemplateMutations } from './components/server-template-mutations';
import {
  ServerTemplateMultiCloudImageResolver,
  ServerTemplateResolver,
} from './components/server-template-resolver';
import { ServerTemplateScriptResolver } from './components/server-template-script-resolver';
import { ServerTemplateVersionMutations } from './components/server-template-version-mutations';
import {
  ImageServerUsageResolver,
  MultiCloudImageUsageResolver,
  ServerTemplateUsageResolver,
} from './servers/server-usage-resolver';
import { SubscriptionResolver } from './events/subscription-resolver';
import { TagMutations } from './tag-mutations';
import {
  TemplateRevisionChangeResolver,
  UpdateTemplateRevisionsMutation,
} from './servers/update-template-revisions-mutation';
import { AccountResolver, AuditEntryResolver, UsersResolver, ViewerResolver } from './access/viewer-resolver';
import { WebhookMutations } from './events/webhook-mutations';
import { WebhookDeliveryResolver, WebhookResolver } from './events/webhook-resolver';

/** Every resolver class of the graph. */
export const RESOLVERS: NonEmptyArray<Function> = [
  AccessMutations,
  AccessTokenResolver,
  AccountGroupMutations,
  AccountGroupResolver,
  AccountOrganizationResolver,
  AdvisoryResolver,
  AccountResolver,
  AuditEntryResolver,
  CatalogResolver,
  CloudImageResolver,
  CloudCoverageResolver,
  CloudNotSupportedErrorResolver,
  CloudResolver,
  ComponentPublicationResolver,
  ComponentResolver,
  DeploymentInUseErrorResolver,
  DeploymentMutations,
  DeploymentResolver,
  ClaimedOrderResolver,
  DiffResolver,
  EnrolmentMutations,
  EulaMutations,
  EulaNotAcceptedErrorResolver,
  EulaResolver,
  FeedbackMutations,
  HistoryEntryResolver,
  ImageServerUsageResolver,
  ImageUsageResolver,
  ImportMutations,
  ImportResolver,
  InUseErrorResolver,
  InstanceDriftResolver,
  ImageInstancesResolver,
  InstanceMutations,
  InstanceResolver,
  InstanceTypeResolver,
  LaunchOrderMutations,
  LaunchOrderResolver,
  LaunchServerMutations,
  LaunchStatisticsResolver,
  LaunchConfigurationResolver,
  LaunchResolutionResolver,
  MarketplaceResolver,
  MergeConflictErrorResolver,
  MergePreviewResolver,
  MovedPinResolver,
  MultiCloudImageCoverageResolver,
  MultiCloudImageMutations,
  MultiCloudImageResolver,
  MultiCloudImageSettingChangeResolver,
  MultiCloudImageSettingResolver,
  MultiCloudImageUsageResolver,
  MultiCloudImageVersionMutations,
  NodeResolver,
  RightScriptVersionMutations,
  ServerTemplateVersionMutations,
  OrganizationMutations,
  PinUpdatesMutation,
  PublicationCommentResolver,
  PublicationCommentsResolver,
  PublicationMutations,
  PublicationResolver,
  RematchMutation,
  RepublishMutation,
  ResolutionStepResolver,
  ResolveLaunchResolver,
  ResolvedImageResolver,
  ResolvedInstanceTypeResolver,
  ResolvedMultiCloudImageResolver,
  RightScriptMutations,
  RightScriptResolver,
  ScriptMutations,
  ServerArrayMutations,
  ServerArrayNextResolver,
  ServerArrayResolver,
  ServerMutations,
  ServerNextResolver,
  ServerResolver,
  ServerArrayDriftResolver,
  ServerArrayInstancesResolver,
  ServerInstancesResolver,
  ServerTemplateMultiCloudImageResolver,
  ServerTemplateMutations,
  ServerTemplateResolver,
  ServerTemplateScriptResolver,
  ServerTemplateUsageResolver,
  SubscriptionResolver,
  TagMutations,
  TemplateRevisionChangeResolver,
  UnmatchedCloudResolver,
  UpdateTemplateRevisionsMutation,
  UsersResolver,
  ViewerResolver,
  WebhookDeliveryResolver,
  WebhookMutations,
  WebhookResolver,
];
