import { Arg, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { diffText } from '../../domain/differences/diff-text';
import { invalid } from '../../domain/errors';
import { diffOfLineage, diffOfVersions } from '../../loaders/diff';
import { showChanges } from '../../loaders/present-changes';
import type { RequestContext } from '../../loaders/request-context';
import type { VersionDiff } from '../../loaders/version-diffs';
import { componentKey, keyOfSameKind, lineageKey } from '../decode';
import { Change, Diff } from '../types/components/diff';

@Resolver(() => Diff)
export class DiffResolver {
  @Authorized('OBSERVER')
  @Query(() => Diff, {
    nullable: true,
    description:
      'What differs between two versions of one kind, of one lineage or not; null when one of them is not visible. Give `fromId` and `toId`, or `lineageId` alone.',
  })
  diff(
    @Arg('fromId', () => ID, { nullable: true, description: 'The first version: HEAD or a revision.' })
    fromId: string | null,
    @Arg('toId', () => ID, { nullable: true, description: 'The second version, of the same kind.' })
    toId: string | null,
    @Arg('lineageId', () => ID, {
      nullable: true,
      description:
        'A lineage: its newest revision is compared with the one before; null when it has fewer than two.',
    })
    lineageId: string | null,
    @Ctx() context: RequestContext,
  ): Promise<VersionDiff | null> {
    if (lineageId != null) {
      if (fromId != null || toId != null)
        throw invalid(
          'Give `lineageId` alone, or leave it out to compare `fromId` with `toId`.',
          'lineageId',
        );
      return diffOfLineage(context, lineageKey(lineageId, 'lineageId'));
    }
    const [from, to] = [given(fromId, 'fromId'), given(toId, 'toId')];
    const { type, key } = componentKey(from, 'fromId');
    const other = keyOfSameKind({ field: 'fromId', type }, to, 'toId');
    return diffOfVersions(context, { type, fromId: key, toId: other });
  }

  @FieldResolver(() => [Change], { description: 'The differences; none if the contents are the same.' })
  changes(@Root() { changes, names }: VersionDiff) {
    return showChanges(changes, names);
  }

  @FieldResolver(() => Boolean, { description: 'Whether the contents are the same (R-6.9).' })
  identical(@Root() { changes }: VersionDiff): boolean {
    return changes.length === 0;
  }

  @FieldResolver(() => String, {
    description:
      'The differences as a text in the manner of unified diffs: lines behind `-` are of the first version only, behind `+` of the second, behind `~` places in an order. Empty if the contents are the same.',
  })
  text(@Root() { from, to, changes, names }: VersionDiff): string {
    return diffText(from, to, changes, names);
  }
}

function given(id: string | null, field: 'fromId' | 'toId'): string {
  if (id == null)
    throw invalid(
      `\`${field}\` is missing: give \`fromId\` and \`toId\`, two versions to compare, or \`lineageId\` alone.`,
      field,
    );
  return id;
}
