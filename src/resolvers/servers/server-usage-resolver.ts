import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { InstanceUse } from '../../entities/enums';
import { ServerTemplate } from '../../entities/components/server-template';
import type { RequestContext } from '../../loaders/request-context';
import type { Row } from '../../persistence/select';
import { SERVER_ARRAYS, SERVERS } from '../../persistence/servers/definition-kind';
import {
  definitionsUsingImage,
  definitionsUsingMultiCloudImage,
  definitionsUsingServerTemplate,
  type InstanceUse as Use,
} from '../../persistence/servers/server-list';
import { ServerArrayConnection, ServerConnection } from '../types/connections';
import { ImageUsage } from '../types/catalog/image-usage';
import { PageArgs } from '../types/page-args';

/** from what servers and arrays are made of to the servers and arrays. */

const USE =
  'NEXT: would launch from it; CURRENT: has a running instance that follows it. Either, unless told.';

@Resolver(() => ServerTemplate)
export class ServerTemplateUsageResolver {
  @FieldResolver(() => ServerConnection, {
    description: 'Servers that use this very version, by name (R-5.6).',
  })
  servers(
    @Root() { id }: Row<ServerTemplate>,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('use', () => InstanceUse, { nullable: true, description: USE }) use: Use | null | undefined,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    const list = definitionsUsingServerTemplate(SERVERS, viewer, use ?? null);
    return loaders.connections.of(id, list, page, { use });
  }

  @FieldResolver(() => ServerArrayConnection, {
    description: 'Server arrays that use this very version, by name (R-5.6).',
  })
  serverArrays(
    @Root() { id }: Row<ServerTemplate>,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('use', () => InstanceUse, { nullable: true, description: USE }) use: Use | null | undefined,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    const list = definitionsUsingServerTemplate(SERVER_ARRAYS, viewer, use ?? null);
    return loaders.connections.of(id, list, page, { use });
  }
}

@Resolver(() => MultiCloudImage)
export class MultiCloudImageUsageResolver {
  @FieldResolver(() => ServerConnection, {
    description:
      'Servers that would launch with this very version, by name: those that chose it, and those that choose none and whose ServerTemplate has it as its default (R-5.6).',
  })
  servers(
    @Root() { id }: Row<MultiCloudImage>,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.of(id, definitionsUsingMultiCloudImage(SERVERS, viewer), page);
  }

  @FieldResolver(() => ServerArrayConnection, {
    description:
      'Server arrays that would launch with this very version, by name: those that chose it, and those that choose none and whose ServerTemplate has it as its default (R-5.6).',
  })
  serverArrays(
    @Root() { id }: Row<MultiCloudImage>,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.of(id, definitionsUsingMultiCloudImage(SERVER_ARRAYS, viewer), page);
  }
}

@Resolver(() => ImageUsage)
export class ImageServerUsageResolver {
  @FieldResolver(() => ServerConnection, {
    description:
      'Servers that would boot with it in any slot, by name: those that chose it there, and those that leave the slot to a MultiCloud Image whose setting for their cloud names it (R-5.6). One that overrides it does not use it.',
  })
  servers(
    @Root() { imageId }: Row<ImageUsage>,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.of(imageId, definitionsUsingImage(SERVERS, viewer), page);
  }

  @FieldResolver(() => ServerArrayConnection, {
    description:
      'Server arrays that would boot with it in any slot, by name: those that chose it there, and those that leave the slot to a MultiCloud Image whose setting for their cloud names it (R-5.6). One that overrides it does not use it.',
  })
  serverArrays(
    @Root() { imageId }: Row<ImageUsage>,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.of(imageId, definitionsUsingImage(SERVER_ARRAYS, viewer), page);
  }
}
