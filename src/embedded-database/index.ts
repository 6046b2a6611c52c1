export { connectionOf, startEmbeddedDatabase, type EmbeddedDatabase } from './embedded-database';
export { EmbeddedDatabaseError, type EmbeddedDatabaseFailure } from './embedded-database-error';
export { locateDataFolder, type DataFolderLocation } from './data-folder-location';
export { removeDataFolder } from './remove-data-folder';
export type { ServerSettings } from './server-process';
