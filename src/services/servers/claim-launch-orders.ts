import { randomUUID } from 'node:crypto';
import { hashToken, mintEnrolmentToken } from '../../domain/access/token';
import { DomainError, invalid } from '../../domain/errors';
import { toGlobalId } from '../../domain/global-id';
import { ORDER_KINDS, assertClaim, type OrderKind } from '../../domain/servers/launch-order';
import { recordAudit } from '../../persistence/access/audit-store';
import {
  lockClaimable,
  markClaimed,
  orderData,
  type Claimable,
  type OrderData,
} from '../../persistence/servers/launch-order-store';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';

export interface ClaimLaunchOrders {
  /** At most so many orders. */
  readonly limit: number;
  readonly leaseSeconds: number;
  /** `null`: all. */
  readonly kinds: readonly OrderKind[] | null;
  /** `null`: of any cloud. */
  readonly cloudIds: readonly string[] | null;
}

/** An order that this launcher alone works on, until its lease expires. */
export interface ClaimedOrder extends OrderData {
  readonly kind: OrderKind;
  readonly claimId: string;
  /** The secret that the machine is given to enrol with. It can't be read again. `null`: not a LAUNCH order. */
  readonly enrolmentToken: string | null;
}

const MAXIMUM_CLOUDS = 100;

/**
 * Takes the oldest orders that nobody works on, each by one launcher only.
 *
 * @throws DomainError INVALID or LIMIT_EXCEEDED
 */
export function claimLaunchOrders(context: ActionContext, input: ClaimLaunchOrders): Promise<ClaimedOrder[]> {
  assertClaim(input);
  assertNarrowed(input);
  const { limit, leaseSeconds, kinds, cloudIds } = input;
  return unitOfWork(context, async (tx) => {
    const { accountId } = actingViewer(tx);
    const orders = await claimable(tx, {
      accountId,
      kinds: kinds ?? ORDER_KINDS,
      cloudIds,
      limit,
      now: tx.now,
    });
    if (orders.length === 0) return [];
    const claims = new Map(
      orders.map(({ id, kind }) => {
        const enrolmentToken = kind === 'LAUNCH' ? mintEnrolmentToken() : null;
        return [id, { kind, claimId: randomUUID(), enrolmentToken }];
      }),
    );
    await markClaimed(
      tx.manager,
      [...claims].map(([id, { claimId, enrolmentToken }]) => ({
        id,
        claimId,
        enrolmentHash: enrolmentToken === null ? null : hashToken(enrolmentToken),
      })),
      new Date(tx.now.getTime() + leaseSeconds * 1000),
    );
    await recordAudit(tx, {
      action: 'launchOrder.claim',
      objectType: 'LaunchOrder',
      objectId: null,
      changes: { orders: orders.map(({ id }) => toGlobalId('LaunchOrder', id)), leaseSeconds },
    });
    const data = await orderData(tx.manager, [...claims.keys()]);
    return data.flatMap((order) => {
      const claim = claims.get(order.id);
      return claim ? { ...order, ...claim } : [];
    });
  });
}

/** A machine of which an image is to be made is ended later: who claims both may do both at the same time. */
async function claimable(tx: Transaction, wanted: Claimable) {
  const orders = await lockClaimable(tx.manager, wanted);
  const bundled = new Set(orders.flatMap(({ kind, instanceId }) => (kind === 'BUNDLE' ? instanceId : [])));
  return orders.filter(({ kind, instanceId }) => kind !== 'TERMINATE' || !bundled.has(instanceId));
}

function assertNarrowed({ kinds, cloudIds }: ClaimLaunchOrders): void {
  for (const [field, values] of Object.entries({ kinds, cloudIds }))
    if (values?.length === 0)
      throw invalid(`\`${field}\` is empty: leave it out for all of them.`, 'input', field);
  if (cloudIds !== null && cloudIds.length > MAXIMUM_CLOUDS)
    throw new DomainError(
      'LIMIT_EXCEEDED',
      `\`cloudIds\` has ${cloudIds.length} clouds; at most ${MAXIMUM_CLOUDS} are allowed.`,
      { path: ['input', 'cloudIds'] },
    );
}
