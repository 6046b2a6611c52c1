import { randomUUID } from 'node:crypto';
import { AGENT_TAG } from '../../domain/advisories/agent-advisories';
import { DomainError } from '../../domain/errors';
import { toGlobalId } from '../../domain/global-id';
import { assertDescription, assertName } from '../../domain/text';
import type { Instance } from '../../entities/servers/instance';
import { recordAudit } from '../../persistence/access/audit-store';
import { imagesById } from '../../persistence/batches';
import { insertBundle } from '../../persistence/servers/bundle-store';
import { insertBundleOrder } from '../../persistence/servers/launch-order-store';
import type { Row } from '../../persistence/select';
import { unitOfWork, type ActionContext, type Transaction } from '../../persistence/unit-of-work';
import { actingViewer } from '../acting-viewer';
import { lockOwnInstance } from './lock-instance';

export interface BundleInstance {
  readonly instanceId: string;
  readonly name: string;
  readonly description?: string | null;
}

/** What a bundle was given. */
export interface Bundled {
  readonly imageId: string;
  readonly orderId: string;
}

/**
 * Orders a private image of an OPERATIONAL instance. It is PENDING until the order is completed, and carries
 * nothing that tells which launch it comes from.
 *
 * @throws DomainError NOT_FOUND, NOT_RUNNING or INVALID
 */
export function bundleInstance(
  context: ActionContext,
  { instanceId, name, description = null }: BundleInstance,
): Promise<Bundled> {
  assertName(name, 'input', 'name');
  assertDescription(description, 'input', 'description');
  return unitOfWork(context, async (tx) => {
    const instance = await lockOwnInstance(tx, instanceId);
    assertOperational(instance);
    const { accountId, cloudId } = instance;
    const [imageId, orderId] = [randomUUID(), randomUUID()];
    await insertBundle(
      tx.manager,
      {
        id: imageId,
        cloudId,
        ownerAccountId: accountId,
        // Unique, and no cloud's: the cloud gives the true one when the image is made.
        resourceUid: `bundle:${orderId}`,
        name,
        description,
        ...(await factsOf(tx, instance)),
      },
      tx.now,
    );
    await insertBundleOrder(tx.manager, { id: orderId, accountId, instanceId, imageId, createdAt: tx.now });
    await recordAudit(tx, {
      action: 'instance.bundle',
      objectType: 'Instance',
      objectId: instanceId,
      changes: { imageId: toGlobalId('CloudImage', imageId), name },
    });
    return { imageId, orderId };
  });
}

function assertOperational({ state }: Instance): void {
  if (state === 'OPERATIONAL') return;
  throw new DomainError(
    state === 'TERMINATED' ? 'NOT_RUNNING' : 'INVALID',
    `The instance is ${state}: only an OPERATIONAL one can be bundled.`,
    { path: ['input', 'instanceId'] },
  );
}

/** Those of the image that it runs, as far as the account sees it. */
async function factsOf(tx: Transaction, { imageId, tags }: Row<Instance>) {
  const [image] = await imagesById(tx.manager, actingViewer(tx), imageId === null ? [] : [imageId]);
  const source = image?.visible ? image : null;
  return {
    osPlatform: source?.osPlatform ?? null,
    operatingSystem: source?.operatingSystem ?? null,
    cpuArchitecture: source?.cpuArchitecture ?? null,
    virtualizationType: source?.virtualizationType ?? null,
    rootDeviceStorage: source?.rootDeviceStorage ?? null,
    agentEnabled: source?.agentEnabled === true || tags.includes(AGENT_TAG),
  };
}
