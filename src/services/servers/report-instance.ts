import { invalid, notFound } from '../../domain/errors';
import { toGlobalId } from '../../domain/global-id';
import { assertMove, type InstanceCause, type InstanceState } from '../../domain/servers/instance-state';
import { causeOfReport } from '../../domain/servers/report';
import { assertResourceUid, assertSameResourceUid } from '../../domain/servers/resource-uid';
import { assertDescription } from '../../domain/text';
import type { Instance } from '../../entities/servers/instance';
import { recordAudit } from '../../persistence/access/audit-store';
import { moveInstances } from '../../persistence/servers/instance-store';
import { closeTerminations } from '../../persistence/servers/launch-order-store';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import { decommissionInstances, endInstances } from './end-instances';
import { endLateMachine, UNDER_WAY } from './end-late-machine';
import { identifyMachine } from './identify-machine';
import { lockOwnInstance } from './lock-instance';

export interface ReportInstance {
  /** `null`: the instance whose credential is shown. */
  readonly instanceId: string | null;
  readonly state: InstanceState;
  /** `null`: nothing new. */
  readonly resourceUid: string | null;
  readonly reason: string | null;
}

/**
 * Tells what a machine is doing: whoever drives the cloud of any instance of the account, a machine of itself
 * only. What is known already changes nothing. A machine that runs though its instance is TERMINATED is ended.
 *
 * @returns the key of the instance
 * @throws DomainError NOT_FOUND, NOT_RUNNING or INVALID
 */
export function reportInstance(context: ActionContext, input: ReportInstance): Promise<string> {
  const { state, resourceUid, reason } = input;
  if (resourceUid !== null) assertResourceUid(resourceUid);
  assertDescription(reason, 'input', 'reason');
  const id = reportedInstance(context, input.instanceId);
  return unitOfWork(context, async (tx) => {
    const instance = await lockOwnInstance(tx, id);
    const itself = tx.principal.instanceId !== undefined;
    if (instance.state === 'TERMINATED' && state !== 'TERMINATED' && resourceUid !== null && !itself)
      await endRunning(tx, instance, state, resourceUid);
    else await takeReport(tx, instance, input, itself);
    return id;
  });
}

/** The instance stays TERMINATED. */
async function endRunning(
  tx: Transaction,
  instance: Instance,
  state: InstanceState,
  resourceUid: string,
): Promise<void> {
  if (await endLateMachine(tx, instance, resourceUid, UNDER_WAY))
    await recordReport(tx, instance.id, { running: state, resourceUid, tooLate: true });
}

async function takeReport(
  tx: Transaction,
  instance: Instance,
  { state, resourceUid, reason }: ReportInstance,
  itself: boolean,
): Promise<void> {
  const { id } = instance;
  const cause = causeOfReport(instance.state, state, itself);
  if (resourceUid !== null) assertSameResourceUid(instance.resourceUid, resourceUid);
  // A machine doesn't say which one it is: orders to end or to bundle it go by that.
  const found = resourceUid !== null && instance.resourceUid === null && !itself;
  if (found) await identifyMachine(tx, instance, resourceUid);
  if (cause !== null) await move(tx, found ? { ...instance, resourceUid } : instance, cause, reason);
  // Else a machine that came late, which an order is to end still, is gone, too; that one itself doesn't know.
  const gone = cause === null && state === 'TERMINATED' && !itself;
  const closed = gone ? await closeTerminations(tx.manager, id, tx.now) : [];
  if (cause === null && !found && closed.length === 0) return;
  await recordReport(tx, id, {
    ...(cause !== null && { state: { before: instance.state, after: state }, reason }),
    ...(found && { resourceUid: { before: null, after: resourceUid } }),
    ...(closed.length > 0 && { closedOrders: closed.map((key) => toGlobalId('LaunchOrder', key)) }),
  });
}

const recordReport = (tx: Transaction, objectId: string, changes: Record<string, unknown>): Promise<void> =>
  recordAudit(tx, { action: 'instance.report', objectType: 'Instance', objectId, changes });

function reportedInstance({ principal }: ActionContext, instanceId: string | null): string {
  const id = instanceId ?? principal.instanceId;
  if (id === undefined)
    throw invalid('`instanceId` is missing: say which instance is meant.', 'input', 'instanceId');
  if (principal.instanceId !== undefined && principal.instanceId !== id)
    throw notFound('instance', 'input', 'instanceId');
  return id;
}

function move(
  tx: Transaction,
  instance: Instance,
  cause: InstanceCause,
  reason: string | null,
): Promise<void> {
  const state = assertMove(instance.state, cause, 'input', 'state');
  if (cause === 'DECOMMISSIONED') return decommissionInstances(tx, [instance], reason);
  if (cause === 'ENDED' || cause === 'GONE')
    return endInstances(tx, [instance], cause, reason ?? GONE[cause] ?? instance.stateReason);
  const times = cause === 'BOOTED' && { operationalAt: tx.now };
  return moveInstances(tx.manager, [instance.id], { state, stateReason: reason, ...times }, tx.now);
}

const GONE: Partial<Record<InstanceCause, string>> = { GONE: 'The cloud reports that the machine is gone.' };
