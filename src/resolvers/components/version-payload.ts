import type { ClassType } from 'type-graphql';
import type { ComponentType } from '../../domain/versioning/component-type';
import type { Loaders } from '../../loaders/loaders';
import type { RequestContext } from '../../loaders/request-context';
import { mutate } from '../mutate';
import { payloadType } from '../types/payload';

/** Under which name a payload holds a component of each kind. */
const FIELDS: Record<ComponentType, string> = {
  MultiCloudImage: 'multiCloudImage',
  ServerTemplate: 'serverTemplate',
  RightScript: 'rightScript',
};

const VERSIONS = {
  MultiCloudImage: (loaders: Loaders) => loaders.multiCloudImages,
  ServerTemplate: (loaders: Loaders) => loaders.serverTemplates,
  RightScript: (loaders: Loaders) => loaders.rightScripts,
};

export const versionPayload = (
  name: string,
  type: ComponentType,
  Entity: ClassType,
  description: string,
): ClassType => payloadType(name, FIELDS[type], Entity, description);

/** One version, read anew. */
export const loadComponent = (
  { loaders }: RequestContext,
  type: ComponentType,
  key: string,
): Promise<object | null> => VERSIONS[type](loaders).byId.load(key);

/** Runs a use case that gives a version as it left it, or its key, and answers that version. */
export const componentPayload = (
  context: RequestContext,
  type: ComponentType,
  act: () => Promise<object | string>,
) =>
  mutate(context, act, async (made) => ({
    [FIELDS[type]]: typeof made === 'string' ? await loadComponent(context, type, made) : made,
  }));
