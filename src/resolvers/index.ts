import type { NonEmptyArray } from 'type-graphql';
import { AccessMutations } from './access-mutations';
import { AccessTokenResolver } from './access-token-resolver';
import { AdvisoryResolver } from './advisories';
import { CatalogResolver } from './catalog-resolver';
import { CloudImageResolver, ImageUsageResolver } from './cloud-image-resolver';
import { CloudCoverageResolver, MultiCloudImageCoverageResolver } from './coverage-resolver';
import { CloudResolver } from './cloud-resolver';
import { ComponentResolver } from './component-resolver';
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
import { MultiCloudImageMutations } from './multi-cloud-image-mutations';
import { MultiCloudImageResolver } from './multi-cloud-image-resolver';
import { MultiCloudImageSettingResolver } from './multi-cloud-image-setting-resolver';
import { NodeResolver } from './node-resolver';
import {
  MultiCloudImageSettingChangeResolver,
  RematchMutation,
  UnmatchedCloudResolver,
} from './rematch-mutation';
import { ServerTemplateMutations } from './server-template-mutations';
import { ServerTemplateMultiCloudImageResolver, ServerTemplateResolver } from './server-template-resolver';
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
  ImageUsageResolver,
  InUseErrorResolver,
  InstanceTypeResolver,
  LaunchResolutionResolver,
  MultiCloudImageCoverageResolver,
  MultiCloudImageMutations,
  MultiCloudImageResolver,
  MultiCloudImageSettingChangeResolver,
  MultiCloudImageSettingResolver,
  NodeResolver,
  RematchMutation,
  ResolutionStepResolver,
  ResolveLaunchResolver,
  ResolvedImageResolver,
  ResolvedInstanceTypeResolver,
  ResolvedMultiCloudImageResolver,
  ServerTemplateMultiCloudImageResolver,
  ServerTemplateMutations,
  ServerTemplateResolver,
  TagMutations,
  UnmatchedCloudResolver,
  UsersResolver,
  ViewerResolver,
];
