import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from './migrations';
import { ENTITIES } from './src/entities';

/** The one DataSource: tools and the service use it alike. `DATABASE_URL` must name the database. */
export default new DataSource({
  type: 'postgres',
  url: process.env['DATABASE_URL'],
  entities: ENTITIES,
  migrations: MIGRATIONS,
  migrationsTableName: 'migrations',
  migrationsTransactionMode: 'all',
  applicationName: 'mci-graph',
  // The schema changes by migrations only.
  synchronize: false,
  uuidExtension: 'pgcrypto',
});
