import type { Viewer } from '../../domain/access/viewer';
import { Account } from '../../entities/access/account';
import { AccountGroup } from '../../entities/marketplace/account-group';
import { Publication } from '../../entities/marketplace/publication';
import type { ListQuery } from '../keyset-page';
import { selectRows } from '../select';

/** The account's groups, by name. */
export function accountGroupList(viewer: Viewer): ListQuery<AccountGroup> {
  return {
    name: 'accountGroups',
    order: {
      keys: [
        { expression: 'owned.name', property: 'name', type: 'text' },
        { expression: 'owned.id', property: 'id', type: 'uuid' },
      ],
      descending: false,
    },
    rows: (manager) =>
      selectRows(manager, AccountGroup, 'owned').where('owned.account_id = :viewer', {
        viewer: viewer.accountId,
      }),
  };
}

/** The accounts that have access to a group of the viewer's (the parent), by name. */
export function accountsOfGroup(viewer: Viewer): ListQuery<Account> {
  return {
    name: 'accountsOfGroup',
    order: {
      keys: [
        { expression: 'account.name', property: 'name', type: 'text' },
        { expression: 'account.id', property: 'id', type: 'uuid' },
      ],
      descending: false,
    },
    rows: (manager, group) =>
      selectRows(manager, Account, 'account')
        .innerJoin('account_group_members', 'member', 'member.account_id = account.id')
        .innerJoin('account_groups', 'joined', 'joined.id = member.account_group_id')
        .where(`member.account_group_id = ${group} AND joined.account_id = :viewer`, {
          viewer: viewer.accountId,
        }),
  };
}

/** What the viewer offers to a group of its own (the parent), newest first. */
export function publicationsOfGroup(viewer: Viewer): ListQuery<Publication> {
  return {
    name: 'publicationsOfGroup',
    order: {
      keys: [
        { expression: 'publication.published_at', property: 'publishedAt', type: 'timestamptz' },
        { expression: 'publication.id', property: 'id', type: 'uuid' },
      ],
      descending: true,
    },
    rows: (manager, group) =>
      selectRows(manager, Publication, 'publication')
        .innerJoin('publication_account_groups', 'offered', 'offered.publication_id = publication.id')
        .where(`offered.account_group_id = ${group} AND publication.account_id = :viewer`, {
          viewer: viewer.accountId,
        }),
  };
}
