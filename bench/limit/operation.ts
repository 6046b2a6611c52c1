import type { Pool } from 'pg';

export interface OperationInput {
  readonly pool: Pool;
  /** SHA-256 of who asks, as tokens are stored. */
  readonly tokenHash: Buffer;
  readonly variables: Readonly<Record<string, string>>;
}

/** Answers one request with JSON text. */
export type Operation = (input: OperationInput) => Promise<string>;

/** The key behind a global id. */
export const keyIn = (id: string | undefined): string => {
  if (id === undefined) throw new Error('An id is missing.');
  return id.slice(4);
};
