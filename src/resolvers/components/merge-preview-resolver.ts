import { Arg, Authorized, Ctx, ID, Query, Resolver } from 'type-graphql';
import { previewMerge, type PreviewedMerge } from '../../loaders/merge-preview';
import type { RequestContext } from '../../loaders/request-context';
import { componentKey, keyOfSameKind } from '../decode';
import { MergeResolutionInput } from '../types/components/merge-inputs';
import { MergePreview } from '../types/components/merge-preview';

@Resolver()
export class MergePreviewResolver {
  @Authorized('OBSERVER')
  @Query(() => MergePreview, {
    nullable: true,
    description:
      'What a merge into a HEAD would do, by the same rules; null when anything named is not visible (R-6.7).',
  })
  mergePreview(
    @Arg('intoId', () => ID, { description: 'HEAD that would take it in.' }) intoId: string,
    @Arg('fromId', () => ID, { description: 'HEAD or revision of the same kind, of any lineage.' })
    fromId: string,
    @Arg('baseId', () => ID, {
      nullable: true,
      description: 'Revision or snapshot to compare both with; left out: their nearest common ancestor.',
    })
    baseId: string | null,
    @Arg('resolutions', () => [MergeResolutionInput], {
      nullable: true,
      description: 'Which side to take for conflicts; at most 2,000.',
    })
    resolutions: MergeResolutionInput[] | null,
    @Ctx() context: RequestContext,
  ): Promise<PreviewedMerge | null> {
    const { type, key } = componentKey(intoId, 'intoId');
    const into = { field: 'intoId', type };
    return previewMerge(context, {
      type,
      intoId: key,
      fromId: keyOfSameKind(into, fromId, 'fromId'),
      baseId: baseId == null ? null : keyOfSameKind(into, baseId, 'baseId'),
      resolutions: resolutions ?? [],
    });
  }
}
