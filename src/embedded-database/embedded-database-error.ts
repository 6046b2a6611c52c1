export type EmbeddedDatabaseFailure =
  /** A live service owns the data folder. */
  | 'IN_USE'
  /** The folder holds something else than this program's data. */
  | 'FOREIGN_FOLDER'
  /** The account that must run PostgreSQL can't reach what it needs. */
  | 'UNREACHABLE'
  /** There is no PostgreSQL for this platform, or it isn't installed. */
  | 'NO_BINARY'
  /** The database of the data folder belongs to another major version of PostgreSQL. */
  | 'WRONG_VERSION'
  /** PostgreSQL was run and failed; the message ends with what it said. */
  | 'SERVER_FAILED';

/** The embedded database can't be used as asked: the message says why and how to cure it. */
export class EmbeddedDatabaseError extends Error {
  constructor(
    readonly code: EmbeddedDatabaseFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'EmbeddedDatabaseError';
  }
}
