import type { SeedSizes } from './seed-options';

/** Every row's key follows from its kind and number, so that two runs make the same data. */
export const key = (kind: string, number: string): string => `md5('${kind} ' || ${number})::uuid`;

/** When everything was made. */
export const TIME = "timestamptz '2026-01-01 00:00:00Z'";

/** Number of the account that owns lineage `n`. */
export const owner = (number: string, { accounts }: Pick<SeedSizes, 'accounts'>): string =>
  `(CASE WHEN ${number} % 2 = 0 THEN 0 ELSE 1 + (${number} / 2) % ${accounts - 1} END)`;
