import { QueryFailedError, type DataSource, type EntityManager } from 'typeorm';
import type { Principal } from '../domain/access/principal';

/** For whom, and when, something is done. Immutable. */
export interface ActionContext {
  readonly dataSource: DataSource;
  readonly principal: Principal;
  readonly now: Date;
}

/** An action inside its transaction. */
export interface Transaction extends ActionContext {
  readonly manager: EntityManager;
}

const committed = new WeakMap<DataSource, Set<() => void>>();

/** Calls a listener after each unit of work on this database that was committed. @returns how to end that */
export function onCommit(dataSource: DataSource, listener: () => void): () => void {
  const listeners = committed.get(dataSource) ?? new Set();
  committed.set(dataSource, listeners.add(listener));
  return () => listeners.delete(listener);
}

const MAXIMUM_ATTEMPTS = 3;
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';

const isTransaction = (context: ActionContext): context is Transaction => 'manager' in context;

/**
 * Runs `work` in one transaction. A nested run joins the outer transaction.
 * Serialization failures and deadlocks are tried again, at the outermost level only and in a new transaction.
 */
export async function unitOfWork<T>(
  context: ActionContext,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  if (isTransaction(context)) return work(context);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await context.dataSource.transaction((manager) => work({ ...context, manager }));
      for (const listener of committed.get(context.dataSource) ?? []) listener();
      return result;
    } catch (error) {
      if (attempt >= MAXIMUM_ATTEMPTS || !isTransient(error)) throw error;
    }
  }
}

/** Does something inside a transaction, gives its outcome, and takes back all that it wrote. */
export async function tryOut<T>({ manager }: Transaction, work: () => Promise<T>): Promise<T> {
  await manager.query('SAVEPOINT try_out');
  try {
    return await work();
  } finally {
    await manager.query('ROLLBACK TO SAVEPOINT try_out');
  }
}

function isTransient(error: unknown): boolean {
  const code = sqlState(error);
  return code === SERIALIZATION_FAILURE || code === DEADLOCK;
}

/** The constraint or unique index that a failed statement violates, or `undefined`. */
export function violatedConstraint(error: unknown): string | undefined {
  return error instanceof QueryFailedError
    ? (error.driverError as { constraint?: string }).constraint
    : undefined;
}

/** The SQLSTATE of a failed statement, or `undefined`. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof QueryFailedError ? (error.driverError as { code?: string }).code : undefined;
}
