import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { toGlobalId } from '../../src/domain/global-id';
import type { ComponentType } from '../../src/domain/versioning/component-type';

interface Content {
  readonly table: string;
  readonly reference: string;
  /** Columns copied as they are; `id` columns get new values. */
  readonly columns: string;
  readonly hasId: boolean;
}

interface Kind {
  readonly type: ComponentType;
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
    {
      table: 'server_template_scripts',
      reference: 'server_template_id',
      columns: 'phase, script_lineage_id, right_script_id, position',
      hasId: false,
    },
  ],
};

const RIGHT_SCRIPT: Kind = {
  type: 'RightScript',
  table: 'right_scripts',
  ownColumns: ', source',
  contents: [],
};

/** SQL: any hash, where nobody looks whether it is the content's. */
export const SOME_HASH = `decode(md5(random()::text) || md5(random()::text), 'hex')`;

const KINDS: Record<ComponentType, Kind> = {
  MultiCloudImage: MULTI_CLOUD_IMAGE,
  ServerTemplate: SERVER_TEMPLATE,
  RightScript: RIGHT_SCRIPT,
};

/** A sealed version with the content that HEAD has now, straight in the database. @returns its global id */
async function insertVersion(
  dataSource: DataSource,
  kind: Kind,
  headId: string,
  snapshot: boolean,
): Promise<string> {
  const head = headId.slice(4);
  const key = randomUUID();
  await dataSource.transaction(async (manager) => {
    await manager.query(
      `INSERT INTO ${kind.table} (id, account_id, lineage_id, revision, snapshot, version, name, description, tags, commit_message,
         committed_at, created_at, updated_at${kind.ownColumns})
       SELECT $1, account_id, lineage_id, CASE WHEN $3 THEN 0 ELSE (SELECT max(revision) + 1 FROM ${kind.table} AS other
         WHERE other.lineage_id = head.lineage_id AND other.account_id = head.account_id) END, $3,
         1, name, description, tags, CASE WHEN NOT $3 THEN 'committed' END, CASE WHEN NOT $3 THEN now() END,
         now(), now()${kind.ownColumns}
       FROM ${kind.table} AS head WHERE id = $2`,
      [key, head, snapshot],
    );
    for (const { table, reference, columns, hasId } of kind.contents)
      await manager.query(
        `INSERT INTO ${table} (${hasId ? 'id, ' : ''}${reference}, ${columns})
         SELECT ${hasId ? 'gen_random_uuid(), ' : ''}$1, ${columns} FROM ${table} WHERE ${reference} = $2`,
        [key, head],
      );
    await manager.query(`UPDATE ${kind.table} SET sealed = true, content_hash = ${SOME_HASH} WHERE id = $1`, [
      key,
    ]);
  });
  return toGlobalId(kind.type, key);
}

export const insertMultiCloudImageRevision = (dataSource: DataSource, headId: string): Promise<string> =>
  insertVersion(dataSource, MULTI_CLOUD_IMAGE, headId, false);

export const insertServerTemplateRevision = (dataSource: DataSource, headId: string): Promise<string> =>
  insertVersion(dataSource, SERVER_TEMPLATE, headId, false);

export const insertRightScriptRevision = (dataSource: DataSource, headId: string): Promise<string> =>
  insertVersion(dataSource, RIGHT_SCRIPT, headId, false);

/** What a clone or a merge keeps of a HEAD. */
export const insertSnapshot = (
  dataSource: DataSource,
  type: ComponentType,
  headId: string,
): Promise<string> => insertVersion(dataSource, KINDS[type], headId, true);
