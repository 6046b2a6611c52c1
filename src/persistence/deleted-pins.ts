import type { EntityManager } from 'typeorm';
import type { PinnedType } from '../domain/versioning/pin-updates';

/** The deleted versions that a template pins, each once. */
export async function deletedPins(
  manager: EntityManager,
  templateId: string,
): Promise<{ readonly type: PinnedType; readonly versionId: string }[]> {
  return manager.query(
    `SELECT 'MultiCloudImage' AS type, mci.id AS "versionId"
     FROM server_template_multi_cloud_images AS pin
     JOIN multi_cloud_images AS mci ON mci.id = pin.multi_cloud_image_id
     WHERE pin.server_template_id = $1 AND mci.deleted_at IS NOT NULL
     UNION
     SELECT 'RightScript', script.id
     FROM server_template_scripts AS attached
     JOIN right_scripts AS script ON script.id = attached.right_script_id
     WHERE attached.server_template_id = $1 AND script.deleted_at IS NOT NULL
     ORDER BY 1, 2`,
    [templateId],
  );
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
