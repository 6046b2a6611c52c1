import { Arg, Args, Authorized, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Account } from '../../entities/access/account';
import { AuditEntry } from '../../entities/access/audit-entry';
import { User } from '../../entities/access/user';
import type { RequestContext } from '../../loaders/request-context';
import { auditEntryList } from '../../persistence/access/audit-entry-list';
import { readMemberships } from '../../persistence/access/membership-store';
import type { Row } from '../../persistence/select';
import { userList } from '../../persistence/access/user-list';
import { auditFilter } from '../decode';
import { AuditEntryConnection, UserConnection } from '../types/connections';
import { AuditFilter } from '../types/filters';
import { PageArgs } from '../types/page-args';
import { Membership, Viewer } from '../types/access/viewer';

@Resolver(() => Viewer)
export class ViewerResolver {
  @Authorized('OBSERVER')
  @Query(() => Viewer, { description: 'For whom this request acts.' })
  viewer(@Ctx() { principal }: RequestContext) {
    return { roles: [...principal.roles] };
  }

  @FieldResolver(() => User, { nullable: true, description: 'The user; null for a machine.' })
  user(@Ctx() { principal, loaders }: RequestContext) {
    return principal.userId === null ? null : loaders.user.load(principal.userId);
  }

  @FieldResolver(() => Account, { description: 'The account it acts in.' })
  account(@Ctx() { loaders, viewer }: RequestContext) {
    return loaders.account.load(viewer.accountId);
  }

  @FieldResolver(() => [Membership], {
    description: 'The accounts that the user works in, by name; at most 100. Empty for a machine.',
  })
  accounts(@Ctx() { dataSource, principal }: RequestContext) {
    return principal.userId === null ? [] : readMemberships(dataSource.manager, principal.userId);
  }
}

@Resolver(() => Account)
export class AccountResolver {
  @FieldResolver(() => [String], {
    description: 'Tags of the account, at most 100; only the account itself sees them (R-10.1).',
  })
  tags(@Root() account: Row<Account>, @Ctx() { viewer }: RequestContext): string[] {
    return account.id === viewer.accountId ? account.tags : [];
  }
}

@Resolver()
export class UsersResolver {
  @Authorized('OBSERVER')
  @Query(() => UserConnection, { description: 'People of this account, by e-mail address.' })
  users(@Args(() => PageArgs) page: PageArgs, @Ctx() { loaders, viewer }: RequestContext) {
    return loaders.connections.root(userList(viewer), page);
  }
}

@Resolver(() => AuditEntry)
export class AuditEntryResolver {
  @Authorized('OBSERVER')
  @Query(() => AuditEntryConnection, {
    description: 'What was changed in this account, newest first (R-2.4).',
  })
  auditEntries(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => AuditFilter, { nullable: true, description: 'Narrows the log.' })
    filter: AuditFilter | null,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.root(auditEntryList(viewer, auditFilter(filter)), page);
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'The user; null for a machine and the command line.',
  })
  user(@Root() entry: Row<AuditEntry>, @Ctx() { loaders }: RequestContext) {
    return entry.userId === null ? null : loaders.user.load(entry.userId);
  }
}
