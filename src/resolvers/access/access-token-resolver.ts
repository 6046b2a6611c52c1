import { Args, Authorized, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { AccessToken } from '../../entities/access/access-token';
import { User } from '../../entities/access/user';
import type { RequestContext } from '../../loaders/request-context';
import type { Row } from '../../persistence/select';
import { accessTokenList } from '../../persistence/access/token-store';
import { AccessTokenConnection } from '../types/access/access-inputs';
import { PageArgs } from '../types/page-args';

@Resolver(() => AccessToken)
export class AccessTokenResolver {
  @Authorized('ADMIN')
  @Query(() => AccessTokenConnection, {
    description: 'Access tokens of this account, newest first; revoked and expired ones, too.',
  })
  accessTokens(@Args(() => PageArgs) page: PageArgs, @Ctx() { loaders, viewer }: RequestContext) {
    return loaders.connections.root(accessTokenList(viewer), page);
  }

  @FieldResolver(() => User, { nullable: true, description: 'For whom it is; null for a machine.' })
  user(@Root() token: Row<AccessToken>, @Ctx() { loaders }: RequestContext) {
    return token.userId === null ? null : loaders.user.load(token.userId);
  }
}
