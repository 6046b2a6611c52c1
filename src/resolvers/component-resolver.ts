import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Component } from '../entities/component';
import { ComponentKind, ComponentOrigin } from '../entities/enums';
import { MultiCloudImage } from '../entities/multi-cloud-image';
import { ServerTemplate } from '../entities/server-template';
import { User } from '../entities/user';
import { advisoriesOfMultiCloudImage, advisoriesOfServerTemplate } from '../loaders/component-advisories';
import type { RequestContext } from '../loaders/request-context';
import type { Row } from '../persistence/select';
import { Advisory } from './types/advisory';

type AnyComponent = Row<MultiCloudImage> | Row<ServerTemplate>;

const isServerTemplate = (component: AnyComponent): component is Row<ServerTemplate> =>
  component.__typename === 'ServerTemplate';

/** The fields that all components share and that are no columns. */
@Resolver(() => Component)
export class ComponentResolver {
  @FieldResolver(() => ComponentKind, { description: 'Which of the versioned things it is.' })
  kind(@Root() component: AnyComponent) {
    return isServerTemplate(component) ? 'SERVER_TEMPLATE' : 'MULTI_CLOUD_IMAGE';
  }

  @FieldResolver(() => Boolean, { description: 'Whether this version is the editable HEAD.' })
  isHead(@Root() component: AnyComponent): boolean {
    return component.revision === 0;
  }

  @FieldResolver(() => ComponentOrigin, { description: 'How it came into the local collection.' })
  origin() {
    return 'PRIVATE';
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether this account may edit this very version: its own HEAD, not deleted (R-6.1).',
  })
  editable(@Root() component: AnyComponent): boolean {
    return component.revision === 0 && component.deletedAt === null;
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'Who committed it; null on HEAD and for people outside this account.',
  })
  committedBy(@Root() component: AnyComponent, @Ctx() { loaders }: RequestContext) {
    return component.committedById === null ? null : loaders.user.load(component.committedById);
  }

  @FieldResolver(() => Component, {
    nullable: true,
    description: 'The version that the lineage was cloned from, if it is visible.',
  })
  clonedFrom(@Root() component: AnyComponent, @Ctx() { loaders }: RequestContext) {
    if (component.clonedFromId === null) return null;
    return component.__typename === 'ServerTemplate'
      ? loaders.serverTemplates.byId.load(component.clonedFromId)
      : loaders.multiCloudImages.byId.load(component.clonedFromId);
  }

  @FieldResolver(() => [Advisory], { description: 'What is worth knowing about it (section 11).' })
  advisories(@Root() component: AnyComponent, @Ctx() context: RequestContext) {
    return isServerTemplate(component)
      ? advisoriesOfServerTemplate(context, component)
      : advisoriesOfMultiCloudImage(context, component);
  }
}
