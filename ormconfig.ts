import 'reflect-metadata';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { ENTITIES } from './src/entities';

/** The one DataSource: tools and the service use it alike. `DATABASE_URL` must name the database. */
export default new DataSource({
  type: 'postgres',
  url: process.env['DATABASE_URL'],
  entities: ENTITIES,
  migrations: [join(__dirname, 'migrations', '[0-9]*.{js,ts}')],
  migrationsTableName: 'migrations',
  migrationsTransactionMode: 'all',
  applicationName: 'mci-graph',
  // The schema changes by migrations only.
  synchronize: false,
  uuidExtension: 'pgcrypto',
});
