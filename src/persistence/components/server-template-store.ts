import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import type { ComponentType } from '../../domain/versioning/component-type';
import type { PinnedType } from '../../domain/versioning/pin-updates';
import type { PinnedVersion } from '../../domain/versioning/plan-pins';
import { ServerTemplate, ServerTemplateMultiCloudImage } from '../../entities/components/server-template';
import { COMPONENT_ENTITIES, HEAD_FIRST, headRow, type NewHead } from './component-store';
import { selectRows } from '../select';

/** A refusal shows at most so many users of a component. */
const MAXIMUM_SHOWN_USERS = 100;

export async function insertServerTemplate(
  manager: EntityManager,
  head: NewHead,
  defaultMciLineageId: string | null,
): Promise<void> {
  await manager.insert(ServerTemplate, { ...headRow(head), defaultMciLineageId });
}

/** The pins of a version in the order in which they were added. */
export async function readPins(manager: EntityManager, serverTemplateId: string): Promise<PinnedVersion[]> {
  const rows = await selectRows(manager, ServerTemplateMultiCloudImage, 'pin')
    .where('pin.server_template_id = :serverTemplateId', { serverTemplateId })
    .orderBy('pin.position')
    .getRawMany<ServerTemplateMultiCloudImage>();
  return rows.map(({ mciLineageId, multiCloudImageId, position }) => ({
    lineageId: mciLineageId,
    multiCloudImageId,
    position,
  }));
}

/** Makes the pins of a locked HEAD what they are to be. */
export async function replacePins(
  manager: EntityManager,
  serverTemplateId: string,
  before: readonly PinnedVersion[],
  after: readonly PinnedVersion[],
): Promise<void> {
  const gone = without(before, after).map(({ lineageId }) => lineageId);
  if (gone.length > 0)
    await manager
      .createQueryBuilder()
      .delete()
      .from(ServerTemplateMultiCloudImage)
      .where('server_template_id = :serverTemplateId AND mci_lineage_id = ANY(:gone)', {
        serverTemplateId,
        gone,
      })
      .execute();
  const come = without(after, before).map(({ lineageId, multiCloudImageId, position }) => ({
    serverTemplateId,
    mciLineageId: lineageId,
    multiCloudImageId,
    position,
  }));
  if (come.length > 0) await manager.insert(ServerTemplateMultiCloudImage, come);
}

function without(pins: readonly PinnedVersion[], others: readonly PinnedVersion[]): PinnedVersion[] {
  const versions = new Set(others.map(({ multiCloudImageId }) => multiCloudImageId));
  return pins.filter(({ multiCloudImageId }) => !versions.has(multiCloudImageId));
}

/**
 * The versions among `ids` that can be pinned: live ones of the account, with their lineages. They are locked, so that a
 * deletion can't slip between this look and the pin.
 */
export async function lockPinnable(
  manager: EntityManager,
  type: ComponentType,
  accountId: string,
  ids: readonly string[],
): Promise<{ readonly id: string; readonly lineageId: string }[]> {
  return manager
    .createQueryBuilder(COMPONENT_ENTITIES[type] as EntityTarget<ObjectLiteral>, 'component')
    .select('component.id', 'id')
    .addSelect('component.lineage_id', 'lineageId')
    .where('component.id = ANY(:ids) AND component.account_id = :accountId', { ids, accountId })
    .andWhere('component.deleted_at IS NULL AND NOT component.snapshot')
    .orderBy(HEAD_FIRST, 'DESC')
    .addOrderBy('component.id')
    .setLock('pessimistic_read')
    .getRawMany();
}

/** SQL for the ServerTemplate versions that pin any version of the lineage `:lineageId`. */
const PINNED_BY: Readonly<Record<PinnedType, string>> = {
  MultiCloudImage:
    'SELECT pin.server_template_id FROM server_template_multi_cloud_images AS pin WHERE pin.mci_lineage_id = :lineageId',
  RightScript:
    'SELECT pin.server_template_id FROM server_template_scripts AS pin WHERE pin.script_lineage_id = :lineageId',
};

/** Keys of live ServerTemplate versions that pin any version of the lineage, by name; at most 100. */
export async function templatesUsingLineage(
  manager: EntityManager,
  type: PinnedType,
  accountId: string,
  lineageId: string,
): Promise<string[]> {
  const rows = await manager
    .createQueryBuilder(ServerTemplate, 'template')
    .select('template.id', 'id')
    .where(`template.id IN (${PINNED_BY[type]})`, { lineageId })
    .andWhere('template.account_id = :accountId AND template.deleted_at IS NULL AND NOT template.snapshot', {
      accountId,
    })
    .orderBy('template.name')
    .addOrderBy('template.lineage_id')
    .addOrderBy('template.revision')
    .limit(MAXIMUM_SHOWN_USERS)
    .getRawMany<{ id: string }>();
  return rows.map(({ id }) => id);
}
