import type { EntityManager, EntityTarget } from 'typeorm';
import type { Component } from '../../entities/components/component';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { ServerTemplate } from '../../entities/components/server-template';
import { HEAD_FIRST } from '../components/component-store';
import type { LaunchRequest } from './launch-request';

/**
 * Keeps a template and every MCI that a launch may resolve to as they are until the transaction ends, so that the
 * versions that it freezes are those of the content that it read.
 */
export async function lockLaunchComponents(
  manager: EntityManager,
  { serverTemplateId, layers }: LaunchRequest,
): Promise<void> {
  const chosen = layers.flatMap(({ choices }) => choices.multiCloudImageId ?? []);
  await share(manager, ServerTemplate, 'component.id = :serverTemplateId', { serverTemplateId });
  await share(
    manager,
    MultiCloudImage,
    `component.id = ANY(:chosen) OR component.id IN (SELECT pin.multi_cloud_image_id
     FROM server_template_multi_cloud_images AS pin WHERE pin.server_template_id = :serverTemplateId)`,
    { chosen, serverTemplateId },
  );
}

async function share(
  manager: EntityManager,
  entity: EntityTarget<Component>,
  condition: string,
  parameters: Record<string, unknown>,
): Promise<void> {
  await manager
    .createQueryBuilder(entity, 'component')
    .select('component.id')
    .where(condition, parameters)
    .orderBy(HEAD_FIRST, 'DESC')
    .addOrderBy('component.id')
    .setLock('pessimistic_read')
    .getRawMany();
}
