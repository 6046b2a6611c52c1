/** Credentials do not reach what is asked for: there are none (UNAUTHENTICATED), or not such ones (FORBIDDEN). */
export class AccessError extends Error {
  constructor(
    readonly code: 'UNAUTHENTICATED' | 'FORBIDDEN',
    message: string,
  ) {
    super(message);
    this.name = 'AccessError';
  }
}
