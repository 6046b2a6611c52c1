import type { EntityManager } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import { SCRIPT_PHASES } from '../domain/versioning/component-content';
import { Cloud } from '../entities/catalog/cloud';
import { CloudImage, CloudImageTags } from '../entities/catalog/cloud-image';
import { InstanceType } from '../entities/catalog/instance-type';
import { MultiCloudImageMatcher } from '../entities/components/multi-cloud-image-matcher';
import { MultiCloudImageSetting } from '../entities/components/multi-cloud-image-setting';
import { ServerTemplateMultiCloudImage } from '../entities/components/server-template';
import { ServerTemplateScript } from '../entities/components/server-template-script';
import type { User } from '../entities/access/user';
import { selectRows, type Row } from './select';
import { membersOf } from './access/user-list';
import {
  cloudVisible,
  imageAvailable,
  imageVisible,
  instanceTypeVisible,
  versionVisible,
} from './visibility';

/** What the loaders fetch in one statement each, for many keys at once, as the viewer may see it. */

type Keys = readonly string[];

/** An image with the word whether the viewer sees it: of one it doesn't, only the uid may be shown. */
export type ImageRow = Row<CloudImage> & { readonly visible: boolean };

export const cloudsById = (manager: EntityManager, viewer: Viewer, ids: Keys): Promise<Row<Cloud>[]> =>
  selectRows(manager, Cloud, 'cloud')
    .where('cloud.id = ANY(:ids)', { ids })
    .andWhere(cloudVisible('cloud'), { viewer: viewer.accountId })
    .getRawMany();

/** Whether or not they are visible; `visible` says so. */
export const imagesById = (manager: EntityManager, viewer: Viewer, ids: Keys): Promise<ImageRow[]> =>
  selectRows(manager, CloudImage, 'image')
    .addSelect(imageVisible('image'), 'visible')
    .where('image.id = ANY(:ids)', { ids, viewer: viewer.accountId })
    .getRawMany();

export const instanceTypesById = (
  manager: EntityManager,
  viewer: Viewer,
  ids: Keys,
): Promise<Row<InstanceType>[]> =>
  selectRows(manager, InstanceType, 'type')
    .where('type.id = ANY(:ids)', { ids })
    .andWhere(instanceTypeVisible('type'), { viewer: viewer.accountId })
    .getRawMany();

/** Settings of MCI versions, by cloud name: the order in which people look for them. */
export const settingsByMultiCloudImage = (
  manager: EntityManager,
  ids: Keys,
): Promise<Row<MultiCloudImageSetting>[]> =>
  selectRows(manager, MultiCloudImageSetting, 'setting')
    .innerJoin('clouds', 'cloud', 'cloud.id = setting.cloud_id')
    .where('setting.multi_cloud_image_id = ANY(:ids)', { ids })
    .orderBy('cloud.name')
    .addOrderBy('setting.id')
    .getRawMany();

export const settingsById = (
  manager: EntityManager,
  viewer: Viewer,
  ids: Keys,
): Promise<Row<MultiCloudImageSetting>[]> =>
  selectRows(manager, MultiCloudImageSetting, 'setting')
    .innerJoin('multi_cloud_images', 'mci', 'mci.id = setting.multi_cloud_image_id')
    .where('setting.id = ANY(:ids)', { ids })
    .andWhere(versionVisible('mci'), { viewer: viewer.accountId })
    .getRawMany();

/** The settings for pairs of MCI version and cloud, given as two lists of the same length. */
export const settingsByMultiCloudImageAndCloud = (
  manager: EntityManager,
  multiCloudImageIds: Keys,
  cloudIds: Keys,
): Promise<Row<MultiCloudImageSetting>[]> =>
  selectRows(manager, MultiCloudImageSetting, 'setting')
    .where(
      '(setting.multi_cloud_image_id, setting.cloud_id) IN (SELECT * FROM unnest(:multiCloudImageIds::uuid[], :cloudIds::uuid[]))',
      { multiCloudImageIds, cloudIds },
    )
    .getRawMany();

export const matchersByMultiCloudImage = (
  manager: EntityManager,
  ids: Keys,
): Promise<Row<MultiCloudImageMatcher>[]> =>
  selectRows(manager, MultiCloudImageMatcher, 'matcher')
    .where('matcher.multi_cloud_image_id = ANY(:ids)', { ids })
    .orderBy('matcher.position')
    .getRawMany();

export const matchersById = (
  manager: EntityManager,
  viewer: Viewer,
  ids: Keys,
): Promise<Row<MultiCloudImageMatcher>[]> =>
  selectRows(manager, MultiCloudImageMatcher, 'matcher')
    .innerJoin('multi_cloud_images', 'mci', 'mci.id = matcher.multi_cloud_image_id')
    .where('matcher.id = ANY(:ids)', { ids })
    .andWhere(versionVisible('mci'), { viewer: viewer.accountId })
    .getRawMany();

/**
 * The MCIs that ServerTemplate versions name, the default first; of what the marketplace offers those that are offered to
 * the viewer, too.
 */
export const pinsByServerTemplate = (
  manager: EntityManager,
  viewer: Viewer,
  ids: Keys,
): Promise<Row<ServerTemplateMultiCloudImage>[]> =>
  selectRows(manager, ServerTemplateMultiCloudImage, 'pin')
    .innerJoin('server_templates', 'template', 'template.id = pin.server_template_id')
    .addSelect('template.default_mci_lineage_id = pin.mci_lineage_id', 'isDefault')
    .innerJoin('multi_cloud_images', 'mci', 'mci.id = pin.multi_cloud_image_id')
    // The second condition follows from the first; PostgreSQL doesn't derive it.
    .where('pin.server_template_id = ANY(:ids) AND template.id = ANY(:ids)', { ids })
    .andWhere(versionVisible('mci'), { viewer: viewer.accountId })
    .orderBy('template.default_mci_lineage_id = pin.mci_lineage_id', 'DESC')
    .addOrderBy('pin.position')
    .getRawMany();

/** The scripts that ServerTemplate versions run, phase after phase, in the order of each; visible ones, as above. */
export const scriptsByServerTemplate = (
  manager: EntityManager,
  viewer: Viewer,
  ids: Keys,
): Promise<Row<ServerTemplateScript>[]> =>
  selectRows(manager, ServerTemplateScript, 'attached')
    .innerJoin('right_scripts', 'script', 'script.id = attached.right_script_id')
    .where('attached.server_template_id = ANY(:ids)', { ids })
    .andWhere(versionVisible('script'), { viewer: viewer.accountId })
    .orderBy('array_position(:phases::text[], attached.phase)')
    .setParameter('phases', SCRIPT_PHASES)
    .addOrderBy('attached.position')
    .getRawMany();

/** the clouds that each ServerTemplate version supports. */
export const supportedClouds = (
  manager: EntityManager,
  viewer: Viewer,
  ids: Keys,
): Promise<(Row<Cloud> & { readonly serverTemplateId: string })[]> =>
  selectRows(manager, Cloud, 'cloud')
    .addSelect('supported.server_template_id', 'serverTemplateId')
    .innerJoin(
      `(SELECT DISTINCT pin.server_template_id, setting.cloud_id
        FROM unnest(:ids::uuid[]) AS template(id)
        JOIN server_template_multi_cloud_images AS pin ON pin.server_template_id = template.id
        JOIN multi_cloud_images AS mci ON mci.id = pin.multi_cloud_image_id
        JOIN multi_cloud_image_settings AS setting ON setting.multi_cloud_image_id = mci.id
        JOIN cloud_images AS image ON image.id = setting.image_id
        WHERE ${versionVisible('mci')} AND ${imageAvailable('image')})`,
      'supported',
      'supported.cloud_id = cloud.id',
    )
    .where(cloudVisible('cloud'), { ids, viewer: viewer.accountId })
    .orderBy('cloud.name')
    .addOrderBy('cloud.id')
    .getRawMany();

export const usersById = (manager: EntityManager, viewer: Viewer, ids: Keys): Promise<Row<User>[]> =>
  membersOf(manager, viewer).andWhere('person.id = ANY(:ids)', { ids }).getRawMany();

export const imageTagsById = (
  manager: EntityManager,
  viewer: Viewer,
  ids: Keys,
): Promise<Row<CloudImageTags>[]> =>
  selectRows(manager, CloudImageTags, 'tagged')
    .where('tagged.account_id = :viewer AND tagged.cloud_image_id = ANY(:ids)', {
      ids,
      viewer: viewer.accountId,
    })
    .getRawMany();

interface NaturalKey {
  readonly cloudType: string;
  readonly region: string;
  readonly resourceUid: string;
}

/** Clouds by type and region: the viewer's own before the public one. */
export const cloudsByNaturalKey = (
  manager: EntityManager,
  viewer: Viewer,
  keys: readonly Pick<NaturalKey, 'cloudType' | 'region'>[],
): Promise<Row<Cloud>[]> =>
  selectRows(manager, Cloud, 'cloud')
    .where(
      '(cloud.cloud_type, cloud.region) IN (SELECT * FROM unnest(:cloudTypes::text[], :regions::text[]))',
      {
        cloudTypes: keys.map((key) => key.cloudType),
        regions: keys.map((key) => key.region),
      },
    )
    .andWhere(cloudVisible('cloud'), { viewer: viewer.accountId })
    .orderBy('cloud.account_id IS NULL')
    .getRawMany();

/** Images or types by cloud type, region and uid; a lookup gives the viewer's own, else the public, else a shared one. */
export const byNaturalKey = <E extends CloudImage | InstanceType>(
  manager: EntityManager,
  entity: typeof CloudImage | typeof InstanceType,
  viewer: Viewer,
  keys: readonly NaturalKey[],
): Promise<(Row<E> & NaturalKey)[]> =>
  selectRows(manager, entity, 'thing')
    .innerJoin('clouds', 'cloud', 'cloud.id = thing.cloud_id')
    .addSelect('cloud.cloud_type', 'cloudType')
    .addSelect('cloud.region', 'region')
    .where(
      `(cloud.cloud_type, cloud.region, thing.resource_uid) IN
       (SELECT * FROM unnest(:cloudTypes::text[], :regions::text[], :resourceUids::text[]))`,
      {
        cloudTypes: keys.map((key) => key.cloudType),
        regions: keys.map((key) => key.region),
        resourceUids: keys.map((key) => key.resourceUid),
      },
    )
    .andWhere(entity === CloudImage ? imageVisible('thing') : instanceTypeVisible('thing'), {
      viewer: viewer.accountId,
    })
    .orderBy(
      'CASE WHEN thing.owner_account_id = :viewer THEN 0 WHEN thing.owner_account_id IS NULL THEN 1 ELSE 2 END',
    )
    .addOrderBy('thing.id')
    .getRawMany();
