import type { NonEmptyArray } from 'type-graphql';
import { AccessMutations } from './access-mutations';
import { AccessTokenResolver } from './access-token-resolver';
import { AccountGroupMutations } from './account-group-mutations';
import { AccountGroupResolver } from './account-group-resolver';
import { AdvisoryResolver } from './advisories';
import { CatalogResolver } from './catalog-resolver';
import { CloudImageResolver, ImageUsageResolver } from './cloud-image-resolver';
import { CloudCoverageResolver, MultiCloudImageCoverageResolver } from './coverage-resolver';
import { CloudResolver } from './cloud-resolver';
import { MultiCloudImageVersionMutations, RightScriptVersionMutations } from './commit-and-clone-mutations';
import { DeploymentMutations } from './deployment-mutations';
import { DeploymentResolver } from './deployment-resolver';
import { ComponentResolver } from './component-resolver';
import { DiffResolver } from './diff-resolver';
import { InstanceDriftResolver, ServerArrayDriftResolver } from './drift-resolver';
import { EnrolmentMutations } from './enrolment-mutations';
import { EulaMutations, EulaResolver } from './eula-resolver';
import {
  FeedbackMutations,
  PublicationCommentResolver,
  PublicationCommentsResolver,
} from './feedback-resolver';
import { HistoryEntryResolver } from './history-entry-resolver';
import { ImportMutations } from './import-mutations';
import { InUseErrorResolver } from './in-use-error-resolver';
import { InstanceMutations } from './instance-mutations';
import { InstanceResolver } from './instance-resolver';
import { InstanceTypeResolver } from './instance-type-resolver';
import {
  LaunchConfigurationResolver,
  ServerArrayNextResolver,
  ServerNextResolver,
} from './launch-configuration-resolver';
import { LaunchOrderMutations } from './launch-order-mutations';
import { ClaimedOrderResolver, LaunchOrderResolver } from './launch-order-resolver';
import {
  LaunchResolutionResolver,
  ResolutionStepResolver,
  ResolveLaunchResolver,
  ResolvedImageResolver,
  ResolvedInstanceTypeResolver,
  ResolvedMultiCloudImageResolver,
} from './launch-resolver';
import { LaunchServerMutations } from './launch-server-mutations';
import { ImportResolver, MarketplaceResolver } from './marketplace-resolver';
import { MergeConflictErrorResolver } from './merge-conflict-error-resolver';
import { MergePreviewResolver } from './merge-preview-resolver';
import { MultiCloudImageMutations } from './multi-cloud-image-mutations';
import { MultiCloudImageResolver } from './multi-cloud-image-resolver';
import { MultiCloudImageSettingResolver } from './multi-cloud-image-setting-resolver';
import { NodeResolver } from './node-resolver';
import { AccountOrganizationResolver, OrganizationMutations } from './organization-resolver';
import { MovedPinResolver, PinUpdatesMutation } from './pin-updates-mutation';
import { PublicationMutations } from './publication-mutations';
import { ComponentPublicationResolver, PublicationResolver } from './publication-resolver';
import {
  MultiCloudImageSettingChangeResolver,
  RematchMutation,
  UnmatchedCloudResolver,
} from './rematch-mutation';
import {
  CloudNotSupportedErrorResolver,
  DeploymentInUseErrorResolver,
  EulaNotAcceptedErrorResolver,
} from './refusal-resolver';
import { RepublishMutation } from './republish-mutation';
import { RightScriptMutations } from './right-script-mutations';
import { RightScriptResolver } from './right-script-resolver';
import { ScriptMutations } from './script-mutations';
import { ServerArrayMutations } from './server-array-mutations';
import { ServerArrayResolver } from './server-array-resolver';
import { ServerMutations } from './server-mutations';
import { ServerResolver } from './server-resolver';
import {
  ImageInstancesResolver,
  LaunchStatisticsResolver,
  ServerArrayInstancesResolver,
  ServerInstancesResolver,
} from './server-instances-resolver';
import { ServerTemplateMutations } from './server-template-mutations';
import { ServerTemplateMultiCloudImageResolver, ServerTemplateResolver } from './server-template-resolver';
import { ServerTemplateScriptResolver } from './server-template-script-resolver';
import { ServerTemplateVersionMutations } from './server-template-version-mutations';
import {
  ImageServerUsageResolver,
  MultiCloudImageUsageResolver,
  ServerTemplateUsageResolver,
} from './server-usage-resolver';
import { SubscriptionResolver } from './subscription-resolver';
import { TagMutations } from './tag-mutations';
import {
  TemplateRevisionChangeResolver,
  UpdateTemplateRevisionsMutation,
} from './update-template-revisions-mutation';
import { AccountResolver, AuditEntryResolver, UsersResolver, ViewerResolver } from './viewer-resolver';
import { WebhookMutations } from './webhook-mutations';
import { WebhookDeliveryResolver, WebhookResolver } from './webhook-resolver';

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
