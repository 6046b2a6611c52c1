import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import type { ScriptPhase as ScriptPhaseName } from '../../domain/versioning/component-content';
import { Cloud } from '../../entities/catalog/cloud';
import { ScriptPhase } from '../../entities/enums';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { ServerTemplate, ServerTemplateMultiCloudImage } from '../../entities/components/server-template';
import { ServerTemplateScript } from '../../entities/components/server-template-script';
import type { RequestContext } from '../../loaders/request-context';
import {
  serverTemplateList,
  type ComponentOrder as Order,
} from '../../persistence/components/component-list';
import type { Row } from '../../persistence/select';
import { componentVersionsResolver } from './component-versions-resolver';
import { componentFilter } from '../decode';
import { pinUpdatesResolver } from './pin-updates-resolver';
import { ServerTemplateConnection } from '../types/connections';
import { ComponentFilter, ComponentOrder } from '../types/filters';
import { PageArgs } from '../types/page-args';

@Resolver(() => ServerTemplate)
export class ServerTemplateResolver extends componentVersionsResolver(
  ServerTemplate,
  ServerTemplateConnection,
  (loaders) => loaders.serverTemplates,
) {
  @Authorized('OBSERVER')
  @Query(() => ServerTemplateConnection, { description: 'ServerTemplates of the local collection.' })
  serverTemplates(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ComponentFilter, { nullable: true, description: 'Narrows the list.' })
    filter: ComponentFilter | null,
    @Arg('orderBy', () => ComponentOrder, { nullable: true, description: 'Order; by name unless told.' })
    orderBy: Order | null,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.root(
      serverTemplateList(viewer, componentFilter(filter), orderBy ?? 'NAME_ASC'),
      page,
    );
  }

  @Authorized('OBSERVER')
  @Query(() => ServerTemplate, {
    nullable: true,
    description: 'One version of a ServerTemplate by its global id.',
  })
  serverTemplate(
    @Arg('id', () => ID, { description: 'Global id.' }) id: string,
    @Ctx() { loaders }: RequestContext,
  ) {
    return loaders.serverTemplates.byId.load(keyOf('ServerTemplate', id, 'id'));
  }

  @FieldResolver(() => [ServerTemplateMultiCloudImage], {
    description: 'The MultiCloud Images that it names, the default first; at most 100 (R-5.1).',
  })
  multiCloudImages(@Root() template: Row<ServerTemplate>, @Ctx() { loaders }: RequestContext) {
    return loaders.pins.load(template.id);
  }

  @FieldResolver(() => [ServerTemplateScript], {
    description:
      'The RightScripts that it runs, by phase (BOOT, OPERATIONAL, DECOMMISSION) and in the order of each; at most 100 per phase (R-5.4).',
  })
  async scripts(
    @Root() template: Row<ServerTemplate>,
    @Arg('phase', () => ScriptPhase, { nullable: true, description: 'Only those of this phase.' })
    phase: ScriptPhaseName | null | undefined,
    @Ctx() { loaders }: RequestContext,
  ) {
    const scripts = await loaders.scripts.load(template.id);
    return phase == null ? scripts : scripts.filter((script) => script.phase === phase);
  }

  @FieldResolver(() => MultiCloudImage, {
    nullable: true,
    description: 'The MultiCloud Image that servers boot from unless they choose another.',
  })
  async defaultMultiCloudImage(@Root() template: Row<ServerTemplate>, @Ctx() { loaders }: RequestContext) {
    const pin = (await loaders.pins.load(template.id)).find((candidate) => candidate.isDefault);
    return pin ? loaders.multiCloudImages.byId.load(pin.multiCloudImageId) : null;
  }

  @FieldResolver(() => [Cloud], {
    description:
      'Clouds for which some pinned MultiCloud Image has an image that is AVAILABLE to this account, by name (R-5.2).',
  })
  supportedClouds(@Root() template: Row<ServerTemplate>, @Ctx() { loaders }: RequestContext) {
    return loaders.supportedClouds.load(template.id);
  }
}

@Resolver(() => ServerTemplateMultiCloudImage)
export class ServerTemplateMultiCloudImageResolver extends pinUpdatesResolver(
  ServerTemplateMultiCloudImage,
  ({ serverTemplateId, mciLineageId, multiCloudImageId }) => ({
    serverTemplateId,
    type: 'MultiCloudImage',
    lineageId: mciLineageId,
    componentId: multiCloudImageId,
  }),
) {
  @FieldResolver(() => MultiCloudImage, { description: 'The pinned version: HEAD or a revision.' })
  multiCloudImage(@Root() pin: Row<ServerTemplateMultiCloudImage>, @Ctx() { loaders }: RequestContext) {
    return loaders.multiCloudImages.byId.load(pin.multiCloudImageId);
  }
}
