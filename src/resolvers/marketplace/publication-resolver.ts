import { Ctx, FieldResolver, Float, Int, Resolver, Root } from 'type-graphql';
import { COMPONENT_KINDS } from '../../domain/versioning/component-type';
import { AccountGroup } from '../../entities/marketplace/account-group';
import { Cloud } from '../../entities/catalog/cloud';
import { Component } from '../../entities/components/component';
import { ComponentKind } from '../../entities/enums';
import { EulaRevision } from '../../entities/marketplace/eula';
import { Organization } from '../../entities/marketplace/organization';
import { Publication } from '../../entities/marketplace/publication';
import { versionsOf } from '../../loaders/loaders';
import type { RequestContext } from '../../loaders/request-context';
import type { Row } from '../../persistence/select';

const isPublisher = ({ viewer }: RequestContext, { accountId }: Row<Publication>): boolean =>
  viewer.accountId === accountId;

/** The fields of publications that are no columns. */
@Resolver(() => Publication)
export class PublicationResolver {
  @FieldResolver(() => ComponentKind, { description: 'Which of the versioned things it offers.' })
  kind(@Root() { componentType }: Row<Publication>) {
    return COMPONENT_KINDS[componentType];
  }

  @FieldResolver(() => Component, {
    description:
      'The version that is offered: the revision, or of a HEAD the content that was last published; of what is offered no more, the copy that this account imported.',
  })
  async component(@Root() publication: Row<Publication>, @Ctx() { loaders }: RequestContext) {
    const { componentType, contentId, lineageId, revision } = publication;
    const versions = versionsOf(loaders, componentType);
    return (await versions.byId.load(contentId)) ?? versions.byRevision.load({ lineageId, revision });
  }

  @FieldResolver(() => Publication, {
    nullable: true,
    description:
      'The published HEAD of the same lineage, to subscribe to, if it is offered to this account: the marketplace lists the highest revision only (R-9.3). Null on itself.',
  })
  headPublication(
    @Root() { lineageId, revision }: Row<Publication>,
    @Ctx() { loaders }: RequestContext,
  ): Promise<object | null> | null {
    return revision === 0 ? null : loaders.publicationFacts.offeredHead.load(lineageId);
  }

  @FieldResolver(() => Organization, { description: 'Who published it.' })
  publisher(@Root() { accountId }: Row<Publication>, @Ctx() { loaders }: RequestContext) {
    return loaders.publicationFacts.publisher.load(accountId);
  }

  @FieldResolver(() => [AccountGroup], {
    nullable: true,
    description: 'The groups that it is offered to, by name; null to all but its publisher.',
  })
  accountGroups(@Root() publication: Row<Publication>, @Ctx() context: RequestContext) {
    if (!isPublisher(context, publication)) return null;
    return context.loaders.publicationFacts.accountGroups.load(publication.id);
  }

  @FieldResolver(() => String, { description: 'What the component is for, in short.' })
  async shortDescription(@Root() { lineageId }: Row<Publication>, @Ctx() { loaders }: RequestContext) {
    return (await loaders.publicationFacts.words.load(lineageId))?.shortDescription;
  }

  @FieldResolver(() => String, { nullable: true, description: 'What the component is for, at length.' })
  async longDescription(@Root() { lineageId }: Row<Publication>, @Ctx() { loaders }: RequestContext) {
    return (await loaders.publicationFacts.longDescription.load(lineageId))?.longDescription;
  }

  @FieldResolver(() => [String], { description: 'What the component belongs to; at most 20.' })
  async categories(@Root() { lineageId }: Row<Publication>, @Ctx() { loaders }: RequestContext) {
    return (await loaders.publicationFacts.words.load(lineageId))?.categories;
  }

  @FieldResolver(() => [Cloud], {
    description:
      'Clouds for which it has an image that is AVAILABLE to this account, by name (R-5.2); of a RightScript, none.',
  })
  supportedClouds(
    @Root() { componentType, contentId }: Row<Publication>,
    @Ctx() { loaders }: RequestContext,
  ): Promise<object[]> | object[] {
    if (componentType === 'ServerTemplate') return loaders.supportedClouds.load(contentId);
    if (componentType === 'MultiCloudImage')
      return loaders.publicationFacts.cloudsOfMultiCloudImage.load(contentId);
    return [];
  }

  @FieldResolver(() => [EulaRevision], {
    description: 'The licence texts that an import must accept, by name (R-9.7).',
  })
  async eulas(@Root() { id }: Row<Publication>, @Ctx() { loaders }: RequestContext) {
    const keys = await loaders.publicationFacts.eulaKeys.load(id);
    const found = await Promise.all(
      keys.map(({ eulaRevisionId }) => loaders.eulaRevision.load(eulaRevisionId)),
    );
    return found.filter((revision) => revision !== null);
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Average of its ratings, 1 to 4, to the nearest hundredth; null: nobody rated it.',
  })
  rating(@Root() { ratingSum, ratingCount }: Row<Publication>): number | null {
    return ratingCount === 0 ? null : Math.round((ratingSum * 100) / ratingCount) / 100;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'How many accounts imported or subscribed it; of a private one null to all but its publisher.',
  })
  importCount(@Root() publication: Row<Publication>, @Ctx() context: RequestContext): number | null {
    return publication.visibility === 'PUBLIC' || isPublisher(context, publication)
      ? publication.importCount
      : null;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'How often it was cloned by those who imported it; null to all but its publisher.',
  })
  async cloneCount(@Root() publication: Row<Publication>, @Ctx() context: RequestContext) {
    if (!isPublisher(context, publication)) return null;
    return (await context.loaders.publicationFacts.cloneCount.load(publication.id))?.count;
  }

  @FieldResolver(() => Boolean, {
    description:
      "Whether this account has this very version in its local collection, imported or subscribed; one's own is not imported.",
  })
  async imported(@Root() { id }: Row<Publication>, @Ctx() { loaders }: RequestContext) {
    return (await loaders.publicationFacts.imported.load(id)) !== null;
  }
}

@Resolver(() => Component)
export class ComponentPublicationResolver {
  @FieldResolver(() => Publication, {
    nullable: true,
    description: 'The publication of this very version, if it is visible.',
  })
  async publication(@Root() component: Row<Component>, @Ctx() { loaders }: RequestContext) {
    const { id, lineageId, revision, snapshot } = component;
    const publication = await loaders.publicationFacts.byRevision.load({ lineageId, revision });
    // Snapshots have HEAD's number; one of them is what was published.
    return snapshot && publication?.contentId !== id ? null : publication;
  }
}
