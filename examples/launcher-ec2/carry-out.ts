import { EC2_ACTIONS, type Ec2Call } from './ec2-calls';
import { refusalOf } from './ec2-errors';
import { log, reasonOf } from './log';
import type { ClaimedOrder, Service } from './service';

const UNDO_WITHIN = 60_000;

/**
 * Does what an order asks for and reports it. What EC2 refuses fails the order. Anything else, such as a lost connection,
 * leaves it as it is: when its lease has expired, the next attempt begins where this one ended.
 */
export async function carryOut(service: Service, call: Ec2Call): Promise<void> {
  const { claimed } = call;
  const { id, kind } = claimed.order;
  try {
    const outcome = await EC2_ACTIONS[kind].run(call).then(
      (made) => ({ made }),
      (error: unknown) => ({ refusal: refusalOf(error) }),
    );
    if ('refusal' in outcome) await fail(service, claimed, outcome.refusal.message);
    else await complete(service, call, outcome.made);
  } catch (error) {
    log('left to the next attempt', { order: id, kind, reason: reasonOf(error) });
  }
}

async function fail(service: Service, claimed: ClaimedOrder, reason: string): Promise<void> {
  const { id, kind } = claimed.order;
  const objection = await service.fail(claimed, reason);
  if (objection === null) log('failed', { order: id, kind, reason });
  else log('failed, but reported too late', { order: id, kind, reason, answer: objection.message });
}

async function complete(service: Service, call: Ec2Call, made: string | null): Promise<void> {
  const { claimed } = call;
  const { id, kind } = claimed.order;
  const objection = await service.complete(claimed, made);
  if (objection === null) return log('completed', { order: id, kind, made });
  // The catalog may have got the image from a listing of the cloud before: the service says to use that one.
  if (kind === 'BUNDLE' && objection.code === 'INVALID') return fail(service, claimed, objection.message);
  log('completed too late', { order: id, kind, made, answer: objection.message });
  // While the order is open or another launcher's, its next attempt finds and reports what was made here.
  const { undo } = EC2_ACTIONS[kind];
  if (made === null || !undo || !(await service.hasFailed(claimed))) return;
  // The lease that bounds the order's own calls may be over.
  await undo({ ...call, signal: AbortSignal.timeout(UNDO_WITHIN) }, made);
  log('undone', { order: id, kind, made });
}
