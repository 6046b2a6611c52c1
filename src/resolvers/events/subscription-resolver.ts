import {
  Args,
  Authorized,
  Ctx,
  Resolver,
  Root,
  Subscription,
  type SubscribeResolverData,
} from 'type-graphql';
import { invalid } from '../../domain/errors';
import type { ComponentChanged, InstanceMoved, PublicationChanged } from '../../domain/events/event';
import { eventId } from '../../domain/events/event-id';
import { keyOf } from '../../domain/global-id';
import { componentTypeOf } from '../../domain/versioning/component-type';
import { versionsOf } from '../../loaders/loaders';
import { publicationFor } from '../../loaders/node';
import type { RequestContext } from '../../loaders/request-context';
import type { EventFeed } from '../../persistence/events/event-feed';
import { lineageKey } from '../decode';
import { ComponentEvent, ImportUpdateEvent, InstanceEvent, PublicationEvent } from '../types/events/events';
import {
  ComponentChangedArgs,
  InstanceStateChangedArgs,
  PublicationChangedArgs,
  SubscriptionArgs,
} from '../types/events/subscription-arguments';

/** What a subscription starts from, beside its arguments. */
export interface SubscriptionSource {
  readonly feed: EventFeed;
  /** Of the header `Last-Event-ID`, by which browsers go on. */
  readonly lastEventId: string | null;
}

/** There is nothing to tell this subscriber of an event, or nothing happened: its authorization was checked only. */
export class NothingToTell extends Error {}

type Start<A extends SubscriptionArgs> = SubscribeResolverData<SubscriptionSource, A, RequestContext>;

const MAXIMUM_FILTER = 100;

/**
 * The root value is the event, or `null` where none happened. Each is resolved in a request context of its own, so that
 * roles and visibility are those of the moment.
 */
@Resolver()
export class SubscriptionResolver {
  @Authorized('OBSERVER')
  @Subscription(() => ComponentEvent, {
    description: "Something happens to this account's components, beside edits of HEADs.",
    subscribe: async ({ source, context, args }: Start<ComponentChangedArgs>) => {
      const lineages = keysOf(args.lineageIds, 'lineageIds', lineageKey);
      const types = keysOf(args.kinds, 'kinds', componentTypeOf);
      return source.feed.follow({
        kind: 'COMPONENT',
        accountId: context.viewer.accountId,
        from: await startOf(source, args),
        matches: (event) =>
          event.kind === 'COMPONENT' &&
          (lineages === null || lineages.has(event.lineageId)) &&
          (types === null || types.has(event.componentType)),
      });
    },
  })
  async componentChanged(
    @Root() event: ComponentChanged | null,
    @Args(() => ComponentChangedArgs) _args: ComponentChangedArgs,
    @Ctx() { loaders }: RequestContext,
  ) {
    const { componentType, componentId, change: kind, ...told } = tell(event);
    return {
      ...told,
      kind,
      component: seen(await versionsOf(loaders, componentType).byId.load(componentId)),
    };
  }

  @Authorized('DESIGNER', 'LIBRARY', 'PUBLISHER')
  @Subscription(() => PublicationEvent, {
    description:
      'Publications that this account may look at change: its own, and, to the roles DESIGNER and LIBRARY, what the marketplace offers it. Joining an account group is no event.',
    subscribe: async ({ source, args }: Start<PublicationChangedArgs>) => {
      const lineages = keysOf(args.lineageIds, 'lineageIds', lineageKey);
      return source.feed.follow({
        kind: 'PUBLICATION',
        from: await startOf(source, args),
        matches: (event) =>
          event.kind === 'PUBLICATION' && (lineages === null || lineages.has(event.lineageId)),
      });
    },
  })
  async publicationChanged(
    @Root() event: PublicationChanged | null,
    @Args(() => PublicationChangedArgs) _args: PublicationChangedArgs,
    @Ctx() context: RequestContext,
  ) {
    const { publicationId, ...told } = tell(event);
    return { ...told, publication: seen(await publicationFor(context, publicationId)) };
  }

  @Authorized('OBSERVER')
  @Subscription(() => InstanceEvent, {
    description: "This account's instances are launched or change their state.",
    subscribe: async ({ source, context, args }: Start<InstanceStateChangedArgs>) => {
      const servers = keysOf(args.serverIds, 'serverIds', (id, ...path) => keyOf('Server', id, ...path));
      const arrays = keysOf(args.serverArrayIds, 'serverArrayIds', (id, ...path) =>
        keyOf('ServerArray', id, ...path),
      );
      const all = servers === null && arrays === null;
      return source.feed.follow({
        kind: 'INSTANCE',
        accountId: context.viewer.accountId,
        from: await startOf(source, args),
        matches: (event) =>
          event.kind === 'INSTANCE' &&
          (all || isIn(servers, event.serverId) || isIn(arrays, event.serverArrayId)),
      });
    },
  })
  async instanceStateChanged(
    @Root() event: InstanceMoved | null,
    @Args(() => InstanceStateChangedArgs) _args: InstanceStateChangedArgs,
    @Ctx() { loaders }: RequestContext,
  ) {
    const { instanceId, ...told } = tell(event);
    return { ...told, instance: seen(await loaders.instance.load(instanceId)) };
  }

  @Authorized('LIBRARY')
  @Subscription(() => ImportUpdateEvent, {
    description:
      'The marketplace begins to offer a newer revision of something that this account imported or subscribed to: one that `myImports` shows as `update` (R-9.6).',
    subscribe: async ({ source, args }: Start<SubscriptionArgs>) =>
      source.feed.follow({
        kind: 'PUBLICATION',
        from: await startOf(source, args),
        matches: (event) => event.kind === 'PUBLICATION' && event.change !== 'CHANGED',
      }),
  })
  async importUpdateAvailable(
    @Root() event: PublicationChanged | null,
    @Args(() => SubscriptionArgs) _args: SubscriptionArgs,
    @Ctx() { loaders }: RequestContext,
  ) {
    const { publicationId, ...told } = tell(event);
    const { componentType, versionId } = seen(
      await loaders.publicationFacts.updatedImport.load(publicationId),
    );
    return {
      ...told,
      component: seen(await versionsOf(loaders, componentType).byId.load(versionId)),
      update: seen(await loaders.publication.load(publicationId)),
    };
  }
}

/** @throws NothingToTell when nothing happened */
function tell<E extends { readonly position: number }>(event: E | null): E & { readonly id: string } {
  return { ...seen(event), id: eventId(seen(event).position) };
}

/** @throws NothingToTell when there is nothing that the subscriber may see */
function seen<T>(value: T | null): T {
  if (value === null) throw new NothingToTell();
  return value;
}

/** The keys of a filter; `null`: everything passes. */
function keysOf<T, K>(
  values: readonly T[] | null | undefined,
  argument: string,
  keyOfValue: (value: T, ...path: string[]) => K,
): ReadonlySet<K> | null {
  if (values == null) return null;
  if (values.length > MAXIMUM_FILTER)
    throw invalid(
      `\`${argument}\` has ${values.length} values; at most ${MAXIMUM_FILTER} are allowed: open several subscriptions, or leave it out.`,
      argument,
    );
  return new Set(values.map((value, index) => keyOfValue(value, argument, String(index))));
}

const isIn = (keys: ReadonlySet<string> | null, key: string | null): boolean =>
  key !== null && keys !== null && keys.has(key);

/** A browser that connects again repeats the arguments that it began with: what it was told of last is later. */
async function startOf(
  { feed, lastEventId }: SubscriptionSource,
  { after }: SubscriptionArgs,
): Promise<number | undefined> {
  const positions: number[] = [];
  if (after != null) positions.push(await feed.positionOf(after, 'after'));
  if (lastEventId !== null) positions.push(await feed.positionOf(lastEventId, 'Last-Event-ID'));
  return positions.length === 0 ? undefined : Math.max(...positions);
}
