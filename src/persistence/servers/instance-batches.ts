import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import { Instance } from '../../entities/servers/instance';
import { selectRows, type Row } from '../select';

/** What the loaders fetch about instances in one statement, for many keys at once. */

/** The instance that each server has now: of a relaunched one the new one, though the old one is still being ended. */
export const currentInstances = (
  manager: EntityManager,
  viewer: Viewer,
  serverIds: readonly string[],
): Promise<Row<Instance>[]> =>
  selectRows(manager, Instance, 'instance')
    .distinctOn(['instance.server_id'])
    .where(`instance.server_id = ANY(:serverIds) AND instance.state <> 'TERMINATED'`, { serverIds })
    .andWhere('instance.account_id = :viewer', { viewer: viewer.accountId })
    .orderBy('instance.server_id')
    .addOrderBy(`instance.state = 'DECOMMISSIONING'`)
    .addOrderBy('instance.launched_at', 'DESC')
    .addOrderBy('instance.id')
    .getRawMany();

/** How often the account launched from a template version, and how long its machines took to boot. */
export interface LaunchStatisticsRow {
  readonly serverTemplateId: string;
  readonly launchCount: number;
  /** `null`: none became operational by itself. */
  readonly medianBootSeconds: number | null;
}

export const launchStatistics = (
  manager: EntityManager,
  viewer: Viewer,
  serverTemplateIds: readonly string[],
): Promise<LaunchStatisticsRow[]> =>
  manager.query(
    `SELECT launched_from_id AS "serverTemplateId", count(*)::int AS "launchCount",
            percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM operational_at - claimable_at)::float8)
              FILTER (WHERE operational_at IS NOT NULL AND NOT forced) AS "medianBootSeconds"
       FROM instances WHERE launched_from_id = ANY($1::uuid[]) AND account_id = $2
      GROUP BY launched_from_id`,
    [serverTemplateIds, viewer.accountId],
  );
