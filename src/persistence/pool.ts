import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/** The pool that TypeORM's PostgreSQL driver keeps. */
export const poolOf = (dataSource: DataSource): Pool =>
  (dataSource.driver as unknown as { readonly master: Pool }).master;
