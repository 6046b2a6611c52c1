import type { DeliveryState } from '../../domain/events/webhook';
import { auditEntryList } from '../../persistence/access/audit-entry-list';
import { membershipRows } from '../../persistence/access/membership-store';
import { accessTokenList } from '../../persistence/access/token-store';
import { userList } from '../../persistence/access/user-list';
import { userRows } from '../../persistence/batches';
import { deliveryList, webhookList } from '../../persistence/events/webhook-list';
import { organizationRows } from '../../persistence/marketplace/organization-store';
import { ownAccountRows } from '../../persistence/node-store';
import { many, one, part, value } from '../../persistence/planner/fields';
import { page } from '../../persistence/planner/page';
import type { Place, PlannedFields, Rows } from '../../persistence/planner/planner';
import { ROLES, USER } from '../../persistence/planner/statement';
import { auditFilter } from '../decode';
import { reference } from './nodes';

/** In the account that looks on, as memberships say. */
export const userFields: PlannedFields = {
  name: value(({ column }) => column('name'), { canBeNull: false }),
  roles: value(({ column }) => column('roles'), { canBeNull: false }),
};

export const accountFields: PlannedFields = {
  organization: one('Organization', ({ manager, viewer, column }) =>
    organizationRows(manager, viewer, `= ${column('id')}`),
  ),
  tags: value(
    ({ column, statement }) =>
      `CASE WHEN ${column('id')} = ${statement.predicate(':viewer')} THEN ${column('tags')} ELSE '{}' END`,
    { canBeNull: false },
  ),
};

const viewingUser = ({ manager, viewer }: Place): Rows =>
  userRows(manager, viewer, '= :user').setParameter('user', USER);

const viewingAccount = ({ manager, viewer }: Place): Rows =>
  ownAccountRows(manager, viewer, '= :key').setParameter('key', viewer.accountId);

export const viewerFields: PlannedFields = {
  roles: value(({ statement }) => `${statement.bind(ROLES)}::text[]`, { canBeNull: false }),
  user: one('User', viewingUser),
  account: one('Account', viewingAccount),
  accounts: many('Membership', ({ manager }) => membershipRows(manager, USER)),
};

export const membershipFields: PlannedFields = {
  account: part('Account'),
  roles: value(({ column }) => column('roles'), { canBeNull: false }),
};

/** Of what somebody did or has. */
export const ofUser: PlannedFields = { user: reference('User', 'userId') };

export const webhookFields: PlannedFields = {
  createdBy: reference('User', 'createdById'),
  deliveries: page(
    'WebhookDelivery',
    ({ viewer, field }) => deliveryList(viewer, (field.arguments()['state'] ?? null) as DeliveryState | null),
    'id',
  ),
};

export const webhookDeliveryFields: PlannedFields = {
  webhook: reference('Webhook', 'webhookId'),
};

export const accessRoots: PlannedFields = {
  viewer: part('Viewer'),
  users: page('User', ({ viewer }) => userList(viewer)),
  accessTokens: page('AccessToken', ({ viewer }) => accessTokenList(viewer)),
  auditEntries: page('AuditEntry', ({ viewer, field }) =>
    auditEntryList(viewer, auditFilter(field.arguments()['filter'] ?? null)),
  ),
  webhooks: page('Webhook', ({ viewer }) => webhookList(viewer)),
};
