import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import { isSubscribedHead } from '../../domain/versioning/version-origin';
import type { Cloud } from '../../entities/catalog/cloud';
import type { InstanceType } from '../../entities/catalog/instance-type';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import type { MultiCloudImageSetting } from '../../entities/components/multi-cloud-image-setting';
import {
  ServerTemplate,
  type ServerTemplateMultiCloudImage,
} from '../../entities/components/server-template';
import {
  cloudsById,
  imagesById,
  instanceTypesById,
  pinsByServerTemplate,
  settingsByMultiCloudImageAndCloud,
  type ImageRow,
} from '../batches';
import { asShown, versionsById } from '../components/component-batches';
import type { LaunchRequest } from '../servers/launch-request';
import { batch } from '../fixed-query';
import { ANY_OF, selectRows, type Row } from '../select';
import { endedSubscriptions } from '../marketplace/subscription-store';
import { versionVisible } from '../visibility';

/** A template, and whether it runs any script that the viewer sees. */
type TemplateRow = Row<ServerTemplate> & { readonly hasScripts: boolean };

/** Every row that the resolutions of some launches depend on, by key. */
export interface LaunchRows {
  readonly serverTemplates: ReadonlyMap<string, TemplateRow>;
  readonly clouds: ReadonlyMap<string, Row<Cloud>>;
  /** By the template's key: what it names, the default first. */
  readonly pins: ReadonlyMap<string, readonly Row<ServerTemplateMultiCloudImage>[]>;
  readonly multiCloudImages: ReadonlyMap<string, Row<MultiCloudImage>>;
  /** By `settingKey`. */
  readonly settings: ReadonlyMap<string, Row<MultiCloudImageSetting>>;
  /** Also those that the viewer doesn't see, and replacements. */
  readonly images: ReadonlyMap<string, ImageRow>;
  readonly instanceTypes: ReadonlyMap<string, Row<InstanceType>>;
  /** Subscribed HEADs among the templates and MCIs that will not change any more. */
  readonly endedSubscriptions: ReadonlySet<string>;
}

export const settingKey = (multiCloudImageId: string, cloudId: string): string =>
  `${multiCloudImageId} ${cloudId}`;

/** At most nine statements, one after the other, for any number of requests. */
export async function readLaunchRows(
  manager: EntityManager,
  viewer: Viewer,
  requests: readonly LaunchRequest[],
): Promise<LaunchRows> {
  const choices = requests.flatMap(({ layers }) => layers.map((layer) => layer.choices));
  const serverTemplates = byId(
    await read(
      requests.map(({ serverTemplateId }) => serverTemplateId),
      (ids) => templatesById(manager, viewer, ids),
    ),
  );
  const clouds = byId(
    await read(
      requests.map(({ cloudId }) => cloudId),
      (ids) => cloudsById(manager, viewer, ids),
    ),
  );
  const pins = new Map<string, Row<ServerTemplateMultiCloudImage>[]>(
    [...serverTemplates.keys()].map((id) => [id, []]),
  );
  for (const pin of await read([...pins.keys()], (ids) => pinsByServerTemplate(manager, viewer, ids)))
    pins.get(pin.serverTemplateId)?.push(pin);
  const multiCloudImages = byId(
    await read(
      [
        ...[...pins.values()].flat().map(({ multiCloudImageId }) => multiCloudImageId),
        ...choices.map(({ multiCloudImageId }) => multiCloudImageId),
      ],
      (ids) => versionsById(manager, MultiCloudImage, viewer, ids),
    ),
  );
  const settings = await readSettings(manager, requests, { pins, multiCloudImages });
  const images = byId(
    await read(
      [...settings.values(), ...choices].flatMap(({ imageId, kernelImageId, ramdiskImageId }) => [
        imageId,
        kernelImageId,
        ramdiskImageId,
      ]),
      (ids) => imagesById(manager, viewer, ids),
    ),
  );
  const replacementIds = [...images.values()]
    .filter(({ visible }) => visible)
    .map(({ replacementId }) => replacementId)
    .filter((id) => id !== null && !images.has(id));
  for (const image of await read(replacementIds, (ids) => imagesById(manager, viewer, ids)))
    images.set(image.id, image);
  const instanceTypes = byId(
    await read(
      [...settings.values(), ...choices].map(({ instanceTypeId }) => instanceTypeId),
      (ids) => instanceTypesById(manager, viewer, ids),
    ),
  );
  const subscribed = [...serverTemplates.values(), ...multiCloudImages.values()].filter(isSubscribedHead);
  const ended = await read(
    subscribed.map(({ id }) => id),
    (ids) => endedSubscriptions(manager, viewer, ids),
  );
  return {
    serverTemplates,
    clouds,
    pins,
    multiCloudImages,
    settings,
    images,
    instanceTypes,
    endedSubscriptions: new Set(ended.map(({ id }) => id)),
  };
}

/** No statement where there is nothing to look for. */
async function read<T>(
  ids: readonly (string | null)[],
  find: (ids: readonly string[]) => Promise<T[]>,
): Promise<T[]> {
  const wanted = new Set(ids.filter((id) => id !== null));
  return wanted.size === 0 ? [] : find([...wanted]);
}

const byId = <T extends { readonly id: string }>(rows: readonly T[]): Map<string, T> =>
  new Map(rows.map((row) => [row.id, row]));

const TEMPLATES_BY_ID = batch<TemplateRow>((manager) =>
  selectRows(manager, ServerTemplate, 'template')
    .addSelect(
      `EXISTS (SELECT FROM server_template_scripts AS attached
        JOIN right_scripts AS script ON script.id = attached.right_script_id
        WHERE attached.server_template_id = template.id AND ${versionVisible('script')})`,
      'hasScripts',
    )
    .where(`template.id ${ANY_OF} AND ${versionVisible('template')}`),
);

const templatesById = async (
  manager: EntityManager,
  viewer: Viewer,
  ids: readonly string[],
): Promise<TemplateRow[]> => asShown(viewer, await TEMPLATES_BY_ID(manager, viewer, ids));

/** Of every MCI that a request could boot from, the setting for its cloud. */
async function readSettings(
  manager: EntityManager,
  requests: readonly LaunchRequest[],
  { pins, multiCloudImages }: Pick<LaunchRows, 'pins' | 'multiCloudImages'>,
): Promise<Map<string, Row<MultiCloudImageSetting>>> {
  const pairs = new Map<string, { readonly multiCloudImageId: string; readonly cloudId: string }>();
  for (const { serverTemplateId, cloudId, layers } of requests) {
    const chosen = layers.map(({ choices }) => choices);
    for (const { multiCloudImageId } of [...(pins.get(serverTemplateId) ?? []), ...chosen])
      if (multiCloudImageId !== null && multiCloudImages.has(multiCloudImageId))
        pairs.set(settingKey(multiCloudImageId, cloudId), { multiCloudImageId, cloudId });
  }
  if (pairs.size === 0) return new Map();
  const settings = await settingsByMultiCloudImageAndCloud(manager, {
    multiCloudImageIds: [...pairs.values()].map(({ multiCloudImageId }) => multiCloudImageId),
    cloudIds: [...pairs.values()].map(({ cloudId }) => cloudId),
  });
  return new Map(settings.map((row) => [settingKey(row.multiCloudImageId, row.cloudId), row]));
}
