import { Ctx, FieldResolver, Resolver, Root, type ClassType } from 'type-graphql';
import { isChangedInHead, updateAvailable, type Pin, type ShownUpdate } from '../../loaders/pin-updates';
import type { RequestContext } from '../../loaders/request-context';
import type { Row } from '../../persistence/select';
import { ComponentUpdate } from '../types/components/component-update';

/** The fields that tell whether a pin is up to date, for the resolver of each kind of pin. */
export function pinUpdatesResolver<E extends object>(Entity: ClassType<E>, pinOf: (row: E) => Pin) {
  @Resolver(() => Entity)
  abstract class PinUpdatesResolver {
    @FieldResolver(() => ComponentUpdate, {
      nullable: true,
      description:
        'A newer revision than the pinned one (R-5.7); null when HEAD is pinned, and in what is committed. Import it, if it is in the marketplace only, and move there with `updateServerTemplatePins`.',
    })
    updateAvailable(@Root() row: Row<E>, @Ctx() context: RequestContext): Promise<ShownUpdate | null> {
      return updateAvailable(context, pinOf(row));
    }

    @FieldResolver(() => Boolean, {
      description:
        'Whether the HEAD of what is pinned differs from the pinned revision or, when HEAD is pinned, from the newest revision (R-5.7); false in what is committed, and of what is imported.',
    })
    changedInHead(@Root() row: Row<E>, @Ctx() context: RequestContext): Promise<boolean> {
      return isChangedInHead(context, pinOf(row));
    }
  }
  return PinUpdatesResolver;
}
