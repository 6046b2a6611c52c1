import type { EntityManager } from 'typeorm';
import type { PinnedType } from '../domain/versioning/pin-updates';

/** A version that a template pins. */
export interface PinnedVersion {
  readonly type: PinnedType;
  readonly versionId: string;
}

/** Where a template names what it pins. */
const PINNED: Readonly<Record<PinnedType, string>> = {
  MultiCloudImage: `SELECT version.id AS "versionId", version.deleted_at IS NOT NULL AS deleted FROM multi_cloud_images AS version
    WHERE version.id IN (SELECT multi_cloud_image_id FROM server_template_multi_cloud_images WHERE server_template_id = $1)`,
  RightScript: `SELECT version.id AS "versionId", version.deleted_at IS NOT NULL AS deleted FROM right_scripts AS version
    WHERE version.id IN (SELECT right_script_id FROM server_template_scripts WHERE server_template_id = $1)`,
};

/**
 * The deleted versions that a locked template pins, each once. Everything that it pins is locked, in the order
 * in which commits lock it: what lives is not deleted before the clone pins it, and clones of two templates that share
 * a deleted version wait for one another.
 */
export async function lockDeletedPins(
  manager: EntityManager,
  template: { readonly id: string; readonly deletedAt: Date | null; readonly snapshot: boolean },
): Promise<PinnedVersion[]> {
  // What a live template pins can't be deleted.
  if (template.deletedAt === null && !template.snapshot) return [];
  const found: PinnedVersion[] = [];
  for (const type of ['MultiCloudImage', 'RightScript'] as const) {
    const rows: { readonly versionId: string; readonly deleted: boolean }[] = await manager.query(
      `${PINNED[type]} ORDER BY version.id FOR NO KEY UPDATE`,
      [template.id],
    );
    found.push(...rows.filter(({ deleted }) => deleted).map(({ versionId }) => ({ type, versionId })));
  }
  return found;
}

/** Pins a version of another lineage instead, at the same place; a default stays the default. */
export async function repointPin(
  manager: EntityManager,
  templateId: string,
  type: PinnedType,
  fromId: string,
  toId: string,
): Promise<void> {
  const parameters = [templateId, fromId, toId];
  if (type === 'RightScript') {
    await manager.query(
      `UPDATE server_template_scripts AS attached
       SET right_script_id = script.id, script_lineage_id = script.lineage_id
       FROM right_scripts AS script
       WHERE attached.server_template_id = $1 AND attached.right_script_id = $2 AND script.id = $3`,
      parameters,
    );
    return;
  }
  await manager.query(
    `UPDATE server_templates AS template SET default_mci_lineage_id = fresh.lineage_id
     FROM multi_cloud_images AS old, multi_cloud_images AS fresh
     WHERE template.id = $1 AND old.id = $2 AND fresh.id = $3
       AND template.default_mci_lineage_id = old.lineage_id`,
    parameters,
  );
  await manager.query(
    `UPDATE server_template_multi_cloud_images AS pin
     SET multi_cloud_image_id = mci.id, mci_lineage_id = mci.lineage_id
     FROM multi_cloud_images AS mci
     WHERE pin.server_template_id = $1 AND pin.multi_cloud_image_id = $2 AND mci.id = $3`,
    parameters,
  );
}
