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

/** What is known of a launch when its instance ends while it is PENDING. */
export interface EndedLaunch {
  /** How often its order was claimed. */
  readonly attempts: number;
  /** Of the last claim; `null`: nobody works on it. */
  readonly leaseExpiresAt: Date | null;
  /** Of its machine; `null`: none is known. */
  readonly resourceUid: string | null;
}

/** Why an instance ends while it is PENDING. */
export type PendingEnd = 'CLOUD_FAILED' | 'CANCELLED' | 'GONE';

/**
 * From when on a launcher is to end the machine that a launch may have made: not before the launcher that works on it
 * has to be done, since it may call the cloud until then.
 *
 * @param cause CLOUD_FAILED: the last attempt made none, but those before may have; GONE: the cloud says that there is no
 *   machine, which a launcher may be calling for just now
 * @returns `null`: there is none to end
 */
export function endMachineFrom(launch: EndedLaunch, cause: PendingEnd, now: Date): Date | null {
  const { attempts, leaseExpiresAt, resourceUid } = launch;
  const underWay = leaseEnd(leaseExpiresAt, now);
  if (cause === 'GONE') return resourceUid === null ? underWay : null;
  if (resourceUid !== null) return now;
  if (cause === 'CLOUD_FAILED') return attempts > 1 ? now : null;
  return attempts > 0 ? (underWay ?? now) : null;
}

/** Until when a launcher may be working on an order; `null`: nobody is. */
export function leaseEnd(leaseExpiresAt: Date | null, now: Date): Date | null {
  return leaseExpiresAt !== null && leaseExpiresAt > now ? leaseExpiresAt : null;
}

const MAXIMUM_RETRY_SECONDS = 3600;

/** When a machine that could not be ended is tried again: after 2, 4, 8 … seconds, at most an hour. */
export function retryAt(attempts: number, now: Date): Date {
  return new Date(now.getTime() + Math.min(2 ** attempts, MAXIMUM_RETRY_SECONDS) * 1000);
}
