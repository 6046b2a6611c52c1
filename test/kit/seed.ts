import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import { toGlobalId } from '../../src/domain/global-id';
import { CloudImageTags } from '../../src/entities/catalog/cloud-image';
import { MultiCloudImage } from '../../src/entities/components/multi-cloud-image';
import { MultiCloudImageMatcher } from '../../src/entities/components/multi-cloud-image-matcher';
import { MultiCloudImageSetting } from '../../src/entities/components/multi-cloud-image-setting';
import { RightScript } from '../../src/entities/components/right-script';
import { ServerTemplate, ServerTemplateMultiCloudImage } from '../../src/entities/components/server-template';
import { ServerTemplateScript } from '../../src/entities/components/server-template-script';
import type { TestAccount } from './api';
import { TestCatalog, type KnownImage, type Place } from './catalog';
import { SOME_HASH } from './revisions';

const PLACES = 4;
const MCIS_PER_TEMPLATE = 2;

/** What was put into an account; ids are global. */
export interface Seeded {
  readonly serverTemplates: readonly string[];
  readonly multiCloudImages: readonly string[];
  readonly rightScripts: readonly string[];
  /** Machine images, each named by settings of one MCI lineage. */
  readonly images: readonly KnownImage[];
  readonly places: readonly Place[];
  /** Of HEADs; every lineage has revision 1, too. */
  readonly lineages: {
    readonly multiCloudImages: readonly string[];
    readonly serverTemplates: readonly string[];
    readonly rightScripts: readonly string[];
  };
}

/**
 * `count` ServerTemplates, each naming two MCIs of its own, each with settings for four clouds, one of them with an
 * image of its own, and each running a script of its own in BOOT; every component with HEAD and revision 1. Every other machine image is deprecated with a replacement
 * and carries a tag. MCIs have a matcher, and there are clouds that none supports.
 */
export async function seedComponents(
  dataSource: DataSource,
  account: TestAccount,
  count: number,
): Promise<Seeded> {
  const catalog = new TestCatalog(dataSource);
  const places: Place[] = [];
  for (let index = 0; index < PLACES; index++)
    places.push(await catalog.place({ image: { fingerprint: `print ${account.key}` } }));
  for (let index = 0; index < 3; index++) {
    const cloud = await catalog.cloud();
    await catalog.image(cloud, { fingerprint: `print ${account.key}` });
    await catalog.instanceType(cloud, { name: 'large' });
  }
  const [home] = places;
  if (home === undefined) throw new Error('There are no places');
  const kernel = await catalog.image(home.cloud, { imageType: 'KERNEL' });
  const images: KnownImage[] = [];
  for (let index = 0; index < count * MCIS_PER_TEMPLATE; index++)
    images.push(
      await catalog.image(home.cloud, {
        name: `seeded ${String(index).padStart(4, '0')}`,
        ...(index % 2 === 0 && { lifecycle: 'DEPRECATED', replacementId: home.image.key }),
      }),
    );
  const keysOfAll = () => ({
    multiCloudImages: keys(count * MCIS_PER_TEMPLATE),
    serverTemplates: keys(count),
    rightScripts: keys(count),
  });
  const [lineages, heads] = [keysOfAll(), keysOfAll()];
  await dataSource.transaction(async (manager) => {
    await insertAll(
      manager,
      CloudImageTags,
      images.map(({ key }) => ({ accountId: account.key, cloudImageId: key, tags: ['seeded'] })),
    );
    for (const revision of [0, 1]) {
      const versions = revision === 0 ? heads : keysOfAll();
      const { multiCloudImages: mcis, serverTemplates: templates, rightScripts: scripts } = versions;
      const version = (name: string, ids: readonly string[], lineageIds: readonly string[]) =>
        ids.map((id, index) => ({
          id,
          accountId: account.key,
          lineageId: lineageIds[index],
          revision,
          name: `${name} ${String(index).padStart(4, '0')}`,
          tags: ['provides:rs_agent_type=right_link'],
          committedAt: revision === 0 ? null : new Date(),
          committedById: revision === 0 ? null : account.userKey,
          commitMessage: revision === 0 ? null : 'first',
          createdAt: new Date(),
          updatedAt: new Date(),
        }));
      await insertAll(manager, MultiCloudImage, version('MCI', mcis, lineages.multiCloudImages));
      await insertAll(
        manager,
        MultiCloudImageSetting,
        mcis.flatMap((multiCloudImageId, index) =>
          places.map((place, position) => ({
            id: randomUUID(),
            multiCloudImageId,
            cloudId: place.cloud.key,
            imageId: position === 0 ? images[index]?.key : place.image.key,
            instanceTypeId: place.type.key,
            kernelImageId: position === 0 ? kernel.key : null,
          })),
        ),
      );
      await insertAll(
        manager,
        MultiCloudImageMatcher,
        mcis.map((multiCloudImageId) => ({
          id: randomUUID(),
          multiCloudImageId,
          position: 0,
          fingerprint: `print ${account.key}`,
          pick: 'UNIQUE' as const,
          instanceTypes: ['large'],
        })),
      );
      await insertAll(
        manager,
        ServerTemplate,
        version('template', templates, lineages.serverTemplates).map((row, index) => ({
          ...row,
          defaultMciLineageId: lineages.multiCloudImages[index * MCIS_PER_TEMPLATE],
        })),
      );
      await insertAll(
        manager,
        ServerTemplateMultiCloudImage,
        mcis.map((multiCloudImageId, index) => ({
          serverTemplateId: templates[Math.floor(index / MCIS_PER_TEMPLATE)],
          mciLineageId: lineages.multiCloudImages[index],
          multiCloudImageId,
          position: index % MCIS_PER_TEMPLATE,
        })),
      );
      await insertAll(
        manager,
        RightScript,
        version('script', scripts, lineages.rightScripts).map((row) => ({
          ...row,
          source: '#!/bin/sh\ntrue\n',
        })),
      );
      await insertAll(
        manager,
        ServerTemplateScript,
        scripts.map((rightScriptId, index) => ({
          serverTemplateId: templates[index],
          phase: 'BOOT' as const,
          scriptLineageId: lineages.rightScripts[index],
          rightScriptId,
          position: 0,
        })),
      );
    }
    for (const table of ['multi_cloud_images', 'server_templates', 'right_scripts'])
      await manager.query(
        `UPDATE ${table} SET sealed = true, content_hash = ${SOME_HASH} WHERE revision > 0 AND NOT sealed`,
      );
  });
  return {
    serverTemplates: heads.serverTemplates.map((key) => toGlobalId('ServerTemplate', key)),
    multiCloudImages: heads.multiCloudImages.map((key) => toGlobalId('MultiCloudImage', key)),
    rightScripts: heads.rightScripts.map((key) => toGlobalId('RightScript', key)),
    images,
    places,
    lineages,
  };
}

const keys = (count: number): string[] => Array.from({ length: count }, () => randomUUID());

/** In pieces: a statement takes at most 65,535 parameters. */
async function insertAll<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  rows: Partial<E>[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += 500)
    await manager.insert(entity, rows.slice(from, from + 500));
}
