import { Arg, Authorized, Ctx, Mutation, Resolver, type ClassType } from 'type-graphql';
import { keyOf, optionalKeyOf } from '../../domain/global-id';
import { COMPONENT_NAMES, type ComponentType } from '../../domain/versioning/component-type';
import type { RequestContext } from '../../loaders/request-context';
import { restoreComponent } from '../../services/components/restore-component';
import { mergeComponent } from '../../services/components/merge-component';
import { componentPayload, versionPayload } from './version-payload';
import { MergeComponentInput, RestoreComponentInput } from '../types/components/version-control-inputs';

/** Restore and merge of one kind of component: the same for each. */
export function versionControlMutations(type: ComponentType, Entity: ClassType) {
  const name = COMPONENT_NAMES[type];
  const RestorePayload = versionPayload(
    `Restore${type}`,
    type,
    Entity,
    'HEAD, with the content of the revision.',
  );
  const MergePayload = versionPayload(`Merge${type}`, type, Entity, 'HEAD, with both contents.');

  @Resolver()
  abstract class VersionControlMutations {
    @Authorized('DESIGNER')
    @Mutation(() => RestorePayload, {
      name: `restore${type}`,
      description: `Gives HEAD of a ${name} the content of one of its revisions; merges since the last commit are forgotten (R-6.5).`,
    })
    restore(
      @Arg('input', () => RestoreComponentInput, { description: 'HEAD and the revision.' })
      input: RestoreComponentInput,
      @Ctx() context: RequestContext,
    ): Promise<object> {
      return componentPayload(context, type, () =>
        restoreComponent(context, type, {
          headId: keyOf(type, input.headId, 'input', 'headId'),
          expectedVersion: input.expectedVersion,
          revisionId: keyOf(type, input.revisionId, 'input', 'revisionId'),
        }),
      );
    }

    @Authorized('DESIGNER')
    @Mutation(() => MergePayload, {
      name: `merge${type}`,
      description: `Merges a version of a ${name} into a HEAD, all or nothing; what HEAD holds uncommitted is committed first (R-6.7, R-6.8).`,
    })
    merge(
      @Arg('input', () => MergeComponentInput, { description: 'HEAD, and what is merged into it.' })
      input: MergeComponentInput,
      @Ctx() context: RequestContext,
    ): Promise<object> {
      return componentPayload(context, type, () =>
        mergeComponent(context, type, {
          intoId: keyOf(type, input.intoId, 'input', 'intoId'),
          expectedVersion: input.expectedVersion,
          fromId: keyOf(type, input.fromId, 'input', 'fromId'),
          expectedFromVersion: input.expectedFromVersion ?? null,
          baseId: optionalKeyOf(type, input.baseId ?? null, 'input', 'baseId'),
          resolutions: input.resolutions ?? [],
        }),
      );
    }
  }
  return VersionControlMutations;
}
