import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import type { ComponentType } from '../../domain/versioning/component-type';
import { AccountGroup } from '../../entities/marketplace/account-group';
import { Cloud } from '../../entities/catalog/cloud';
import { Organization } from '../../entities/marketplace/organization';
import { Publication } from '../../entities/marketplace/publication';
import { COMPONENT_ENTITIES } from '../components/component-store';
import { ImportedVersion } from '../../entities/marketplace/imported-version';
import { highestImport, updatesOf } from './import-list';
import { batch, fixedQuery, NOBODY } from '../fixed-query';
import { queryPrepared } from '../prepared-statement';
import { ANY_OF, selectRows, type Row } from '../select';
import { cloudVisible, imageAvailable, publicationOffered, publicationVisible } from '../visibility';

/**
 * What there is to know about publications, for many at once in one statement each. Their keys are those of
 * publications that the viewer sees.
 */

type Keys = readonly string[];

/** What the publications of a lineage share, but for the long description. */
export interface LineageWords {
  readonly lineageId: string;
  readonly shortDescription: string;
  readonly categories: string[];
}

export const wordsOfLineages = (manager: EntityManager, lineageIds: Keys): Promise<LineageWords[]> =>
  queryPrepared(
    manager,
    `SELECT lineage_id AS "lineageId", short_description AS "shortDescription", categories
     FROM published_lineages WHERE lineage_id = ANY($1)`,
    [lineageIds],
  );

/** Only who asks for it reads it: it may be long. */
export const longDescriptionsOfLineages = (
  manager: EntityManager,
  lineageIds: Keys,
): Promise<{ readonly lineageId: string; readonly longDescription: string | null }[]> =>
  queryPrepared(
    manager,
    `SELECT lineage_id AS "lineageId", long_description AS "longDescription"
     FROM published_lineages WHERE lineage_id = ANY($1)`,
    [lineageIds],
  );

/** @param which SQL behind the key of the account */
export const publisherRows = (manager: EntityManager, which: string) =>
  selectRows(manager, Organization, 'organization').where(`organization.account_id ${which}`);

const PUBLISHERS = fixedQuery<{ readonly ids: Keys }, Row<Organization>>((manager) =>
  publisherRows(manager, ANY_OF),
);

export const publishers = (manager: EntityManager, accountIds: Keys): Promise<Row<Organization>[]> =>
  PUBLISHERS(manager, { ids: accountIds });

/**
 * The groups that own publications are offered to, by name; nobody else sees them.
 *
 * @param which SQL behind the publication's key
 */
export const accountGroupRows = (manager: EntityManager, viewer: Viewer, which: string) =>
  selectRows(manager, AccountGroup, 'accountGroup')
    .innerJoin('publication_account_groups', 'offered', 'offered.account_group_id = accountGroup.id')
    .addSelect('offered.publication_id', 'publicationId')
    .where(`offered.publication_id ${which} AND accountGroup.account_id = :viewer`, {
      viewer: viewer.accountId,
    })
    .orderBy('accountGroup.name')
    .addOrderBy('accountGroup.id');

export const accountGroupsByPublication = batch<Row<AccountGroup> & { readonly publicationId: string }>(
  (manager, viewer) => accountGroupRows(manager, viewer, ANY_OF),
);

/** The keys of what importers must accept, by name. @param which SQL behind the publication's key */
export const eulaKeySql = (which: string): string =>
  `SELECT attached.publication_id AS "publicationId", revision.id AS "eulaRevisionId"
   FROM publication_eulas AS attached
   JOIN eula_revisions AS revision ON revision.id = attached.eula_revision_id
   JOIN eulas AS eula ON eula.id = revision.eula_id
   WHERE attached.publication_id ${which} ORDER BY eula.name, revision.id`;

export const eulaKeysByPublication = (
  manager: EntityManager,
  ids: Keys,
): Promise<{ readonly publicationId: string; readonly eulaRevisionId: string }[]> =>
  queryPrepared(manager, eulaKeySql('= ANY($1)'), [ids]);

/**
 * As says for ServerTemplates: clouds for which an MCI version has an image that is AVAILABLE to the viewer.
 *
 * @param which SQL behind the MCI's key
 */
export const multiCloudImageCloudRows = (manager: EntityManager, viewer: Viewer, which: string) =>
  selectRows(manager, Cloud, 'cloud')
    .innerJoin('multi_cloud_image_settings', 'setting', 'setting.cloud_id = cloud.id')
    .innerJoin('cloud_images', 'image', 'image.id = setting.image_id')
    .addSelect('setting.multi_cloud_image_id', 'multiCloudImageId')
    .where(`setting.multi_cloud_image_id ${which} AND ${imageAvailable('image')}`)
    .andWhere(cloudVisible('cloud'), { viewer: viewer.accountId })
    .orderBy('cloud.name')
    .addOrderBy('cloud.id');

export const cloudsOfMultiCloudImages = batch<Row<Cloud> & { readonly multiCloudImageId: string }>(
  (manager, viewer) => multiCloudImageCloudRows(manager, viewer, ANY_OF),
);

const COMPONENT_TYPES = Object.keys(COMPONENT_ENTITIES) as ComponentType[];

/**
 * How often importers cloned own publications: lineages that began as a clone of an import, deleted ones, too.
 *
 * @param which SQL behind the publication's key @param viewer SQL for the viewer's account
 */
export const cloneCountSql = (manager: EntityManager, which: string, viewer: string): string =>
  COMPONENT_TYPES.map((type) => {
    const table = manager.connection.getMetadata(COMPONENT_ENTITIES[type]).tableName;
    return `SELECT publication.id, count(clone.id)::int AS count
      FROM publications AS publication
      LEFT JOIN ${table} AS copy ON copy.original_id = publication.component_id
      LEFT JOIN ${table} AS clone ON clone.cloned_from_id = copy.id AND clone.revision = 0 AND NOT clone.snapshot
      WHERE publication.id ${which} AND publication.account_id = ${viewer} AND publication.component_type = '${type}'
      GROUP BY publication.id`;
  }).join(' UNION ALL ');

export const cloneCounts = (
  manager: EntityManager,
  viewer: Viewer,
  ids: Keys,
): Promise<{ readonly id: string; readonly count: number }[]> =>
  queryPrepared(manager, cloneCountSql(manager, '= ANY($1)', '$2'), [ids, viewer.accountId]);

/**
 * Those of which the viewer's local collection holds the very version, imported or subscribed.
 *
 * @param which SQL behind the publication's key @param viewer SQL for the viewer's account
 */
export const importedSql = (which: string, viewer: string): string =>
  `SELECT publication.id FROM publications AS publication
   JOIN imported_versions AS imported ON imported.account_id = ${viewer} AND imported.removed_at IS NULL
     AND imported.lineage_id = publication.lineage_id AND imported.revision = publication.revision
   WHERE publication.id ${which}`;

export const importedPublications = (
  manager: EntityManager,
  viewer: Viewer,
  ids: Keys,
): Promise<{ readonly id: string }[]> =>
  queryPrepared(manager, importedSql('= ANY($1)', '$2'), [ids, viewer.accountId]);

/** The publications of versions, as the viewer may see them. @param which SQL behind the pair of lineage's id and revision */
export const publicationRowsOfRevision = (manager: EntityManager, viewer: Viewer, which: string) =>
  selectRows(manager, Publication, 'publication')
    .where(`(publication.lineage_id, publication.revision) ${which}`)
    .andWhere(publicationVisible('publication'), { viewer: viewer.accountId });

const PUBLICATIONS_BY_REVISION = fixedQuery<
  { readonly viewer: string; readonly lineages: Keys; readonly revisions: readonly number[] },
  Row<Publication>
>((manager) =>
  publicationRowsOfRevision(
    manager,
    NOBODY,
    'IN (SELECT * FROM unnest(:lineages::uuid[], :revisions::int[]))',
  ),
);

export const publicationsByRevision = (
  manager: EntityManager,
  viewer: Viewer,
  keys: readonly { readonly lineageId: string; readonly revision: number }[],
): Promise<Row<Publication>[]> =>
  PUBLICATIONS_BY_REVISION(manager, {
    viewer: viewer.accountId,
    lineages: keys.map((key) => key.lineageId),
    revisions: keys.map((key) => key.revision),
  });

/** Of lineages the published HEADs that are offered to the viewer. @param which SQL behind the lineage's id */
export const offeredHeadRows = (manager: EntityManager, viewer: Viewer, which: string) =>
  selectRows(manager, Publication, 'publication')
    .where(`publication.lineage_id ${which} AND publication.revision = 0`)
    .andWhere(publicationOffered('publication'), { viewer: viewer.accountId });

export const offeredHeads = batch<Row<Publication>>((manager, viewer) =>
  offeredHeadRows(manager, viewer, ANY_OF),
);

/**
 * For imports the newest publication that is offered to the viewer above them.
 *
 * @param which SQL behind the key of their version
 */
export const importUpdateRows = (manager: EntityManager, viewer: Viewer, which: string) =>
  selectRows(manager, Publication, 'publication')
    .innerJoin(
      'imported_versions',
      'imported',
      `publication.id = (${updatesOf('imported')} ORDER BY newer.revision DESC LIMIT 1)`,
    )
    .addSelect('imported.version_id', 'versionId')
    .where(`imported.version_id ${which} AND imported.account_id = :viewer`, {
      viewer: viewer.accountId,
    });

export const importUpdates = batch<Row<Publication> & { readonly versionId: string }>((manager, viewer) =>
  importUpdateRows(manager, viewer, ANY_OF),
);

/** Imports that these publications would update: each the newest that is offered to the viewer above them. */
export const importsUpdatedBy = batch<Row<ImportedVersion> & { readonly publicationId: string }>((manager) =>
  selectRows(manager, ImportedVersion, 'imported')
    .innerJoin('publications', 'publication', 'publication.lineage_id = imported.lineage_id')
    .addSelect('publication.id', 'publicationId')
    .where(`publication.id ${ANY_OF} AND imported.account_id = :viewer`)
    .andWhere(highestImport('imported'))
    .andWhere(`publication.id = (${updatesOf('imported')} ORDER BY newer.revision DESC LIMIT 1)`),
);
