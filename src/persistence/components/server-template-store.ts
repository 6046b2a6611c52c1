import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import type { ComponentType } from '../../domain/versioning/component-type';
import type { PinnedType } from '../../domain/versioning/pin-updates';
import type { PinnedVersion } from '../../domain/versioning/plan-pins';
import { ServerTemplate, ServerTemplateMultiCloudImage } from '../../entities/components/server-template';
import {
  COMPONENT_ENTITIES,
  HEAD_FIRST,
  headRow,
  isLive,
  liveParameters,
  type LineageRevision,
  type NewHead,
} from './component-store';
import { queryPrepared } from '../prepared-statement';
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
  await removePins(
    manager,
    serverTemplateId,
    without(before, after).map(({ lineageId }) => lineageId),
  );
  const come = without(after, before).map(({ lineageId, multiCloudImageId, position }) => ({
    serverTemplateId,
    mciLineageId: lineageId,
    multiCloudImageId,
    position,
  }));
  if (come.length > 0) await manager.insert(ServerTemplateMultiCloudImage, come);
}

/** Lets a locked HEAD pin nothing of these lineages. */
export async function removePins(
  manager: EntityManager,
  serverTemplateId: string,
  lineageIds: readonly string[],
): Promise<void> {
  if (lineageIds.length === 0) return;
  await manager.query(
    'DELETE FROM server_template_multi_cloud_images WHERE server_template_id = $1 AND mci_lineage_id = ANY($2)',
    [serverTemplateId, lineageIds],
  );
}

/**
 * Lets a locked HEAD pin live versions of the account, which are locked like by `lockLiveVersions`: instead of the
 * version of the same lineage that it pinned, else behind all others, in their order. One statement.
 *
 * @throws Error for a version that isn't live
 */
export async function pinLiveVersions(
  manager: EntityManager,
  accountId: string,
  serverTemplateId: string,
  versions: readonly LineageRevision[],
): Promise<void> {
  if (versions.length === 0) return;
  const pinned = await queryPrepared<Pick<LineageRevision, 'lineageId'>>(
    manager,
    `WITH live AS MATERIALIZED (
       SELECT component.id, component.lineage_id, component.revision FROM multi_cloud_images AS component
       WHERE ${isLive('multi_cloud_images')} ORDER BY ${HEAD_FIRST} DESC, component.id FOR SHARE)
     INSERT INTO server_template_multi_cloud_images AS pin (server_template_id, mci_lineage_id, multi_cloud_image_id, position)
     SELECT $4, live.lineage_id, live.id, wanted.place + (
       SELECT coalesce(max(other.position), -1) FROM server_template_multi_cloud_images AS other
       WHERE other.server_template_id = $4)
     FROM unnest($2::uuid[], $3::int[]) WITH ORDINALITY AS wanted(lineage_id, revision, place)
     JOIN live USING (lineage_id, revision)
     ON CONFLICT (server_template_id, mci_lineage_id) DO UPDATE SET multi_cloud_image_id = excluded.multi_cloud_image_id
     RETURNING mci_lineage_id AS "lineageId"`,
    [...liveParameters(accountId, versions), serverTemplateId],
  );
  const found = new Set(pinned.map(({ lineageId }) => lineageId));
  const missing = versions.find(({ lineageId }) => !found.has(lineageId));
  if (missing !== undefined) throw notLive(missing);
}

/** Whoever pins versions by number has checked that they are there. */
export const notLive = ({ lineageId, revision }: LineageRevision): Error =>
  new Error(`Version ${revision} of the lineage ${lineageId} can not be pinned: it is not live`);

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
