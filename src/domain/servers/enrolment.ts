import type { OrderState } from './launch-order';

/** After its LAUNCH order was completed, a machine can enrol for so long. */
const ENROLMENT_HOURS = 24;

/** What decides whether an enrolment token is good. */
export interface EnrolmentFacts {
  readonly state: OrderState;
  readonly leaseExpiresAt: Date | null;
  readonly completedAt: Date | null;
}

/** whether the token of an order's last claim is good still: as long as that claim, and 24 hours after its completion. */
export function mayEnrol({ state, leaseExpiresAt, completedAt }: EnrolmentFacts, now: Date): boolean {
  if (state === 'CLAIMED') return leaseExpiresAt !== null && leaseExpiresAt > now;
  if (state !== 'COMPLETED' || completedAt === null) return false;
  return now.getTime() - completedAt.getTime() < ENROLMENT_HOURS * 3_600_000;
}
