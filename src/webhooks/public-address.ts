import { lookup as resolveName, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';

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

/** An address that webhooks are not sent to. */
export class NotPublicError extends Error {
  constructor(host: string) {
    super(
      `The host ${host} is not on the public internet: events are not sent there (MCI_GRAPH_WEBHOOK_PRIVATE_ADDRESSES).`,
    );
  }
}

type Found = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** `dns.lookup`, which finds no name that leads, in part even, to what is not public. */
export function publicLookup(host: string, options: LookupOptions, found: Found): void {
  resolveName(host, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error !== null) found(error, '');
    else if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address)))
      found(new NotPublicError(host), '');
    else if (options.all === true) found(null, addresses);
    else found(null, first.address, first.family);
  });
}

/** What can be told before anything is looked up: a host that is an address never is. @throws NotPublicError or Error */
export function assertPublicTarget({ protocol, hostname }: URL): void {
  if (protocol !== 'https:')
    throw new Error('The URL is not https: events are not sent there (MCI_GRAPH_WEBHOOK_PRIVATE_ADDRESSES).');
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) !== 0 && !isPublicAddress(address)) throw new NotPublicError(hostname);
}
