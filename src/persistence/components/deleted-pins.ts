import type { EntityManager } from 'typeorm';
import type { PinnedType } from '../../domain/versioning/pin-updates';

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
 * in which commits and deletions lock it: what lives is not deleted before the clone pins it, and clones of two templates that share
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
      `${PINNED[type]} ORDER BY version.revision = 0 AND NOT version.snapshot DESC, version.id FOR NO KEY UPDATE`,
      [template.id],
    );
    found.push(...rows.filter(({ deleted }) => deleted).map(({ versionId }) => ({ type, versionId })));
  }
  return found;
}

/** A pin, and the version that takes its place. */
interface Replacement {
  readonly fromId: string;
  readonly toId: string;
}

const REPLACEMENTS = 'jsonb_to_recordset($2) AS move("fromId" uuid, "toId" uuid)';

/** Pins versions of other lineages instead, at the same places; a default stays the default. Two statements at most. */
export async function repointPins(
  manager: EntityManager,
  templateId: string,
  type: PinnedType,
  replacements: readonly Replacement[],
): Promise<void> {
  const parameters = [templateId, JSON.stringify(replacements)];
  if (type === 'RightScript') {
    await manager.query(
      `UPDATE server_template_scripts AS attached
       SET right_script_id = script.id, script_lineage_id = script.lineage_id
       FROM ${REPLACEMENTS} JOIN right_scripts AS script ON script.id = move."toId"
       WHERE attached.server_template_id = $1 AND attached.right_script_id = move."fromId"`,
      parameters,
    );
    return;
  }
  await manager.query(
    `UPDATE server_templates AS template SET default_mci_lineage_id = fresh.lineage_id
     FROM ${REPLACEMENTS}
     JOIN multi_cloud_images AS old ON old.id = move."fromId"
     JOIN multi_cloud_images AS fresh ON fresh.id = move."toId"
     WHERE template.id = $1 AND template.default_mci_lineage_id = old.lineage_id`,
    parameters,
  );
  await manager.query(
    `UPDATE server_template_multi_cloud_images AS pin
     SET multi_cloud_image_id = mci.id, mci_lineage_id = mci.lineage_id
     FROM ${REPLACEMENTS} JOIN multi_cloud_images AS mci ON mci.id = move."toId"
     WHERE pin.server_template_id = $1 AND pin.multi_cloud_image_id = move."fromId"`,
    parameters,
  );
}
