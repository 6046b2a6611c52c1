import type { DataSource, EntityManager } from 'typeorm';

/**
 * Reads several things as they were at one moment: one transaction, which can't write. It waits for nobody and is
 * never refused for what others write meanwhile.
 */
export const readOnce = <T>(
  dataSource: DataSource,
  read: (manager: EntityManager) => Promise<T>,
): Promise<T> =>
  dataSource.transaction('REPEATABLE READ', async (manager) => {
    await manager.query('SET TRANSACTION READ ONLY');
    return read(manager);
  });
