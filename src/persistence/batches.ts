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
import { batch, fixedQuery, NOBODY, ofEach } from './fixed-query';
import { ANY_OF, selectRows, type Row } from './select';
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

/** @param which SQL behind the key */
export const cloudRows = (manager: EntityManager, viewer: Viewer, which: string) =>
  selectRows(manager, Cloud, 'cloud')
    .where(`cloud.id ${which}`)
    .andWhere(cloudVisible('cloud'), { viewer: viewer.accountId });

export const cloudsById = batch<Row<Cloud>>((manager, viewer) => cloudRows(manager, viewer, ANY_OF));

/** Whether or not they are visible; `visible` says so. */
export const imagesById = batch<ImageRow>((manager) =>
  selectRows(manager, CloudImage, 'image')
    .addSelect(imageVisible('image'), 'visible')
    .where(`image.id ${ANY_OF}`),
);

/** @param which SQL behind the key */
export const visibleImageRows = (manager: EntityManager, viewer: Viewer, which: string) =>
  selectRows(manager, CloudImage, 'image')
    .where(`image.id ${which}`)
    .andWhere(imageVisible('image'), { viewer: viewer.accountId });

/** @param which SQL behind the key */
export const instanceTypeRows = (manager: EntityManager, viewer: Viewer, which: string) =>
  selectRows(manager, InstanceType, 'type')
    .where(`type.id ${which}`)
    .andWhere(instanceTypeVisible('type'), { viewer: viewer.accountId });

export const instanceTypesById = batch<Row<InstanceType>>((manager, viewer) =>
  instanceTypeRows(manager, viewer, ANY_OF),
);

/** Settings of MCI versions, by cloud name: the order in which people look for them. @param which SQL behind the MCI's key */
export const settingRowsOf = (manager: EntityManager, which: string) =>
  selectRows(manager, MultiCloudImageSetting, 'setting')
    .innerJoin('clouds', 'cloud', 'cloud.id = setting.cloud_id')
    .where(`setting.multi_cloud_image_id ${which}`)
    .orderBy('cloud.name')
    .addOrderBy('setting.id');

const SETTINGS_BY_MULTI_CLOUD_IMAGE = fixedQuery<{ readonly ids: Keys }, Row<MultiCloudImageSetting>>(
  (manager) => settingRowsOf(manager, ANY_OF),
);

export const settingsByMultiCloudImage = (
  manager: EntityManager,
  ids: Keys,
): Promise<Row<MultiCloudImageSetting>[]> => SETTINGS_BY_MULTI_CLOUD_IMAGE(manager, { ids });

/** @param which SQL behind the key */
export const settingRows = (manager: EntityManager, viewer: Viewer, which: string) =>
  selectRows(manager, MultiCloudImageSetting, 'setting')
    .innerJoin('multi_cloud_images', 'mci', 'mci.id = setting.multi_cloud_image_id')
    .where(`setting.id ${which}`)
    .andWhere(versionVisible('mci'), { viewer: viewer.accountId });

export const settingsById = batch<Row<MultiCloudImageSetting>>((manager, viewer) =>
  settingRows(manager, viewer, ANY_OF),
);

/** @param which SQL behind the pair of an MCI version's key and a cloud's */
export const settingRowsForCloud = (manager: EntityManager, which: string) =>
  selectRows(manager, MultiCloudImageSetting, 'setting').where(
    `(setting.multi_cloud_image_id, setting.cloud_id) ${which}`,
  );

/** The settings for pairs of MCI version and cloud, given as two lists of the same length. */
export const settingsByMultiCloudImageAndCloud = fixedQuery<
  { readonly multiCloudImageIds: Keys; readonly cloudIds: Keys },
  Row<MultiCloudImageSetting>
>((manager) =>
  settingRowsForCloud(manager, 'IN (SELECT * FROM unnest(:multiCloudImageIds::uuid[], :cloudIds::uuid[]))'),
);

/** @param which SQL behind the MCI's key */
export const matcherRowsOf = (manager: EntityManager, which: string) =>
  selectRows(manager, MultiCloudImageMatcher, 'matcher')
    .where(`matcher.multi_cloud_image_id ${which}`)
    .orderBy('matcher.position');

const MATCHERS_BY_MULTI_CLOUD_IMAGE = fixedQuery<{ readonly ids: Keys }, Row<MultiCloudImageMatcher>>(
  (manager) => matcherRowsOf(manager, ANY_OF),
);

export const matchersByMultiCloudImage = (
  manager: EntityManager,
  ids: Keys,
): Promise<Row<MultiCloudImageMatcher>[]> => MATCHERS_BY_MULTI_CLOUD_IMAGE(manager, { ids });

/** @param which SQL behind the key */
export const matcherRows = (manager: EntityManager, viewer: Viewer, which: string) =>
  selectRows(manager, MultiCloudImageMatcher, 'matcher')
    .innerJoin('multi_cloud_images', 'mci', 'mci.id = matcher.multi_cloud_image_id')
    .where(`matcher.id ${which}`)
    .andWhere(versionVisible('mci'), { viewer: viewer.accountId });

export const matchersById = batch<Row<MultiCloudImageMatcher>>((manager, viewer) =>
  matcherRows(manager, viewer, ANY_OF),
);

/**
 * The MCIs that ServerTemplate versions name, the default first; of what the marketplace offers those that are offered to
 * the viewer, too.
 *
 * @param which SQL behind the template's key
 */
export const pinRowsOf = (manager: EntityManager, viewer: Viewer, which: string) =>
  selectRows(manager, ServerTemplateMultiCloudImage, 'pin')
    .innerJoin('server_templates', 'template', 'template.id = pin.server_template_id')
    .addSelect('template.default_mci_lineage_id = pin.mci_lineage_id', 'isDefault')
    .innerJoin('multi_cloud_images', 'mci', 'mci.id = pin.multi_cloud_image_id')
    // The second condition follows from the first; PostgreSQL doesn't derive it.
    .where(`pin.server_template_id ${which} AND template.id ${which}`)
    .andWhere(versionVisible('mci'), { viewer: viewer.accountId })
    .orderBy('template.default_mci_lineage_id = pin.mci_lineage_id', 'DESC')
    .addOrderBy('pin.position');

export const pinsByServerTemplate = batch<Row<ServerTemplateMultiCloudImage>>((manager, viewer) =>
  pinRowsOf(manager, viewer, ANY_OF),
);

/**
 * The scripts that ServerTemplate versions run, phase after phase, in the order of each; visible ones, as above.
 *
 * @param which SQL behind the template's key
 */
export const scriptRowsOf = (manager: EntityManager, viewer: Viewer, which: string) =>
  selectRows(manager, ServerTemplateScript, 'attached')
    .innerJoin('right_scripts', 'script', 'script.id = attached.right_script_id')
    .where(`attached.server_template_id ${which}`)
    .andWhere(versionVisible('script'), { viewer: viewer.accountId })
    .orderBy('array_position(:phases::text[], attached.phase)')
    .setParameter('phases', SCRIPT_PHASES)
    .addOrderBy('attached.position');

const SCRIPTS_BY_SERVER_TEMPLATE = fixedQuery<
  { readonly viewer: string; readonly ids: Keys; readonly phases: readonly string[] },
  Row<ServerTemplateScript>
>((manager) => scriptRowsOf(manager, NOBODY, ANY_OF));

export const scriptsByServerTemplate = (
  manager: EntityManager,
  viewer: Viewer,
  ids: Keys,
): Promise<Row<ServerTemplateScript>[]> =>
  SCRIPTS_BY_SERVER_TEMPLATE(manager, { viewer: viewer.accountId, ids, phases: SCRIPT_PHASES });

/** the clouds that each ServerTemplate version supports. @param templates SQL for an array of their keys */
export const supportedCloudRows = (manager: EntityManager, viewer: Viewer, templates: string) =>
  selectRows(manager, Cloud, 'cloud')
    .addSelect('supported.server_template_id', 'serverTemplateId')
    .innerJoin(
      `(SELECT DISTINCT pin.server_template_id, setting.cloud_id
        FROM unnest(${templates}) AS template(id)
        JOIN server_template_multi_cloud_images AS pin ON pin.server_template_id = template.id
        JOIN multi_cloud_images AS mci ON mci.id = pin.multi_cloud_image_id
        JOIN multi_cloud_image_settings AS setting ON setting.multi_cloud_image_id = mci.id
        JOIN cloud_images AS image ON image.id = setting.image_id
        WHERE ${versionVisible('mci')} AND ${imageAvailable('image')})`,
      'supported',
      'supported.cloud_id = cloud.id',
    )
    .where(cloudVisible('cloud'), { viewer: viewer.accountId })
    .orderBy('cloud.name')
    .addOrderBy('cloud.id');

export const supportedClouds = batch<Row<Cloud> & { readonly serverTemplateId: string }>((manager, viewer) =>
  supportedCloudRows(manager, viewer, ':ids::uuid[]'),
);

/** @param which SQL behind the key */
export const userRows = (manager: EntityManager, viewer: Viewer, which: string) =>
  membersOf(manager, viewer).andWhere(`person.id ${which}`);

export const usersById = batch<Row<User>>((manager, viewer) => userRows(manager, viewer, ANY_OF));

export const imageTagsById = batch<Row<CloudImageTags>>((manager) =>
  selectRows(manager, CloudImageTags, 'tagged').where(
    `tagged.account_id = :viewer AND tagged.cloud_image_id ${ANY_OF}`,
  ),
);

interface NaturalKey {
  readonly cloudType: string;
  readonly region: string;
  readonly resourceUid: string;
}

/** Clouds by type and region: the viewer's own before the public one. @param which SQL behind the two */
export const cloudRowsByNaturalKey = (manager: EntityManager, viewer: Viewer, which: string) =>
  selectRows(manager, Cloud, 'cloud')
    .where(`(cloud.cloud_type, cloud.region) ${which}`)
    .andWhere(cloudVisible('cloud'), { viewer: viewer.accountId })
    .orderBy('cloud.account_id IS NULL');

const CLOUDS_BY_NATURAL_KEY = fixedQuery<
  { readonly viewer: string; readonly cloudTypes: Keys; readonly regions: Keys },
  Row<Cloud>
>((manager) =>
  cloudRowsByNaturalKey(manager, NOBODY, 'IN (SELECT * FROM unnest(:cloudTypes::text[], :regions::text[]))'),
);

export const cloudsByNaturalKey = (
  manager: EntityManager,
  viewer: Viewer,
  keys: readonly Pick<NaturalKey, 'cloudType' | 'region'>[],
): Promise<Row<Cloud>[]> =>
  CLOUDS_BY_NATURAL_KEY(manager, {
    viewer: viewer.accountId,
    cloudTypes: keys.map((key) => key.cloudType),
    regions: keys.map((key) => key.region),
  });

/**
 * Images or types by cloud type, region and uid; a lookup gives the viewer's own, else the public, else a shared one.
 *
 * @param which SQL behind the three
 */
export const rowsByNaturalKey = (
  manager: EntityManager,
  entity: typeof CloudImage | typeof InstanceType,
  viewer: Viewer,
  which: string,
) =>
  selectRows(manager, entity, 'thing')
    .innerJoin('clouds', 'cloud', 'cloud.id = thing.cloud_id')
    .addSelect('cloud.cloud_type', 'cloudType')
    .addSelect('cloud.region', 'region')
    .where(`(cloud.cloud_type, cloud.region, thing.resource_uid) ${which}`)
    .andWhere(entity === CloudImage ? imageVisible('thing') : instanceTypeVisible('thing'), {
      viewer: viewer.accountId,
    })
    .orderBy(
      'CASE WHEN thing.owner_account_id = :viewer THEN 0 WHEN thing.owner_account_id IS NULL THEN 1 ELSE 2 END',
    )
    .addOrderBy('thing.id');

const BY_NATURAL_KEY = ofEach((entity: typeof CloudImage | typeof InstanceType) =>
  fixedQuery<
    {
      readonly viewer: string;
      readonly cloudTypes: Keys;
      readonly regions: Keys;
      readonly resourceUids: Keys;
    },
    unknown
  >((manager) =>
    rowsByNaturalKey(
      manager,
      entity,
      NOBODY,
      'IN (SELECT * FROM unnest(:cloudTypes::text[], :regions::text[], :resourceUids::text[]))',
    ),
  ),
);

export const byNaturalKey = async <E extends CloudImage | InstanceType>(
  manager: EntityManager,
  entity: typeof CloudImage | typeof InstanceType,
  viewer: Viewer,
  keys: readonly NaturalKey[],
): Promise<(Row<E> & NaturalKey)[]> => {
  const rows = await BY_NATURAL_KEY(entity)(manager, {
    viewer: viewer.accountId,
    cloudTypes: keys.map((key) => key.cloudType),
    regions: keys.map((key) => key.region),
    resourceUids: keys.map((key) => key.resourceUid),
  });
  return rows as (Row<E> & NaturalKey)[];
};
