import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { availabilityOf, lifecycleAt } from '../../domain/catalog/image-availability';
import { invalid } from '../../domain/errors';
import { keyOf } from '../../domain/global-id';
import { Cloud } from '../../entities/catalog/cloud';
import { CloudImage } from '../../entities/catalog/cloud-image';
import { ImageAvailability, ImageLifecycle, Visibility } from '../../entities/enums';
import { cloudImageSearch } from '../../loaders/cloud-image-search';
import { visibleImage } from '../../loaders/node';
import type { RequestContext } from '../../loaders/request-context';
import type { CloudImageOrder as Order } from '../../persistence/catalog/cloud-image-list';
import type { Row } from '../../persistence/select';
import {
  multiCloudImagesUsingImage,
  serverTemplatesUsingImage,
  settingsUsingImage,
} from '../../persistence/servers/where-used-list';
import { withCloudKey } from '../decode';
import {
  CloudImageConnection,
  MultiCloudImageConnection,
  MultiCloudImageSettingConnection,
  ServerTemplateConnection,
} from '../types/connections';
import { CloudImageFilter, CloudImageOrder } from '../types/filters';
import { ImageUsage } from '../types/catalog/image-usage';
import { PageArgs } from '../types/page-args';

@Resolver(() => CloudImage)
export class CloudImageResolver {
  @Authorized('OBSERVER')
  @Query(() => CloudImageConnection, {
    description: 'Images that this account sees: public ones, its own, and those shared with it.',
  })
  async cloudImages(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => CloudImageFilter, { nullable: true, description: 'Narrows the list.' })
    filter: CloudImageFilter | null,
    @Arg('orderBy', () => CloudImageOrder, { nullable: true, description: 'Order; by name unless told.' })
    orderBy: Order | null,
    @Ctx() context: RequestContext,
  ) {
    const list = await cloudImageSearch(context, withCloudKey(filter), orderBy ?? 'NAME_ASC');
    return context.loaders.connections.root(list, page);
  }

  @Authorized('OBSERVER')
  @Query(() => CloudImage, {
    nullable: true,
    description:
      'One image: by `id`, or by `cloudType`, `region` and `resourceUid` (your own before the public one).',
  })
  cloudImage(
    @Arg('id', () => ID, { nullable: true, description: 'Global id.' }) id: string | null,
    @Arg('cloudType', () => String, { nullable: true, description: 'Kind of cloud.' })
    cloudType: string | null,
    @Arg('region', () => String, { nullable: true, description: 'Region, with `cloudType`.' })
    region: string | null,
    @Arg('resourceUid', () => String, { nullable: true, description: "The cloud's own id." })
    resourceUid: string | null,
    @Ctx() context: RequestContext,
  ) {
    if (id) return visibleImage(context, keyOf('CloudImage', id, 'id'));
    if (cloudType && region && resourceUid)
      return context.loaders.imageByNaturalKey.load({ cloudType, region, resourceUid });
    throw invalid('Give `id`, or all of `cloudType`, `region` and `resourceUid`.', 'id');
  }

  @FieldResolver(() => Cloud, { description: 'The cloud it exists in.' })
  cloud(@Root() image: Row<CloudImage>, @Ctx() { loaders }: RequestContext) {
    return loaders.cloud.load(image.cloudId);
  }

  @FieldResolver(() => String, { description: 'Kind of its cloud.' })
  async cloudType(@Root() image: Row<CloudImage>, @Ctx() { loaders }: RequestContext) {
    return (await loaders.cloud.load(image.cloudId))?.cloudType;
  }

  @FieldResolver(() => String, { description: 'Region of its cloud.' })
  async region(@Root() image: Row<CloudImage>, @Ctx() { loaders }: RequestContext) {
    return (await loaders.cloud.load(image.cloudId))?.region;
  }

  @FieldResolver(() => Visibility, { description: 'Whether every account sees it.' })
  visibility(@Root() image: Row<CloudImage>) {
    return image.ownerAccountId === null ? 'PUBLIC' : 'PRIVATE';
  }

  @FieldResolver(() => ImageLifecycle, {
    description: 'Where it is in its life; past its deprecation time it is DEPRECATED.',
  })
  lifecycle(@Root() image: Row<CloudImage>, @Ctx() { now }: RequestContext) {
    return lifecycleAt(image, now);
  }

  @FieldResolver(() => ImageAvailability, { description: 'Whether this account can launch it.' })
  availability(@Root() image: Row<CloudImage>, @Ctx() { now }: RequestContext) {
    return availabilityOf(lifecycleAt(image, now), true);
  }

  @FieldResolver(() => CloudImage, {
    nullable: true,
    description: 'What to use instead of it, when it is deprecated.',
  })
  replacement(@Root() image: Row<CloudImage>, @Ctx() context: RequestContext) {
    return image.replacementId === null ? null : visibleImage(context, image.replacementId);
  }

  @FieldResolver(() => [String], {
    description: 'Tags that this account put on it; only it sees them (R-10.1).',
  })
  async tags(@Root() image: Row<CloudImage>, @Ctx() { loaders }: RequestContext) {
    return (await loaders.imageTags.load(image.id))?.tags ?? [];
  }

  @FieldResolver(() => ImageUsage, { description: 'What in the local collection uses it.' })
  usedBy(@Root() image: Row<CloudImage>) {
    return { imageId: image.id };
  }
}

@Resolver(() => ImageUsage)
export class ImageUsageResolver {
  @FieldResolver(() => MultiCloudImageSettingConnection, {
    description: 'Settings that name it, in any slot.',
  })
  settings(
    @Root() { imageId }: Row<ImageUsage>,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.of(imageId, settingsUsingImage(viewer), page);
  }

  @FieldResolver(() => MultiCloudImageConnection, {
    description: 'MultiCloud Image versions with such a setting.',
  })
  multiCloudImages(
    @Root() { imageId }: Row<ImageUsage>,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.of(imageId, multiCloudImagesUsingImage(viewer), page);
  }

  @FieldResolver(() => ServerTemplateConnection, {
    description: 'ServerTemplate versions that name such a MultiCloud Image.',
  })
  serverTemplates(
    @Root() { imageId }: Row<ImageUsage>,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.of(imageId, serverTemplatesUsingImage(viewer), page);
  }
}
