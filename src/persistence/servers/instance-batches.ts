import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import { Instance } from '../../entities/servers/instance';
import { batch } from '../fixed-query';
import { ANY_OF, selectRows, type Row } from '../select';

/** What the loaders fetch about instances in one statement, for many keys at once. */

/**
 * The instance that each server has now: of a relaunched one the new one, though the old one is still being ended.
 *
 * @param which SQL behind the server's key
 */
export const currentInstanceRows = (manager: EntityManager, viewer: Viewer, which: string) =>
  selectRows(manager, Instance, 'instance')
    .distinctOn(['instance.server_id'])
    .where(`instance.server_id ${which} AND instance.state <> 'TERMINATED'`)
    .andWhere('instance.account_id = :viewer', { viewer: viewer.accountId })
    .orderBy('instance.server_id')
    .addOrderBy(`instance.state = 'DECOMMISSIONING'`)
    .addOrderBy('instance.launched_at', 'DESC')
    .addOrderBy('instance.id');

export const currentInstances = batch<Row<Instance>>((manager, viewer) =>
  currentInstanceRows(manager, viewer, ANY_OF),
);

/** How often the account launched from a template version, and how long its machines took to boot. */
export interface LaunchStatisticsRow {
  readonly serverTemplateId: string;
  readonly launchCount: number;
  /** `null`: none became operational by itself. */
  readonly medianBootSeconds: number | null;
}

/** @param which SQL behind the template version's key */
export const launchStatisticsRows = (manager: EntityManager, viewer: Viewer, which: string) =>
  manager
    .createQueryBuilder(Instance, 'instance')
    .select('instance.launched_from_id', 'serverTemplateId')
    .addSelect('count(*)::int', 'launchCount')
    .addSelect(
      `percentile_cont(0.5) WITHIN GROUP (
         ORDER BY extract(epoch FROM instance.operational_at - instance.claimable_at)::float8)
         FILTER (WHERE instance.operational_at IS NOT NULL AND NOT instance.forced)`,
      'medianBootSeconds',
    )
    .where(`instance.launched_from_id ${which} AND instance.account_id = :viewer`, {
      viewer: viewer.accountId,
    })
    .groupBy('instance.launched_from_id');

export const launchStatistics = batch<LaunchStatisticsRow>((manager, viewer) =>
  launchStatisticsRows(manager, viewer, ANY_OF),
);
