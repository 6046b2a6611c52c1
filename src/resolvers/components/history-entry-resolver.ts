import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Component } from '../../entities/components/component';
import { HistoryEntry } from '../../entities/components/history-entry';
import { User } from '../../entities/access/user';
import { versionsOf } from '../../loaders/loaders';
import type { RequestContext } from '../../loaders/request-context';
import type { Row } from '../../persistence/select';

@Resolver(() => HistoryEntry)
export class HistoryEntryResolver {
  @FieldResolver(() => Component, {
    nullable: true,
    description:
      'The version that it made or changed: HEAD, or the new revision; null when it is not visible.',
  })
  component(@Root() entry: Row<HistoryEntry>, @Ctx() { loaders }: RequestContext) {
    return versionsOf(loaders, entry.componentType).byId.load(entry.componentId);
  }

  @FieldResolver(() => [Component], {
    description:
      'The visible versions that this one came from: the previous revision, what was cloned, merged or restored; at most one per merge since the previous commit, and one more.',
  })
  async parents(@Root() entry: Row<HistoryEntry>, @Ctx() { loaders }: RequestContext) {
    const { byId } = versionsOf(loaders, entry.componentType);
    const parents = await Promise.all(entry.parentIds.map((id) => byId.load(id)));
    // A lineage's own snapshots are bookkeeping; those of others are what was cloned or merged.
    return parents.filter(
      (parent) => parent !== null && !(parent.snapshot && parent.lineageId === entry.lineageId),
    );
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'Who did it; null for machines and people outside this account.',
  })
  by(@Root() entry: Row<HistoryEntry>, @Ctx() { loaders }: RequestContext) {
    return entry.userId === null ? null : loaders.user.load(entry.userId);
  }
}
