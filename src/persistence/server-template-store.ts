import type { EntityManager } from 'typeorm';
import type { LineageVersion, PinnedVersion } from '../domain/versioning/plan-pins';
import { MultiCloudImage } from '../entities/multi-cloud-image';
import { ServerTemplate, ServerTemplateMultiCloudImage } from '../entities/server-template';
import { headRow, type NewHead } from './component-store';
import { selectRows } from './select';

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
 * The versions among `ids` that can be pinned: live ones of the account. They are locked, so that a deletion can't
 * slip between this look and the pin.
 */
export async function lockPinnable(
  manager: EntityManager,
  accountId: string,
  ids: readonly string[],
): Promise<LineageVersion[]> {
  return manager
    .createQueryBuilder(MultiCloudImage, 'mci')
    .select('mci.id', 'multiCloudImageId')
    .addSelect('mci.lineage_id', 'lineageId')
    .where('mci.id = ANY(:ids) AND mci.account_id = :accountId AND mci.deleted_at IS NULL', {
      ids,
      accountId,
    })
    .orderBy('mci.id')
    .setLock('pessimistic_read')
    .getRawMany<LineageVersion>();
}

/** Keys of live ServerTemplate versions that name any version of the MCI lineage, by name; at most 100. */
export async function templatesUsingLineage(
  manager: EntityManager,
  accountId: string,
  mciLineageId: string,
): Promise<string[]> {
  const rows = await manager
    .createQueryBuilder(ServerTemplate, 'template')
    .select('template.id', 'id')
    .innerJoin('server_template_multi_cloud_images', 'pin', 'pin.server_template_id = template.id')
    .where('pin.mci_lineage_id = :mciLineageId', { mciLineageId })
    .andWhere('template.account_id = :accountId AND template.deleted_at IS NULL', { accountId })
    .orderBy('template.name')
    .addOrderBy('template.lineage_id')
    .addOrderBy('template.revision')
    .limit(MAXIMUM_SHOWN_USERS)
    .getRawMany<{ id: string }>();
  return rows.map(({ id }) => id);
}
