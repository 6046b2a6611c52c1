import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import { Component } from '../../entities/components/component';
import { ImportedVersion } from '../../entities/marketplace/imported-version';
import { Publication } from '../../entities/marketplace/publication';
import { versionsOf } from '../../loaders/loaders';
import { publicationFor } from '../../loaders/node';
import type { RequestContext } from '../../loaders/request-context';
import { importList } from '../../persistence/marketplace/import-list';
import { marketplaceList, myPublicationList } from '../../persistence/marketplace/marketplace-list';
import type { MarketplaceOrder as Order } from '../../persistence/marketplace/marketplace-order';
import type { Row } from '../../persistence/select';
import { publicationFilter, withCloudKey } from '../decode';
import { ImportConnection, PublicationConnection } from '../types/connections';
import { Diff } from '../types/components/diff';
import {
  MarketplaceFilter,
  MarketplaceOrder,
  MyPublicationsFilter,
} from '../types/marketplace/marketplace-filters';
import { PageArgs } from '../types/page-args';

@Resolver()
export class MarketplaceResolver {
  @Authorized('DESIGNER', 'LIBRARY')
  @Query(() => PublicationConnection, {
    description:
      'What the marketplace offers this account: of each lineage the highest revision (R-9.3). A published HEAD counts as revision 0: it is listed only where no revision is offered; otherwise `headPublication` of the revision leads to it.',
  })
  marketplace(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => MarketplaceFilter, { nullable: true, description: 'Narrows the list.' })
    filter: MarketplaceFilter | null,
    @Arg('orderBy', () => MarketplaceOrder, {
      nullable: true,
      description: 'Order; unless told by relevance when `filter.search` is given, else by name.',
    })
    orderBy: Order | null,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    const list = marketplaceList(viewer, publicationFilter(withCloudKey(filter)), orderBy);
    return loaders.connections.root(list, page);
  }

  @Authorized('DESIGNER', 'LIBRARY', 'PUBLISHER')
  @Query(() => Publication, {
    nullable: true,
    description:
      'A publication by its global id: of this account, or, to the roles DESIGNER and LIBRARY, offered to it, or imported by it and still meant for it.',
  })
  publication(
    @Arg('id', () => ID, { description: 'Global id.' }) id: string,
    @Ctx() context: RequestContext,
  ) {
    return publicationFor(context, keyOf('Publication', id, 'id'));
  }

  @Authorized('PUBLISHER')
  @Query(() => PublicationConnection, {
    description: 'What this account published, newest first, deprecated ones, too (R-9.6).',
  })
  myPublications(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => MyPublicationsFilter, { nullable: true, description: 'Narrows the list.' })
    filter: MyPublicationsFilter | null,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.root(myPublicationList(viewer, publicationFilter(filter)), page);
  }
}

@Resolver(() => ImportedVersion)
export class ImportResolver {
  @Authorized('LIBRARY')
  @Query(() => ImportConnection, {
    description:
      'What this account imported or subscribed to and has in its local collection: of each lineage the highest revision, last imported first (R-9.6).',
  })
  myImports(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('updatesOnly', () => Boolean, {
      nullable: true,
      description: 'Only those with an update in the marketplace.',
    })
    updatesOnly: boolean | null,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.root(importList(viewer, updatesOnly ?? false), page);
  }

  @FieldResolver(() => Component, { description: 'The imported version, or the subscribed HEAD.' })
  component(@Root() { componentType, versionId }: Row<ImportedVersion>, @Ctx() { loaders }: RequestContext) {
    return versionsOf(loaders, componentType).byId.load(versionId);
  }

  @FieldResolver(() => Publication, {
    nullable: true,
    description:
      'The highest revision above it that the marketplace offers this account; of a subscribed HEAD any revision.',
  })
  update(@Root() { versionId }: Row<ImportedVersion>, @Ctx() { loaders }: RequestContext) {
    return loaders.publicationFacts.importUpdate.load(versionId);
  }

  @FieldResolver(() => Diff, {
    nullable: true,
    description: 'What the update changes (R-6.6): from the imported version to it. Null without an update.',
  })
  async diff(
    @Root() { componentType: type, versionId: fromId }: Row<ImportedVersion>,
    @Ctx() { loaders: { publicationFacts } }: RequestContext,
  ) {
    const update = await publicationFacts.importUpdate.load(fromId);
    return update && publicationFacts.diff.load({ type, fromId, toId: update.contentId });
  }
}
