import type { NonEmptyArray } from 'type-graphql';
import { AccessMutations } from './access-mutations';
import { AccessTokenResolver } from './access-token-resolver';
import { AdvisoryResolver } from './advisories';
import { CatalogResolver } from './catalog-resolver';
import { CloudImageResolver, ImageUsageResolver } from './cloud-image-resolver';
import { CloudCoverageResolver, MultiCloudImageCoverageResolver } from './coverage-resolver';
import { CloudResolver } from './cloud-resolver';
import { MultiCloudImageVersionMutations, RightScriptVersionMutations } from './commit-and-clone-mutations';
import { ComponentResolver } from './component-resolver';
import { DiffResolver } from './diff-resolver';
import { HistoryEntryResolver } from './history-entry-resolver';
import { InUseErrorResolver } from './in-use-error-resolver';
import { InstanceTypeResolver } from './instance-type-resolver';
import {
  LaunchResolutionResolver,
  ResolutionStepResolver,
  ResolveLaunchResolver,
  ResolvedImageResolver,
  ResolvedInstanceTypeResolver,
  ResolvedMultiCloudImageResolver,
} from './launch-resolver';
import { MergeConflictErrorResolver } from './merge-conflict-error-resolver';
import { MergePreviewResolver } from './merge-preview-resolver';
import { MultiCloudImageMutations } from './multi-cloud-image-mutations';
import { MultiCloudImageResolver } from './multi-cloud-image-resolver';
import { MultiCloudImageSettingResolver } from './multi-cloud-image-setting-resolver';
import { NodeResolver } from './node-resolver';
import { MovedPinResolver, PinUpdatesMutation } from './pin-updates-mutation';
import {
  MultiCloudImageSettingChangeResolver,
  RematchMutation,
  UnmatchedCloudResolver,
} from './rematch-mutation';
import { RightScriptMutations } from './right-script-mutations';
import { RightScriptResolver } from './right-script-resolver';
import { ScriptMutations } from './script-mutations';
import { ServerTemplateMutations } from './server-template-mutations';
import { ServerTemplateMultiCloudImageResolver, ServerTemplateResolver } from './server-template-resolver';
import { ServerTemplateScriptResolver } from './server-template-script-resolver';
import { ServerTemplateVersionMutations } from './server-template-version-mutations';
import { TagMutations } from './tag-mutations';
import { AccountResolver, AuditEntryResolver, UsersResolver, ViewerResolver } from './viewer-resolver';

/** Every resolver class of the graph. */
export const RESOLVERS: NonEmptyArray<Function> = [
  AccessMutations,
  AccessTokenResolver,
  AdvisoryResolver,
  AccountResolver,
  AuditEntryResolver,
  CatalogResolver,
  CloudImageResolver,
  CloudCoverageResolver,
  CloudResolver,
  ComponentResolver,
  DiffResolver,
  HistoryEntryResolver,
  ImageUsageResolver,
  InUseErrorResolver,
  InstanceTypeResolver,
  LaunchResolutionResolver,
  MergeConflictErrorResolver,
  MergePreviewResolver,
  MovedPinResolver,
  MultiCloudImageCoverageResolver,
  MultiCloudImageMutations,
  MultiCloudImageResolver,
  MultiCloudImageSettingChangeResolver,
  MultiCloudImageSettingResolver,
  MultiCloudImageVersionMutations,
  NodeResolver,
  RightScriptVersionMutations,
  ServerTemplateVersionMutations,
  PinUpdatesMutation,
  RematchMutation,
  ResolutionStepResolver,
  ResolveLaunchResolver,
  ResolvedImageResolver,
  ResolvedInstanceTypeResolver,
  ResolvedMultiCloudImageResolver,
  RightScriptMutations,
  RightScriptResolver,
  ScriptMutations,
  ServerTemplateMultiCloudImageResolver,
  ServerTemplateMutations,
  ServerTemplateResolver,
  ServerTemplateScriptResolver,
  TagMutations,
  UnmatchedCloudResolver,
  UsersResolver,
  ViewerResolver,
];
