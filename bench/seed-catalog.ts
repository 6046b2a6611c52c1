import { hash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { load, type Row } from './seed-load';
import type { SeedSizes } from './seed-options';
import {
  hex,
  keyOf,
  later,
  owner,
  pick,
  PRIVATE_EVERY,
  PURPOSES,
  quotient,
  range,
  spread,
  SYSTEMS,
  tags,
  TIME,
  TYPES_PER_CLOUD,
} from './seed-values';

const ARCHITECTURES = ['x86_64', 'arm64'];
/** Most images are available. */
const LIFECYCLES = ['AVAILABLE', 'AVAILABLE', 'AVAILABLE', 'DEPRECATED', 'OBSOLETE', 'DELETED', 'AVAILABLE'];
/** Every so many private images are shared with the next account. */
const SHARED_EVERY = 10;
/** Every so many images have tags, of one account. */
const TAGGED_EVERY = 50;

/** Accounts, clouds and instance types. */
export async function loadAccountsAndClouds(manager: EntityManager, sizes: SeedSizes): Promise<void> {
  await load(manager, 'accounts', accounts(sizes));
  await load(manager, 'clouds', clouds(sizes));
  await load(manager, 'instance_types', instanceTypes(sizes));
}

/** Some of the images. */
export const loadImages = (
  manager: EntityManager,
  sizes: SeedSizes,
  from: number,
  to: number,
): Promise<void> => load(manager, 'cloud_images', images(sizes, from, to));

export async function loadSharesAndTags(manager: EntityManager, sizes: SeedSizes): Promise<void> {
  await load(manager, 'cloud_image_shares', shares(sizes));
  await load(manager, 'cloud_image_tags', imageTags(sizes));
}

function* accounts({ accounts }: SeedSizes): Generator<Row> {
  for (const n of range(0, accounts))
    yield { id: keyOf('account', n), name: `Bench account ${n}`, operator: n === 0, created_at: TIME };
}

function* clouds({ accounts, clouds }: SeedSizes): Generator<Row> {
  for (const n of range(0, clouds))
    yield {
      id: keyOf('cloud', n),
      account_id: null,
      cloud_type: pick(n, ['amazon', 'azure', 'google', 'openstack']),
      region: `region-${n}`,
      name: `Cloud ${String(n).padStart(5, '0')}`,
      display_name: `Cloud number ${n}`,
      created_at: TIME,
    };
  for (const n of range(0, accounts))
    yield {
      id: keyOf('private cloud', n),
      account_id: keyOf('account', n),
      cloud_type: 'vsphere',
      region: 'datacenter',
      name: `Private cloud ${n}`,
      display_name: `Private cloud of account ${n}`,
      created_at: TIME,
    };
}

function* instanceTypes({ clouds }: SeedSizes): Generator<Row> {
  for (const cloud of range(0, clouds))
    for (const n of range(0, TYPES_PER_CLOUD))
      yield {
        id: keyOf('type', cloud, n),
        cloud_id: keyOf('cloud', cloud),
        resource_uid: `size.${n}`,
        name: `Size ${n}`,
        cpu_architectures: [pick(n, ARCHITECTURES)],
        cpu_count: 1 + n,
        memory_mb: 1024 * (1 + n),
        created_at: TIME,
        updated_at: TIME,
      };
}

/** Whose image `n` is; `null` when it is public. Image `n` lies in cloud `n % clouds`; there it is number `n / clouds`. */
function imageOwner(n: number, sizes: SeedSizes): number | null {
  const number = quotient(n, sizes.clouds);
  return number % PRIVATE_EVERY === 0 ? owner(quotient(number, PRIVATE_EVERY), sizes) : null;
}

function* images(sizes: SeedSizes, from: number, to: number): Generator<Row> {
  const cloudIds = [...range(0, sizes.clouds)].map((n) => keyOf('cloud', n));
  const accountIds = [...range(0, sizes.accounts)].map((n) => keyOf('account', n));
  for (const n of range(from, to)) {
    const number = quotient(n, sizes.clouds);
    const ownerNumber = imageOwner(n, sizes);
    const system = pick(spread(n), SYSTEMS);
    const architecture = pick(number, ARCHITECTURES);
    yield {
      id: keyOf('image', n),
      cloud_id: cloudIds[n % sizes.clouds],
      owner_account_id: ownerNumber === null ? null : accountIds[ownerNumber],
      resource_uid: `ami-${hex(n).padStart(17, '0')}`,
      name: `${system}-${spread(n + 1) % 2000}.${n}-${architecture}`,
      description: `Build ${hex(spread(n + 2) * 977)} for ${pick(spread(n + 3), PURPOSES)}`,
      image_type: imageType(number),
      os_platform: 'linux',
      operating_system: `${system} ${spread(n + 1) % 50}`,
      cpu_architecture: architecture,
      virtualization_type: 'hvm',
      root_device_storage: 'ebs',
      fingerprint: hash('md5', `fingerprint ${quotient(n, 10)}`),
      published_at: n % 100 === 99 ? null : later(-(spread(n) % 4_000_000) * 15),
      lifecycle: pick(spread(n + 4), LIFECYCLES),
      // The first one of its cloud.
      replacement_id: n >= 7 && n % 7 === 3 ? keyOf('image', n % sizes.clouds) : null,
      agent_enabled: n % 2 === 0,
      created_at: TIME,
      updated_at: TIME,
    };
  }
}

function imageType(number: number): string {
  if (number % PRIVATE_EVERY === 2) return 'KERNEL';
  return number % PRIVATE_EVERY === 3 ? 'RAMDISK' : 'MACHINE';
}

function* shares(sizes: SeedSizes): Generator<Row> {
  let position = 0;
  for (const n of range(0, sizes.images)) {
    const ownerNumber = imageOwner(n, sizes);
    if (ownerNumber === null || ++position % SHARED_EVERY !== 0) continue;
    yield {
      cloud_image_id: keyOf('image', n),
      account_id: keyOf('account', (ownerNumber + 1) % sizes.accounts),
      created_at: TIME,
    };
  }
}

/** On public images. */
function* imageTags(sizes: SeedSizes): Generator<Row> {
  for (const n of range(0, quotient(sizes.images, TAGGED_EVERY))) {
    const image = n * TAGGED_EVERY + 1;
    if (imageOwner(image, sizes) !== null) continue;
    const ofAccount = quotient(n, sizes.accounts);
    yield {
      account_id: keyOf('account', n % sizes.accounts),
      cloud_image_id: keyOf('image', image),
      tags: tags(pick(ofAccount, PURPOSES), ofAccount % 500 === 0),
    };
  }
}
