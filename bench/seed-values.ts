import type { EntityManager } from 'typeorm';

/** A spread of whole numbers that looks random and is the same everywhere; the low bits of the product aren't. */
export const spread = (number: string): string => `((${number})::bigint * 2654435761 % 4294967296 / 1024)`;

export const pick = (number: string, words: readonly string[]): string =>
  `(ARRAY[${words.map((word) => `'${word}'`).join(', ')}])[1 + (${number}) % ${words.length}]`;

export const SYSTEMS = [
  'fedora-coreos',
  'ubuntu-noble',
  'debian-bookworm',
  'rhel-9',
  'alpine',
  'windows-2025',
  'suse-15',
];

export const PURPOSES = [
  'web',
  'database',
  'cache',
  'queue',
  'worker',
  'gateway',
  'build',
  'search',
  'proxy',
  'bastion',
];

/** Every 20th image of a cloud is private; the second and third after it are a kernel and a ramdisk. */
export const PRIVATE_EVERY = 20;

export const TYPES_PER_CLOUD = 50;

/** Sealed versions have a hash of their content; which one doesn't matter here. */
export const seal = (manager: EntityManager, table: string): Promise<unknown> =>
  manager.query(
    `UPDATE ${table} SET sealed = true, content_hash = decode(md5(id::text) || md5(name), 'hex') WHERE revision > 0 AND NOT sealed`,
  );
