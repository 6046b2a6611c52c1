import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Conflict } from '../../domain/merge/conflicts';
import { namesOfDifferences, showConflicts } from '../../loaders/present-changes';
import type { RequestContext } from '../../loaders/request-context';
import { MergeConflict } from '../types/components/merge-preview';
import { MergeConflictError } from '../types/user-error';

@Resolver(() => MergeConflictError)
export class MergeConflictErrorResolver {
  @FieldResolver(() => [MergeConflict], { description: 'What no resolution was given for.' })
  async conflicts(
    @Root() { conflicts }: { conflicts: readonly Conflict[] },
    @Ctx() { dataSource, viewer }: RequestContext,
  ) {
    return showConflicts(conflicts, await namesOfDifferences(dataSource.manager, viewer, [], conflicts));
  }
}
