import type { Viewer } from '../../domain/access/viewer';
import type { DeliveryState } from '../../domain/events/webhook';
import { Webhook, WebhookDelivery } from '../../entities/events/webhook';
import type { ListQuery, Order } from '../keyset-page';
import { selectRows } from '../select';

const newestFirst = (alias: string): Order => ({
  keys: [
    { expression: `${alias}.created_at`, property: 'createdAt', type: 'timestamptz' },
    { expression: `${alias}.id`, property: 'id', type: 'uuid' },
  ],
  descending: true,
});

/** The account's webhooks, newest first. */
export const webhookList = (viewer: Viewer): ListQuery<Webhook> => ({
  name: 'webhooks',
  order: newestFirst('webhook'),
  rows: (manager) =>
    selectRows(manager, Webhook, 'webhook').where('webhook.account_id = :viewer', {
      viewer: viewer.accountId,
    }),
});

/** What a webhook of the viewer's (the parent) is told of, newest first; only in that state, unless `null`. */
export const deliveryList = (viewer: Viewer, state: DeliveryState | null): ListQuery<WebhookDelivery> => ({
  name: 'webhookDeliveries',
  order: newestFirst('delivery'),
  rows: (manager, webhook) => {
    const query = selectRows(manager, WebhookDelivery, 'delivery').where(
      `delivery.webhook_id = ${webhook} AND delivery.account_id = :viewer`,
      { viewer: viewer.accountId },
    );
    return state === null ? query : query.andWhere('delivery.state = :state', { state });
  },
});
