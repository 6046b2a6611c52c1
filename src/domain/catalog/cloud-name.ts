import { MAXIMUM_NAME_LENGTH } from '../text';

const NAMES: ReadonlyMap<string, string> = new Map([
  ['alibaba', 'Alibaba Cloud'],
  ['amazon', 'AWS'],
  ['azure', 'Azure'],
  ['cloudstack', 'CloudStack'],
  ['google', 'Google Cloud'],
  ['kubevirt', 'KubeVirt'],
  ['openstack', 'OpenStack'],
  ['vsphere', 'vSphere'],
]);

/** The one spelling of a cloud type, which upper and lower case don't tell apart. */
export function canonicalCloudType(written: string): string {
  return written.toLowerCase();
}

/** The name that a cloud gets when it first appears in a listing: `AWS us-east-1`. */
export function cloudName(cloudType: string, region: string): string {
  return `${NAMES.get(cloudType) ?? cloudType} ${region}`.slice(0, MAXIMUM_NAME_LENGTH);
}
