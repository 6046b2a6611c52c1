import { Args, Ctx, FieldResolver, Resolver, Root, type ClassType } from 'type-graphql';
import type { Component } from '../../entities/components/component';
import type { Loaders } from '../../loaders/loaders';
import type { RequestContext } from '../../loaders/request-context';
import { revisionList } from '../../persistence/components/component-list';
import type { Row } from '../../persistence/select';
import { PageArgs } from '../types/page-args';

type VersionLoaders = Pick<Loaders['multiCloudImages' | 'serverTemplates'], 'head' | 'latestRevision'>;

/** The fields that lead from one version of a component to the others, for the resolver of each kind. */
export function componentVersionsResolver<E extends Component>(
  Entity: ClassType<E>,
  RevisionConnection: ClassType,
  versionsOf: (loaders: Loaders) => VersionLoaders,
) {
  @Resolver(() => Entity)
  abstract class ComponentVersionsResolver {
    @FieldResolver(() => Entity, { nullable: true, description: 'The editable version of the lineage.' })
    head(@Root() component: Row<E>, @Ctx() { loaders }: RequestContext): object | null {
      return component.revision === 0 && !component.snapshot
        ? component
        : versionsOf(loaders).head.load(component.lineageId);
    }

    @FieldResolver(() => Entity, {
      nullable: true,
      description: 'The newest committed revision of the lineage.',
    })
    latestRevision(@Root() component: Row<E>, @Ctx() { loaders }: RequestContext): object | null {
      return versionsOf(loaders).latestRevision.load(component.lineageId);
    }

    @FieldResolver(() => RevisionConnection, {
      description: 'The committed revisions of the lineage, newest first.',
    })
    revisions(
      @Root() component: Row<E>,
      @Args(() => PageArgs) page: PageArgs,
      @Ctx() { loaders, viewer }: RequestContext,
    ): object {
      const list = revisionList(Entity, viewer);
      return loaders.connections.of(component.lineageId, list, page);
    }
  }
  return ComponentVersionsResolver;
}
