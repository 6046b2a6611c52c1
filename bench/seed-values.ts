import { hash } from 'node:crypto';
import type { SeedSizes } from './seed-options';

/** Every row's key follows from its kind and numbers, so that two runs make the same data. */
export function keyOf(kind: string, ...numbers: readonly (number | string)[]): string {
  const digits = hash('md5', `${kind} ${numbers.join(' ')}`);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}

/** Without the remainder. */
export const quotient = (dividend: number, divisor: number): number => Math.floor(dividend / divisor);

/** Number of the account that owns lineage `n`. */
export const owner = (n: number, { accounts }: Pick<SeedSizes, 'accounts'>): number =>
  n % 2 === 0 ? 0 : 1 + (quotient(n, 2) % (accounts - 1));

/** When everything was made. */
export const TIME = new Date('2026-01-01T00:00:00Z');

export const later = (seconds: number): Date => new Date(TIME.getTime() + seconds * 1000);

/** A spread of whole numbers below 2²² that looks random and is the same everywhere; the low bits of the product aren't. */
export const spread = (n: number): number => Math.imul(n, 2_654_435_761) >>> 10;

export function pick(n: number, words: readonly string[]): string {
  const word = words[n % words.length];
  if (word === undefined) throw new Error(`There is no word for ${n}.`);
  return word;
}

/** The whole numbers from the first one on, without the last. */
export function* range(from: number, to: number): Generator<number> {
  for (let n = from; n < to; n++) yield n;
}

/** A few of everything have a tag that is rare. */
export const tags = (owning: string, rare: boolean): string[] => [
  `team:owner=${owning}`,
  ...(rare ? ['rare'] : []),
];

export const hex = (n: number): string => n.toString(16);

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

/** Of how many runs of an image of each kind the images of one cloud consist. */
export const blocksPerCloud = ({ images, clouds }: { images: number; clouds: number }): number =>
  quotient(quotient(images, clouds), PRIVATE_EVERY);

export const TYPES_PER_CLOUD = 50;
