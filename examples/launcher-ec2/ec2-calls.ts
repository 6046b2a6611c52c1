import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateImageCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
  type ImageState,
  type Instance,
  type StateReason,
} from '@aws-sdk/client-ec2';
import { hasCode, Refusal, refusalOf } from './ec2-errors';
import { machineTags } from './ec2-tags';
import type { ClaimedOrder, OrderKind } from './service';
import type { Settings } from './settings';
import { deliverToken } from './token-delivery';

export interface Ec2Call {
  readonly client: EC2Client;
  readonly claimed: ClaimedOrder;
  readonly settings: Settings;
  /** Aborted when the lease is about to expire. */
  readonly signal: AbortSignal;
}

interface Ec2Action {
  /**
   * What EC2 is asked for. Repeated by a later attempt, it finds what an earlier one made.
   *
   * @returns the id of the machine or image that was made, if any
   * @throws Refusal, or what EC2 answered
   */
  readonly run: (call: Ec2Call) => Promise<string | null>;
  /** Takes back what was made for an order that failed meanwhile: it belongs to nobody. */
  readonly undo?: (call: Ec2Call, made: string) => Promise<void>;
}

export const EC2_ACTIONS: Readonly<Record<OrderKind, Ec2Action>> = {
  LAUNCH: { run: launch, undo: endMachine },
  TERMINATE: { run: terminate },
  BUNDLE: { run: bundle, undo: deleteImage },
};

async function launch(call: Ec2Call): Promise<string> {
  const { claimed, settings, signal } = call;
  const { InstanceId: machine, State, StateReason } = await runOrFind(call);
  if (machine === undefined) throw new Error('EC2 launched a machine without an id');
  if (State?.Name === 'terminated' || State?.Name === 'shutting-down')
    throw new Refusal(`The machine ${machine} ended at once${because(StateReason)}.`);
  if (settings.tokenCommand !== null && claimed.enrolmentToken !== null)
    await deliverToken({
      command: settings.tokenCommand,
      machine,
      region: claimed.cloud.region,
      token: claimed.enrolmentToken,
      signal,
    });
  return machine;
}

/**
 * The order's id as client token: EC2 answers a second attempt with the machine of the first. If the tags of the instance
 * or the launch template have changed in between, it only says that there was another call.
 */
async function runOrFind({ client, claimed, settings, signal }: Ec2Call): Promise<Instance> {
  const { launch: values, order } = claimed;
  if (values === null) throw new Error(`The order ${order.id} came without what to launch`);
  const command = new RunInstancesCommand({
    ClientToken: order.id,
    MinCount: 1,
    MaxCount: 1,
    ImageId: values.imageResourceUid,
    InstanceType: values.instanceTypeResourceUid as Instance['InstanceType'],
    KernelId: values.kernelImageResourceUid ?? undefined,
    RamdiskId: values.ramdiskImageResourceUid ?? undefined,
    UserData: values.userData === null ? undefined : Buffer.from(values.userData, 'utf8').toString('base64'),
    LaunchTemplate:
      settings.launchTemplate === null ? undefined : { LaunchTemplateName: settings.launchTemplate },
    TagSpecifications: [{ ResourceType: 'instance', Tags: machineTags(claimed) }],
  });
  try {
    const { Instances } = await client.send(command, { abortSignal: signal });
    return only(Instances, order.id);
  } catch (error) {
    if (!hasCode(error, 'IdempotentParameterMismatch')) throw error;
    return only(await machinesOf({ client, signal }, order.id), order.id);
  }
}

/** What a LAUNCH order made, by its client token. */
async function machinesOf(
  { client, signal }: Pick<Ec2Call, 'client' | 'signal'>,
  launchOrder: string,
): Promise<Instance[]> {
  const { Reservations = [] } = await client.send(
    new DescribeInstancesCommand({ Filters: [{ Name: 'client-token', Values: [launchOrder] }] }),
    { abortSignal: signal },
  );
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

/** Asks until it has ended: what waits for its end may need its address or its disks. */
async function terminate(call: Ec2Call): Promise<null> {
  const { client, claimed, settings, signal } = call;
  const machine = claimed.resourceUid ?? (await findLaunched(call));
  if (machine === null) return null;
  try {
    await endMachine(call, machine);
    for (;;) {
      const { Reservations } = await client.send(new DescribeInstancesCommand({ InstanceIds: [machine] }), {
        abortSignal: signal,
      });
      if (only(Reservations?.[0]?.Instances, machine).State?.Name === 'terminated') return null;
      await sleep(settings.pollSeconds * 1000, undefined, { signal });
    }
  } catch (error) {
    // EC2 may not know yet what it has just launched: it is believed a lease later.
    if (hasCode(error, 'InvalidInstanceID.NotFound')) {
      if (claimed.order.attempts > 1) return null;
      throw new Error(`EC2 does not know ${machine}, which may be new`, { cause: error });
    }
    throw error;
  }
}

/** The machine of a launch that was cancelled or failed, whose launcher never told; `null`: it made none. */
async function findLaunched(call: Ec2Call): Promise<string | null> {
  const { launchOrder, order } = call.claimed;
  if (launchOrder === null) return machineOf(call.claimed);
  const [machine] = await machinesOf(call, launchOrder.id);
  if (machine?.InstanceId !== undefined) return machine.InstanceId;
  // It may be new, as above.
  if (order.attempts > 1) return null;
  throw new Error(`EC2 shows no machine of ${launchOrder.id}, which may be new`);
}

/** EC2 shows new images late. One that it doesn't know after so many milliseconds is gone. */
const IMAGE_SHOWS_WITHIN = 120_000;

/** The name carries the order's id, because images have no client token: two of one name can't be made. */
async function bundle(call: Ec2Call): Promise<string> {
  const image = await createOrFindImage(call);
  const gone = Date.now() + IMAGE_SHOWS_WITHIN;
  for (;;) {
    const { State, StateReason } = await describeImage(call, image, Date.now() < gone);
    if (State === 'available') return image;
    if (State !== 'pending') {
      const failure = `The image ${image} became ${State}${because(StateReason)}.`;
      throw new Refusal(FAILED_IMAGE.has(State) ? failure + (await discard(call, image)) : failure);
    }
    await sleep(call.settings.pollSeconds * 1000, undefined, { signal: call.signal });
  }
}

/** @param mayBeNew whether an image that EC2 doesn't know counts as pending */
async function describeImage(
  { client, signal }: Ec2Call,
  image: string,
  mayBeNew: boolean,
): Promise<{ readonly State: ImageState | undefined; readonly StateReason?: StateReason }> {
  try {
    const { Images } = await client.send(new DescribeImagesCommand({ ImageIds: [image] }), {
      abortSignal: signal,
    });
    const { State, StateReason } = only(Images, image);
    return { State, StateReason };
  } catch (error) {
    if (mayBeNew && hasCode(error, 'InvalidAMIID.NotFound')) return { State: 'pending' };
    throw error;
  }
}

const FAILED_IMAGE: ReadonlySet<ImageState | undefined> = new Set<ImageState>(['failed', 'error', 'invalid']);

/** Deletes an image that can't be launched, so that nobody pays for its disks. @returns why EC2 refuses to, if it does */
async function discard(call: Ec2Call, image: string): Promise<string> {
  try {
    await deleteImage(call, image);
    return '';
  } catch (error) {
    return ` EC2 keeps it: ${refusalOf(error).message}`;
  }
}

const MAXIMUM_IMAGE_NAME = 128;
const MAXIMUM_IMAGE_DESCRIPTION = 255;

async function createOrFindImage({ client, claimed, signal }: Ec2Call): Promise<string> {
  const { order, bundleName, bundleDescription } = claimed;
  if (bundleName === null) throw new Error(`The order ${order.id} came without the name of its image`);
  const readable = bundleName.replaceAll(/[^A-Za-z0-9()[\] ./\-'@_]/g, '-');
  const Name = `${readable.slice(0, MAXIMUM_IMAGE_NAME - order.id.length - 1)} ${order.id}`;
  try {
    const command = new CreateImageCommand({
      InstanceId: machineOf(claimed),
      Name,
      Description: bundleDescription?.slice(0, MAXIMUM_IMAGE_DESCRIPTION),
      TagSpecifications: [
        {
          ResourceType: 'image',
          Tags: [
            { Key: 'Name', Value: bundleName },
            { Key: 'mci-graph:order', Value: order.id },
          ],
        },
      ],
    });
    const { ImageId } = await client.send(command, { abortSignal: signal });
    if (ImageId === undefined) throw new Error('EC2 makes an image without an id');
    return ImageId;
  } catch (error) {
    if (!hasCode(error, 'InvalidAMIName.Duplicate')) throw error;
    const command = new DescribeImagesCommand({
      Owners: ['self'],
      Filters: [{ Name: 'name', Values: [Name] }],
    });
    const { Images } = await client.send(command, { abortSignal: signal });
    const { ImageId } = only(Images, order.id);
    if (ImageId === undefined) throw new Error('EC2 has an image without an id', { cause: error });
    return ImageId;
  }
}

async function endMachine({ client, signal }: Ec2Call, machine: string): Promise<void> {
  await client.send(new TerminateInstancesCommand({ InstanceIds: [machine] }), { abortSignal: signal });
}

async function deleteImage({ client, signal }: Ec2Call, image: string): Promise<void> {
  await client.send(new DeregisterImageCommand({ ImageId: image, DeleteAssociatedSnapshots: true }), {
    abortSignal: signal,
  });
}

function machineOf({ resourceUid, instanceName }: ClaimedOrder): string {
  if (resourceUid === null) throw new Refusal(`It is not known which machine ${instanceName} is.`);
  return resourceUid;
}

const because = (reason: StateReason | undefined): string =>
  reason?.Message === undefined ? '' : `: ${reason.Message}`;

/** EC2 shows new things late, so that none is no answer yet. */
function only<Thing>(things: readonly Thing[] | undefined, of: string): Thing {
  const [thing] = things ?? [];
  if (thing === undefined) throw new Error(`EC2 shows nothing of ${of} yet`);
  return thing;
}
