import { Check, Entity, Index } from 'typeorm';

const LIVE = { where: 'deleted_at IS NULL' };
const where = (column: string) => ({ where: `${column} IS NOT NULL` });

/** The table of servers, or of arrays: the same indexes and checks for both. */
export function DefinitionTable(table: string, comment: string): ClassDecorator {
  const decorators: ClassDecorator[] = [
    Entity(table, { comment }),
    Index(`${table}_name`, ['accountId', 'name', 'id'], LIVE),
    Index(`${table}_all_name`, ['accountId', 'name', 'id']),
    Index(`${table}_deployment`, ['deploymentId', 'name', 'id'], LIVE),
    Index(`${table}_template`, ['serverTemplateId'], LIVE),
    Index(`${table}_mci`, ['multiCloudImageId'], where('multi_cloud_image_id')),
    Index(`${table}_image`, ['imageId'], where('image_id')),
    Index(`${table}_kernel`, ['kernelImageId'], where('kernel_image_id')),
    Index(`${table}_ramdisk`, ['ramdiskImageId'], where('ramdisk_image_id')),
    Index(`${table}_search`, { synchronize: false }),
    Index(`${table}_tags`, { synchronize: false }),
    Check(`${table}_tag_count`, 'cardinality(tags) <= 100'),
    Check(`${table}_user_data`, 'octet_length(user_data) <= 16384'),
    Check(`${table}_none`, "none <@ ARRAY['KERNEL_IMAGE', 'RAMDISK_IMAGE', 'USER_DATA']"),
    Check(
      `${table}_none_or_chosen`,
      `NOT ('KERNEL_IMAGE' = ANY (none) AND kernel_image_id IS NOT NULL)
       AND NOT ('RAMDISK_IMAGE' = ANY (none) AND ramdisk_image_id IS NOT NULL)
       AND NOT ('USER_DATA' = ANY (none) AND user_data IS NOT NULL)`,
    ),
  ];
  return (target) => {
    for (const decorate of decorators) decorate(target);
  };
}
