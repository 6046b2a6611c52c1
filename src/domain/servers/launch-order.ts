import { DomainError, invalid } from '../errors';

/** What a launcher is to do in a cloud. */
export type OrderKind = 'LAUNCH' | 'TERMINATE' | 'BUNDLE';

export const ORDER_KINDS: readonly OrderKind[] = ['LAUNCH', 'TERMINATE', 'BUNDLE'];

/** How far it is. WAITING: until another instance has ended; OPEN: to be claimed. */
export type OrderState = 'WAITING' | 'OPEN' | 'CLAIMED' | 'COMPLETED' | 'FAILED';

/** One claim takes no more orders than these. */
const MAXIMUM_CLAIMED = 100;
/** A launcher that dies holds its orders no longer than this. */
const MAXIMUM_LEASE_SECONDS = 3600;

/** @throws DomainError INVALID */
export function assertClaim({ limit, leaseSeconds }: { limit: number; leaseSeconds: number }): void {
  if (limit < 1 || limit > MAXIMUM_CLAIMED)
    throw invalid(`\`limit\` is ${limit}: claim 1 to ${MAXIMUM_CLAIMED} orders at a time.`, 'input', 'limit');
  if (leaseSeconds < 1 || leaseSeconds > MAXIMUM_LEASE_SECONDS)
    throw invalid(
      `\`leaseSeconds\` is ${leaseSeconds}: a lease lasts 1 to ${MAXIMUM_LEASE_SECONDS} seconds. Claim the order again when it needs longer.`,
      'input',
      'leaseSeconds',
    );
}

/** What decides whether a claim holds. */
export interface ClaimedFacts {
  readonly kind: OrderKind;
  readonly state: OrderState;
  readonly claimId: string | null;
  readonly leaseExpiresAt: Date | null;
}

/** What a launcher that lost its claim does about the machine or image that it made. */
const CURES: Readonly<Record<OrderKind, string>> = {
  LAUNCH: 'End the machine, if you launched one: it belongs to nobody.',
  TERMINATE: 'There is nothing left to do for you.',
  BUNDLE: 'Delete the image, if you made one: it belongs to nobody.',
};

/**
 * Whether this claim holds at this moment, so that its holder may complete or fail the order. The answer is
 * the same for a claim that never was, one that expired, and one of another launcher.
 *
 * @throws DomainError NOT_FOUND
 */
export function assertClaimHolds(order: ClaimedFacts, claimId: string, now: Date): void {
  const { kind, state, leaseExpiresAt } = order;
  const holds = state === 'CLAIMED' && leaseExpiresAt !== null && leaseExpiresAt > now;
  if (!holds || order.claimId !== claimId)
    throw new DomainError(
      'NOT_FOUND',
      `This claim does not hold: its lease expired, or another launcher has the order. ${CURES[kind]} Then claim orders again.`,
      { path: ['input', 'claimId'] },
    );
}

/**
 * The cloud's id that completing an order tells: of the machine that was launched, of the image that was made.
 * Terminating tells none.
 *
 * @throws DomainError INVALID
 */
export function assertCompletion(kind: OrderKind, resourceUid: string | null): void {
  if (kind === 'TERMINATE') {
    if (resourceUid !== null)
      throw invalid('A TERMINATE order makes nothing: leave `resourceUid` out.', 'input', 'resourceUid');
    return;
  }
  if (resourceUid === null)
    throw invalid(
      `\`resourceUid\` is missing: give the cloud's id of the ${kind === 'LAUNCH' ? 'machine' : 'image'}.`,
      'input',
      'resourceUid',
    );
}
