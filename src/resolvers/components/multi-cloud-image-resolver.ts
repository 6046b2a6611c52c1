import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import { Cloud } from '../../entities/catalog/cloud';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { MultiCloudImageMatcher } from '../../entities/components/multi-cloud-image-matcher';
import { MultiCloudImageSetting } from '../../entities/components/multi-cloud-image-setting';
import type { RequestContext } from '../../loaders/request-context';
import { missingCloudList } from '../../persistence/catalog/cloud-list';
import {
  multiCloudImageList,
  type ComponentOrder as Order,
} from '../../persistence/components/component-list';
import type { Row } from '../../persistence/select';
import { serverTemplatesUsingMultiCloudImage } from '../../persistence/servers/where-used-list';
import { componentVersionsResolver } from './component-versions-resolver';
import { componentFilter } from '../decode';
import {
  CloudConnection,
  MultiCloudImageConnection,
  MultiCloudImageServerTemplateConnection,
} from '../types/connections';
import { ComponentFilter, ComponentOrder } from '../types/filters';
import { PageArgs } from '../types/page-args';

@Resolver(() => MultiCloudImage)
export class MultiCloudImageResolver extends componentVersionsResolver(
  MultiCloudImage,
  MultiCloudImageConnection,
  (loaders) => loaders.multiCloudImages,
) {
  @Authorized('OBSERVER')
  @Query(() => MultiCloudImageConnection, { description: 'MultiCloud Images of the local collection.' })
  multiCloudImages(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ComponentFilter, { nullable: true, description: 'Narrows the list.' })
    filter: ComponentFilter | null,
    @Arg('orderBy', () => ComponentOrder, { nullable: true, description: 'Order; by name unless told.' })
    orderBy: Order | null,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.root(
      multiCloudImageList(viewer, componentFilter(filter), orderBy ?? 'NAME_ASC'),
      page,
    );
  }

  @Authorized('OBSERVER')
  @Query(() => MultiCloudImage, {
    nullable: true,
    description: 'One version of a MultiCloud Image by its global id.',
  })
  multiCloudImage(
    @Arg('id', () => ID, { description: 'Global id.' }) id: string,
    @Ctx() { loaders }: RequestContext,
  ) {
    return loaders.multiCloudImages.byId.load(keyOf('MultiCloudImage', id, 'id'));
  }

  @FieldResolver(() => [MultiCloudImageSetting], {
    description: 'Its settings by the name of the cloud; at most 500, one per cloud (R-4.1).',
  })
  settings(@Root() mci: Row<MultiCloudImage>, @Ctx() { loaders }: RequestContext) {
    return loaders.settings.load(mci.id);
  }

  @FieldResolver(() => MultiCloudImageSetting, { nullable: true, description: 'Its setting for one cloud.' })
  setting(
    @Root() mci: Row<MultiCloudImage>,
    @Arg('cloudId', () => ID, { description: 'The cloud.' }) cloudId: string,
    @Ctx() { loaders }: RequestContext,
  ) {
    return loaders.settingForCloud.load({
      multiCloudImageId: mci.id,
      cloudId: keyOf('Cloud', cloudId, 'cloudId'),
    });
  }

  @FieldResolver(() => [Cloud], { description: 'The clouds that it has settings for, by name; at most 500.' })
  async clouds(@Root() mci: Row<MultiCloudImage>, @Ctx() { loaders }: RequestContext) {
    const settings = await loaders.settings.load(mci.id);
    return loaders.cloud.loadMany(settings.map((setting) => setting.cloudId));
  }

  @FieldResolver(() => CloudConnection, {
    description: 'The clouds that can still be added, by name (R-4.3).',
  })
  missingClouds(
    @Root() mci: Row<MultiCloudImage>,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.of(mci.id, missingCloudList(viewer), page);
  }

  @FieldResolver(() => [MultiCloudImageMatcher], {
    description: 'Its matchers in order of precedence; at most 100 (R-4.6).',
  })
  matchers(@Root() mci: Row<MultiCloudImage>, @Ctx() { loaders }: RequestContext) {
    return loaders.matchers.load(mci.id);
  }

  @FieldResolver(() => MultiCloudImageServerTemplateConnection, {
    description: 'ServerTemplate versions that name this very version (R-5.6).',
  })
  async serverTemplates(
    @Root() mci: Row<MultiCloudImage>,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    const list = serverTemplatesUsingMultiCloudImage(viewer);
    const found = await loaders.connections.of(mci.id, list, page);
    return { ...found, edges: found.edges.map((edge) => ({ ...edge, isDefault: isDefaultOf(edge.node) })) };
  }
}

/** The list's query adds this word to the template's columns. */
const isDefaultOf = (row: object): unknown => (row as { isDefault?: boolean }).isDefault;
