import { setTimeout as sleep } from 'node:timers/promises';
import { EC2Client } from '@aws-sdk/client-ec2';
import { carryOut } from './carry-out';
import { log, reasonOf } from './log';
import { Service, type ClaimedOrder } from './service';
import { Misconfigured, readSettings, type Settings } from './settings';

/** Claims orders and carries them out until it is told to stop; what is under way then is finished. */
async function run(settings: Settings, stop: AbortSignal): Promise<void> {
  const service = new Service(settings);
  const clients = new Map<string, EC2Client>();
  const underWay = new Set<Promise<void>>();
  const begin = (claimed: ClaimedOrder) => {
    const { region } = claimed.cloud;
    const client = clients.get(region) ?? new EC2Client({ region });
    clients.set(region, client);
    const signal = AbortSignal.timeout(Math.max(0, claimed.deadline - Date.now()));
    const work = carryOut(service, { client, claimed, settings, signal }).finally(() =>
      underWay.delete(work),
    );
    underWay.add(work);
  };
  while (!stop.aborted) {
    for (const claimed of await claim(service, settings.concurrency - underWay.size)) begin(claimed);
    if (underWay.size < settings.concurrency) await pause(settings.pollSeconds, stop);
    else await Promise.race(underWay);
  }
  log('stopping', { underWay: underWay.size });
  await Promise.all(underWay);
  for (const client of clients.values()) client.destroy();
}

/** A service that is not there is asked again later. */
async function claim(service: Service, limit: number): Promise<ClaimedOrder[]> {
  try {
    return await service.claim(limit);
  } catch (error) {
    if (error instanceof Misconfigured) throw error;
    log('no orders could be claimed', { reason: reasonOf(error) });
    return [];
  }
}

async function pause(seconds: number, stop: AbortSignal): Promise<void> {
  await sleep(seconds * 1000, undefined, { signal: stop }).catch((error: unknown) => {
    if (!stop.aborted) throw error;
  });
}

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const stop = new AbortController();
  // Once: a second signal ends the process at once, and its orders fall to the next attempt.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  const { url, cloudType, regions, tokenCommand } = settings;
  log('started', { url, cloudType, regions: regions && [...regions], deliversTokens: tokenCommand !== null });
  await run(settings, stop.signal);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Misconfigured ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
