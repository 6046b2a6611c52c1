import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { ServerTemplate } from '../entities/components/server-template';
import type { RequestContext } from '../loaders/request-context';
import { InUseError } from './types/user-error';

@Resolver(() => InUseError)
export class InUseErrorResolver {
  @FieldResolver(() => [ServerTemplate], {
    description: 'The ServerTemplate versions that use it, at most 100.',
  })
  usedBy(@Root() { usedBy }: { usedBy: string[] }, @Ctx() { loaders }: RequestContext) {
    return loaders.serverTemplates.byId.loadMany(usedBy.slice(0, 100));
  }
}
