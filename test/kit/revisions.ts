import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { toGlobalId } from '../../src/domain/global-id';

interface Content {
  readonly table: string;
  readonly reference: string;
  /** Columns copied as they are; `id` columns get new values. */
  readonly columns: string;
  readonly hasId: boolean;
}

interface Kind {
  readonly type: 'MultiCloudImage' | 'ServerTemplate';
  readonly table: string;
  readonly ownColumns: string;
  readonly contents: readonly Content[];
}

const MULTI_CLOUD_IMAGE: Kind = {
  type: 'MultiCloudImage',
  table: 'multi_cloud_images',
  ownColumns: '',
  contents: [
    {
      table: 'multi_cloud_image_settings',
      reference: 'multi_cloud_image_id',
      columns: 'cloud_id, image_id, instance_type_id, kernel_image_id, ramdisk_image_id, user_data, made_by',
      hasId: true,
    },
    {
      table: 'multi_cloud_image_matchers',
      reference: 'multi_cloud_image_id',
      columns:
        'position, cloud_type, fingerprint, name_pattern, operating_system, cpu_architecture, pick, instance_types, user_data',
      hasId: true,
    },
  ],
};

const SERVER_TEMPLATE: Kind = {
  type: 'ServerTemplate',
  table: 'server_templates',
  ownColumns: ', default_mci_lineage_id',
  contents: [
    {
      table: 'server_template_multi_cloud_images',
      reference: 'server_template_id',
      columns: 'mci_lineage_id, multi_cloud_image_id, position',
      hasId: false,
    },
  ],
};

/** A sealed revision with the content that HEAD has now, straight in the database. @returns its global id */
async function insertRevision(dataSource: DataSource, kind: Kind, headId: string): Promise<string> {
  const head = headId.slice(4);
  const key = randomUUID();
  await dataSource.transaction(async (manager) => {
    await manager.query(
      `INSERT INTO ${kind.table} (id, account_id, lineage_id, revision, version, name, description, tags, commit_message,
         committed_at, created_at, updated_at${kind.ownColumns})
       SELECT $1, account_id, lineage_id, (SELECT max(revision) + 1 FROM ${kind.table} AS other
         WHERE other.lineage_id = head.lineage_id AND other.account_id = head.account_id),
         1, name, description, tags, 'committed', now(), now(), now()${kind.ownColumns}
       FROM ${kind.table} AS head WHERE id = $2`,
      [key, head],
    );
    for (const { table, reference, columns, hasId } of kind.contents)
      await manager.query(
        `INSERT INTO ${table} (${hasId ? 'id, ' : ''}${reference}, ${columns})
         SELECT ${hasId ? 'gen_random_uuid(), ' : ''}$1, ${columns} FROM ${table} WHERE ${reference} = $2`,
        [key, head],
      );
    await manager.query(`UPDATE ${kind.table} SET sealed = true WHERE id = $1`, [key]);
  });
  return toGlobalId(kind.type, key);
}

export const insertMultiCloudImageRevision = (dataSource: DataSource, headId: string): Promise<string> =>
  insertRevision(dataSource, MULTI_CLOUD_IMAGE, headId);

export const insertServerTemplateRevision = (dataSource: DataSource, headId: string): Promise<string> =>
  insertRevision(dataSource, SERVER_TEMPLATE, headId);
