import { Resolver } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** What a request must not reach: a webhook would let its author speak to what stands behind the service. */
const NOT_PUBLIC = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  NOT_PUBLIC.addSubnet(network, prefix, 'ipv4');
// Tunnels, documentation, benchmarks: inside what is public otherwise.
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  NOT_PUBLIC.addSubnet(network, prefix, 'ipv6');

const GLOBAL_UNICAST = new BlockList();
GLOBAL_UNICAST.addSubnet('2000::', 3, 'ipv6');

/** Whether an address belongs to the public internet. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !NOT_PUBLIC.check(address, 'ipv4');
  return version === 6 && GLOBAL_UNICAST.check(address, 'ipv6') && !NOT_PUBLIC.check(address, 'ipv6');
}

/** A host that webhooks are not sent to. It does not tell names of the network behind the service from those of nobody. */
export class NotPublicError extends Error {
  constructor(host: string) {
    super(
      `The host ${host} was not found on the public internet: events are sent nowhere else (MCI_GRAPH_WEBHOOK_PRIVATE_ADDRESSES).`,
    );
  }
}

/** What asks name servers. */
export interface NameResolver {
  resolve4(host: string): Promise<string[]>;
  resolve6(host: string): Promise<string[]>;
  cancel(): void;
}

/** Milliseconds until a name server is asked again. */
const NAME_TIMEOUT = 2000;
const NAME_TRIES = 2;

/**
 * Looks names up as `dns.lookup` does, but finds none that leads, in part even, to what is not public. It asks name
 * servers itself: `dns.lookup` blocks one of a few threads of the whole process, until a server answers.
 *
 * @param signal ends the look-up
 */
export function publicLookup(
  signal: AbortSignal,
  resolver: NameResolver = new Resolver({ timeout: NAME_TIMEOUT, tries: NAME_TRIES }),
): LookupFunction {
  const cancel = (): void => resolver.cancel();
  return (host, { all }, found) => {
    signal.addEventListener('abort', cancel, { once: true });
    void addressesOf(host, resolver).then((addresses) => {
      signal.removeEventListener('abort', cancel);
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address)))
        found(new NotPublicError(host), '');
      else if (all === true) found(null, addresses);
      else found(null, first.address, first.family);
    });
  };
}

/** None: there are none, or they could not be found. */
async function addressesOf(host: string, resolver: NameResolver) {
  const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  return [
    ...(four.status === 'fulfilled' ? four.value : []).map((address) => ({ address, family: 4 })),
    ...(six.status === 'fulfilled' ? six.value : []).map((address) => ({ address, family: 6 })),
  ];
}

/** What can be told before anything is looked up: a host that is an address never is. @throws NotPublicError or Error */
export function assertPublicTarget({ protocol, hostname }: URL): void {
  if (protocol !== 'https:')
    throw new Error('The URL is not https: events are not sent there (MCI_GRAPH_WEBHOOK_PRIVATE_ADDRESSES).');
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) !== 0 && !isPublicAddress(address)) throw new NotPublicError(hostname);
}
