import { InstanceType } from '../entities/catalog/instance-type';
import * as batches from '../persistence/batches';
import type { Transaction } from '../persistence/unit-of-work';
import { actingViewer } from '../services/acting-viewer';
import { claimLaunchOrders } from '../services/servers/claim-launch-orders';
import { completeLaunchOrder } from '../services/servers/complete-launch-order';
import { createDeployment } from '../services/servers/create-deployment';
import { createServer } from '../services/servers/create-server';
import { createServerArray } from '../services/servers/create-server-array';
import { launchServer } from '../services/servers/launch-server';
import { launchServerArray } from '../services/servers/launch-server-array';
import { reportInstance } from '../services/servers/report-instance';
import { updateNext } from '../services/servers/update-next';
import type { DemoScripts } from './demo-scripts';
import { createWebTemplate, renewWebTemplate, type DemoImages } from './demo-web-template';

const VIRGINIA = { cloudType: 'amazon', region: 'us-east-1' };
const IRELAND = { cloudType: 'amazon', region: 'eu-west-1' };
const GOOGLE = { cloudType: 'google', region: 'global' };
const ARM_TYPE = { ...VIRGINIA, resourceUid: 't4g.medium' };

/** As long as such machines take. */
const BOOT_MILLISECONDS = 48_000;

/**
 * Servers that were launched when their template named an earlier release, and what has changed since: one would launch
 * another image now, one stays behind, and one can't be launched at all.
 *
 * @param tx when they were launched
 * @param now when the template moved on
 */
export async function createDemoServers(
  tx: Transaction,
  images: DemoImages,
  scripts: DemoScripts,
  now: Date,
): Promise<void> {
  const template = await createWebTemplate(tx, images, scripts);
  const deploymentId = await createDeployment(tx, {
    name: 'Web',
    description: 'Front ends in two clouds.',
    tags: ['team:owner=web'],
  });
  const [virginia, ireland, google] = await cloudKeys(tx, [VIRGINIA, IRELAND, GOOGLE]);
  const definition = (name: string, description: string, cloudId: string, serverTemplateId: string) => ({
    name,
    description,
    cloudId,
    serverTemplateId,
    deploymentId,
    tags: ['web:role=front'],
    choices: {},
  });
  const { firstRevisionId } = template;
  const front = await createServer(
    tx,
    definition('web-1', 'Its next launch is from the newest revision.', virginia, firstRevisionId),
  );
  const behind = await createServer(
    tx,
    definition('web-2', 'Stays on the release of September 2025.', ireland, firstRevisionId),
  );
  const pool = await createServerArray(tx, {
    ...definition('web-pool', 'Grows with the load.', google, firstRevisionId),
    minCount: 1,
    maxCount: 5,
  });
  for (const id of [front, behind]) await launchServer(tx, { id });
  await launchServerArray(tx, { id: pool, count: 2 });
  await bootAll(tx);

  const later = { ...tx, now };
  const serverTemplateId = await renewWebTemplate(later, template);
  for (const [type, id] of [
    ['Server', front],
    ['ServerArray', pool],
  ] as const)
    await updateNext(later, type, { id, expectedVersion: null, serverTemplateId, choices: {} });
  await createServer(later, {
    ...definition(
      'web-arm',
      'An arm64 type on an x86_64 image: can not be launched.',
      virginia,
      serverTemplateId,
    ),
    choices: { instanceTypeId: await instanceTypeKey(tx, ARM_TYPE) },
  });
}

/** What a launcher would do, and then the machines. There are none behind them. */
async function bootAll(tx: Transaction): Promise<void> {
  const claimed = await claimLaunchOrders(tx, { limit: 100, leaseSeconds: 600, kinds: null, cloudIds: null });
  const booted = { ...tx, now: new Date(tx.now.getTime() + BOOT_MILLISECONDS) };
  for (const [index, { id: orderId, claimId, instanceId }] of claimed.entries()) {
    await completeLaunchOrder(tx, { orderId, claimId, resourceUid: `demo-machine-${index + 1}` });
    await reportInstance(booted, { instanceId, state: 'OPERATIONAL', resourceUid: null, reason: null });
  }
}

type Place = typeof VIRGINIA;

async function cloudKeys<const Places extends readonly Place[]>(
  tx: Transaction,
  places: Places,
): Promise<{ readonly [P in keyof Places]: string }> {
  const clouds = await batches.cloudsByNaturalKey(tx.manager, actingViewer(tx), places);
  const keyOf = ({ cloudType, region }: Place): string => {
    const cloud = clouds.find((found) => found.cloudType === cloudType && found.region === region);
    if (cloud === undefined) throw new Error(`The demo has no cloud ${cloudType} ${region}`);
    return cloud.id;
  };
  return places.map(keyOf) as { [P in keyof Places]: string };
}

async function instanceTypeKey(tx: Transaction, key: typeof ARM_TYPE): Promise<string> {
  const [type] = await batches.byNaturalKey<InstanceType>(tx.manager, InstanceType, actingViewer(tx), [key]);
  if (type === undefined) throw new Error(`The demo has no instance type ${key.resourceUid}`);
  return type.id;
}
