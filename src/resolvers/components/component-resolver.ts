import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Advisory as AdvisoryFacts } from '../../domain/advisories/advisory';
import { COMPONENT_KINDS, type ComponentType } from '../../domain/versioning/component-type';
import { Component } from '../../entities/components/component';
import { ComponentKind, ComponentOrigin } from '../../entities/enums';
import { User } from '../../entities/access/user';
import {
  advisoriesOfMultiCloudImage,
  advisoriesOfRightScript,
  advisoriesOfServerTemplate,
} from '../../loaders/component-advisories';
import { versionsOf } from '../../loaders/loaders';
import { upstreamUpdate, type ShownUpdate } from '../../loaders/pin-updates';
import type { RequestContext } from '../../loaders/request-context';
import type { ComponentRows } from '../../persistence/components/component-store';
import { historyList } from '../../persistence/components/history-list';
import { Advisory } from '../types/components/advisory';
import { ComponentUpdate } from '../types/components/component-update';
import { HistoryConnection } from '../types/connections';
import { PageArgs } from '../types/page-args';

type AnyComponent = ComponentRows[ComponentType] & { readonly __typename: ComponentType };

type AdvisoriesOf<T extends ComponentType> = (
  context: RequestContext,
  component: ComponentRows[T],
) => Promise<AdvisoryFacts[]>;

const ADVISORIES: { readonly [T in ComponentType]: AdvisoriesOf<T> } = {
  MultiCloudImage: advisoriesOfMultiCloudImage,
  ServerTemplate: advisoriesOfServerTemplate,
  RightScript: advisoriesOfRightScript,
};

const advisoriesOf = <T extends ComponentType>(
  context: RequestContext,
  type: T,
  component: ComponentRows[T],
): Promise<AdvisoryFacts[]> => ADVISORIES[type](context, component);

/** The fields that all components share and that are no columns. */
@Resolver(() => Component)
export class ComponentResolver {
  @FieldResolver(() => ComponentKind, { description: 'Which of the versioned things it is.' })
  kind(@Root() component: AnyComponent) {
    return COMPONENT_KINDS[component.__typename];
  }

  @FieldResolver(() => Boolean, { description: 'Whether this version is the editable HEAD.' })
  isHead(@Root() component: AnyComponent): boolean {
    return component.revision === 0 && !component.snapshot;
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether it is the content of a HEAD as a clone or a merge took it, which never changes (R-6.8); such versions are in no list.',
  })
  isSnapshot(@Root() component: AnyComponent): boolean {
    return component.snapshot;
  }

  @FieldResolver(() => ComponentOrigin, {
    description:
      'How it came into the local collection; of what is seen in the marketplace only, how it would come there.',
  })
  origin(@Root() { accountId, originalId, revision }: AnyComponent, @Ctx() { viewer }: RequestContext) {
    if (accountId === viewer.accountId && originalId === null) return 'PRIVATE';
    return revision === 0 ? 'SUBSCRIBED' : 'IMPORTED';
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether this account may edit this very version: its own HEAD, not deleted (R-6.1).',
  })
  editable(@Root() component: AnyComponent, @Ctx() { viewer }: RequestContext): boolean {
    const { accountId, revision, snapshot, originalId, deletedAt } = component;
    return (
      accountId === viewer.accountId &&
      revision === 0 &&
      !snapshot &&
      originalId === null &&
      deletedAt === null
    );
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'Who committed it; null on HEAD, and of what others published.',
  })
  committedBy(@Root() component: AnyComponent, @Ctx() { loaders, viewer }: RequestContext) {
    const { accountId, originalId, committedById } = component;
    const isOwn = accountId === viewer.accountId && originalId === null;
    return isOwn && committedById !== null ? loaders.user.load(committedById) : null;
  }

  @FieldResolver(() => Component, {
    nullable: true,
    description: 'The version that the lineage was cloned from, if it is visible.',
  })
  clonedFrom(@Root() component: AnyComponent, @Ctx() { loaders }: RequestContext) {
    if (component.clonedFromId === null) return null;
    return versionsOf(loaders, component.__typename).byId.load(component.clonedFromId);
  }

  @FieldResolver(() => ComponentUpdate, {
    nullable: true,
    description:
      'Of a clone: the newest revision of what it was cloned from, here or in the marketplace, unless this version came from that one or a later one, by cloning or merging (R-6.10).',
  })
  upstreamUpdate(
    @Root() component: AnyComponent,
    @Ctx() context: RequestContext,
  ): Promise<ShownUpdate | null> {
    return upstreamUpdate(context, component.__typename, component);
  }

  @FieldResolver(() => HistoryConnection, {
    description:
      'What happened to the lineage, newest first: with the parents, a graph of revisions, clones, merges and restores.',
  })
  history(
    @Root() component: AnyComponent,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.of(component.lineageId, historyList(viewer, component.__typename), page);
  }

  @FieldResolver(() => [Advisory], { description: 'What is worth knowing about it (section 11).' })
  advisories(@Root() component: AnyComponent, @Ctx() context: RequestContext) {
    return advisoriesOf(context, component.__typename, component);
  }
}
