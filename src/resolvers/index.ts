import type { NonEmptyArray } from 'type-graphql';
import { AccessMutations } from './access-mutations';
import { AccessTokenResolver } from './access-token-resolver';
import { AdvisoryResolver } from './advisories';
import { CloudImageResolver, ImageUsageResolver } from './cloud-image-resolver';
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
import { MultiCloudImageResolver } from './multi-cloud-image-resolver';
import { MultiCloudImageSettingResolver } from './multi-cloud-image-setting-resolver';
import { NodeResolver } from './node-resolver';
import { ServerTemplateMultiCloudImageResolver, ServerTemplateResolver } from './server-template-resolver';
import { AuditEntryResolver, UsersResolver, ViewerResolver } from './viewer-resolver';

/** Every resolver class of the graph. */
export const RESOLVERS: NonEmptyArray<Function> = [
  AccessMutations,
  AccessTokenResolver,
  AdvisoryResolver,
  AuditEntryResolver,
  CloudImageResolver,
  CloudResolver,
  ComponentResolver,
  ImageUsageResolver,
  InUseErrorResolver,
  InstanceTypeResolver,
  LaunchResolutionResolver,
  MultiCloudImageResolver,
  MultiCloudImageSettingResolver,
  NodeResolver,
  ResolutionStepResolver,
  ResolveLaunchResolver,
  ResolvedImageResolver,
  ResolvedInstanceTypeResolver,
  ResolvedMultiCloudImageResolver,
  ServerTemplateMultiCloudImageResolver,
  ServerTemplateResolver,
  UsersResolver,
  ViewerResolver,
];
