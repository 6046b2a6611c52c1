import type { Tag } from '@aws-sdk/client-ec2';
import type { ClaimedOrder } from './service';

/**
 * Tags of a machine as EC2 has them: `namespace:predicate=value` becomes the key `namespace:predicate`, several values of
 * it one value with commas; a raw tag becomes a key without a value. `Name` and what the launcher itself tells come on top.
 * Where EC2's limits are passed (50 tags, keys of 128 and values of 256 characters), it refuses the launch and says so.
 */
export function machineTags({ order, instanceName, launch }: ClaimedOrder): Tag[] {
  const values = new Map<string, string>();
  for (const tag of launch?.tags ?? []) {
    const [key, value] = split(tag);
    const before = values.get(key);
    values.set(key, before === undefined ? value : `${before},${value}`);
  }
  values.set('Name', instanceName);
  values.set('mci-graph:instance', order.instance.id);
  values.set('mci-graph:order', order.id);
  return [...values].map(([Key, Value]) => ({ Key, Value }));
}

function split(tag: string): [string, string] {
  const end = tag.indexOf('=');
  return end < 0 ? [tag, ''] : [tag.slice(0, end), tag.slice(end + 1)];
}
