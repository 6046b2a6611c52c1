import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { hasRole } from '../../domain/access/principal';
import { keyOf } from '../../domain/global-id';
import { AccountGroup } from '../../entities/marketplace/account-group';
import type { RequestContext } from '../../loaders/request-context';
import {
  accountGroupList,
  accountsOfGroup,
  publicationsOfGroup,
} from '../../persistence/marketplace/account-group-list';
import type { Row } from '../../persistence/select';
import { AccountConnection, AccountGroupConnection, PublicationConnection } from '../types/connections';
import { PageArgs } from '../types/page-args';

@Resolver(() => AccountGroup)
export class AccountGroupResolver {
  @Authorized('PUBLISHER')
  @Query(() => AccountGroupConnection, { description: 'Account groups of this account, by name.' })
  accountGroups(@Args(() => PageArgs) page: PageArgs, @Ctx() { loaders, viewer }: RequestContext) {
    return loaders.connections.root(accountGroupList(viewer), page);
  }

  @Authorized('PUBLISHER')
  @Query(() => AccountGroup, { nullable: true, description: 'One account group by its global id.' })
  accountGroup(
    @Arg('id', () => ID, { description: 'Global id.' }) id: string,
    @Ctx() { loaders }: RequestContext,
  ) {
    return loaders.accountGroup.load(keyOf('AccountGroup', id, 'id'));
  }

  @FieldResolver(() => AccountConnection, {
    nullable: true,
    description: 'The accounts that have access, by name; null to those who are not publishers.',
  })
  accounts(
    @Root() group: Row<AccountGroup>,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders, viewer, principal }: RequestContext,
  ) {
    return hasRole(principal, 'PUBLISHER')
      ? loaders.connections.of(group.id, accountsOfGroup(viewer), page)
      : null;
  }

  @FieldResolver(() => PublicationConnection, {
    description: 'What is offered to the group, newest first; deprecated publications, too.',
  })
  publications(
    @Root() group: Row<AccountGroup>,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.of(group.id, publicationsOfGroup(viewer), page);
  }
}
