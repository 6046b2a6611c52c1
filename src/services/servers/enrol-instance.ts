import { principalOfInstance } from '../../domain/access/instance-principal';
import type { Principal } from '../../domain/access/principal';
import { hashToken, mintInstanceCredential } from '../../domain/access/token';
import { DomainError } from '../../domain/errors';
import { mayEnrol } from '../../domain/servers/enrolment';
import { assertMove } from '../../domain/servers/instance-state';
import { assertResourceUid } from '../../domain/servers/resource-uid';
import type { LaunchOrder } from '../../entities/servers/launch-order';
import { recordAudit } from '../../persistence/access/audit-store';
import {
  instanceByEnrolment,
  lockInstance,
  moveInstances,
  updateInstance,
} from '../../persistence/servers/instance-store';
import { lockOrder } from '../../persistence/servers/launch-order-store';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import type { Instance } from '../../entities/servers/instance';
import type { Row } from '../../persistence/select';

export interface EnrolInstance {
  readonly enrolmentToken: string;
  /** The cloud's id of the machine, as the machine knows it. */
  readonly resourceUid: string;
}

/** Who enrols shows the token; `principal` is `null` without any other credentials. */
export interface EnrolmentContext extends Pick<ActionContext, 'dataSource' | 'now'> {
  readonly principal: Principal | null;
}

export interface Enrolled {
  readonly instance: Row<Instance>;
  /** The secret. It can't be read again: only its hash is stored. */
  readonly credential: string;
}

/**
 * A machine exchanges its enrolment token for a credential that acts for it alone. Until that is first used, the
 * token stays good: if the answer was lost, another exchange gives a new credential and ends the one before. One that
 * enrols before its launcher has completed the order proves that the cloud took the call: it is BOOTING. The order stays
 * the launcher's, who alone says which machine it is.
 *
 * @throws DomainError INVALID; NOT_FOUND for a token that is unknown, spent or expired, without telling which
 */
export async function enrolInstance(
  context: EnrolmentContext,
  { enrolmentToken, resourceUid }: EnrolInstance,
): Promise<Enrolled> {
  assertResourceUid(resourceUid);
  const { dataSource, now, principal } = context;
  const hash = hashToken(enrolmentToken);
  const found = await instanceByEnrolment(dataSource.manager, hash);
  // What is another account's is as if it did not exist.
  if (found === null || (principal !== null && principal.accountId !== found.account.id))
    throw unknownToken();
  const machine = principalOfInstance(found, null);
  return unitOfWork({ dataSource, now, principal: machine }, async (tx) => {
    const instance = await lockInstance(tx.manager, machine.accountId, found.id);
    const order = instance && (await lockOrder(tx.manager, machine.accountId, found.orderId));
    if (!instance || !order || !isGood(order, hash, now) || instance.state === 'TERMINATED')
      throw unknownToken();
    // Without telling which machine it is.
    if (instance.resourceUid !== null && instance.resourceUid !== resourceUid) throw unknownToken();
    const credential = mintInstanceCredential();
    const after = await admit(tx, instance, order, resourceUid, hashToken(credential));
    return { instance: after, credential };
  });
}

const unknownToken = (): DomainError =>
  new DomainError(
    'NOT_FOUND',
    'This enrolment token is unknown, spent or expired: a launcher is given a new one when it claims the order again.',
    { path: ['input', 'enrolmentToken'] },
  );

const isGood = (order: LaunchOrder, hash: Buffer, now: Date): boolean =>
  order.enrolmentHash !== null && order.enrolmentHash.equals(hash) && mayEnrol(order, now);

async function admit(
  tx: Transaction,
  instance: Row<Instance>,
  order: Row<LaunchOrder>,
  resourceUid: string,
  credentialHash: Buffer,
): Promise<Row<Instance>> {
  const { id } = instance;
  let { state } = instance;
  if (state === 'PENDING') {
    state = assertMove(state, 'ORDER_TAKEN', 'input', 'enrolmentToken');
    await moveInstances(
      tx.manager,
      [id],
      { state, stateReason: null, claimableAt: order.claimableAt },
      tx.now,
    );
  }
  // Which machine it is says only who drives the cloud: orders to end or to bundle it go by that.
  await updateInstance(tx.manager, id, { credentialHash });
  await recordAudit(tx, {
    action: 'instance.enrol',
    objectType: 'Instance',
    objectId: id,
    changes: {
      statedResourceUid: resourceUid,
      state: { before: instance.state, after: state },
      // The answer before was lost, or somebody else has the token.
      ...(instance.credentialHash !== null && { credential: 'replaced' }),
    },
  });
  return { ...instance, state };
}
