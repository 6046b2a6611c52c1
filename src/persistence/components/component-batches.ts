import type { EntityManager, EntityTarget } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import type { Component } from '../../entities/components/component';
import { queryNamed } from '../named-query';
import { queryPrepared } from '../prepared-statement';
import { ANY_OF, selectRows, type Row } from '../select';
import { versionOffered, versionVisible } from '../visibility';

/** Versions of one kind of component for many keys at once: of the viewer's local collection, unless told otherwise. */

const ownVersions = <E extends Component>(manager: EntityManager, entity: EntityTarget<E>, viewer: Viewer) =>
  selectRows(manager, entity, 'component').where('component.account_id = :viewer', {
    viewer: viewer.accountId,
  });

/** Versions as the viewer may see them: whether another account deleted its own is no concern of who is offered them. */
export const asShown = <R extends Row<Component>>(viewer: Viewer, rows: readonly R[]): R[] =>
  rows.map((row) => (row.accountId === viewer.accountId ? row : { ...row, deletedAt: null }));

/**
 * Also what the marketplace offers the viewer, and its own deleted ones: what pins them still shows them, and says so
 * (COMPONENT_DELETED).
 *
 * @param which SQL behind the key
 */
export const versionRows = <E extends Component>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  which: string,
) =>
  selectRows(manager, entity, 'component')
    .where(`component.id ${which}`)
    .andWhere(versionVisible('component'), { viewer: viewer.accountId });

export async function versionsById<E extends Component>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  ids: readonly string[],
): Promise<Row<E>[]> {
  const query = versionRows(manager, entity, viewer, ANY_OF).setParameter('ids', ids);
  const rows = await queryPrepared<Row<E>>(manager, ...query.getQueryAndParameters());
  return asShown(viewer, rows);
}

/**
 * Of an imported lineage, also a HEAD that is followed; not one that was removed.
 *
 * @param which SQL behind the lineage's id
 */
export const headRows = <E extends Component>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  which: string,
) =>
  ownVersions(manager, entity, viewer)
    .andWhere(`component.lineage_id ${which} AND component.revision = 0 AND NOT component.snapshot`)
    .andWhere('(component.deleted_at IS NULL OR component.original_id IS NULL)');

export const headsByLineage = <E extends Component>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  lineages: readonly string[],
): Promise<Row<E>[]> =>
  headRows(manager, entity, viewer, '= ANY(:lineages)').setParameter('lineages', lineages).getRawMany();

/**
 * Of an imported lineage some revisions may have been brought back after a removal: those count.
 *
 * @param which SQL behind the lineage's id
 */
export const latestRevisionRows = <E extends Component>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  which: string,
) =>
  ownVersions(manager, entity, viewer)
    .distinctOn(['component.lineage_id'])
    // No revision is a snapshot; the index says so.
    .andWhere(`component.lineage_id ${which} AND component.revision > 0 AND NOT component.snapshot`)
    .orderBy('component.lineage_id')
    .addOrderBy('component.deleted_at IS NULL', 'DESC')
    .addOrderBy('component.revision', 'DESC');

export function latestRevisionsByLineage<E extends Component>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  lineages: readonly string[],
): Promise<Row<E>[]> {
  const query = latestRevisionRows(manager, entity, viewer, '= ANY(:lineages)').setParameter(
    'lineages',
    lineages,
  );
  return queryPrepared(manager, ...query.getQueryAndParameters());
}

interface LineageRevision {
  readonly lineageId: string;
  readonly revision: number;
}

/** SQL behind the pair of a lineage's id and a revision. */
const ANY_REVISION = 'IN (SELECT * FROM unnest(:lineages::uuid[], :revisions::int[]))';

const revisionParameters = (keys: readonly LineageRevision[]) => ({
  lineages: keys.map(({ lineageId }) => lineageId),
  revisions: keys.map(({ revision }) => revision),
});

/** In the local collection. @param which SQL behind the pair of a lineage's id and a revision */
export const revisionRows = <E extends Component>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  which: string,
) =>
  ownVersions(manager, entity, viewer)
    .andWhere(`(component.lineage_id, component.revision) ${which}`)
    .andWhere('NOT component.snapshot');

/** What the marketplace offers of it. @param which SQL behind the pair of a lineage's id and a revision */
export const offeredRevisionRows = <E extends Component>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  which: string,
) =>
  selectRows(manager, entity, 'component')
    .where(`(component.lineage_id, component.revision) ${which}`)
    .andWhere(versionOffered('component'), { viewer: viewer.accountId })
    .orderBy('component.created_at', 'DESC')
    .addOrderBy('component.id');

export const versionsByRevision = <E extends Component>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  keys: readonly LineageRevision[],
): Promise<Row<E>[]> =>
  revisionRows(manager, entity, viewer, ANY_REVISION).setParameters(revisionParameters(keys)).getRawMany();

/** The same, and of what is not in the local collection what the marketplace offers the viewer: one statement more. */
export async function visibleVersionsByRevision<E extends Component>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  keys: readonly LineageRevision[],
): Promise<Row<E>[]> {
  const local = await versionsByRevision(manager, entity, viewer, keys);
  const isLocal = (key: LineageRevision): boolean =>
    local.some(({ lineageId, revision }) => lineageId === key.lineageId && revision === key.revision);
  const others = keys.filter((key) => !isLocal(key));
  if (others.length === 0) return local;
  const offered = await offeredRevisionRows(manager, entity, viewer, ANY_REVISION)
    .setParameters(revisionParameters(others))
    .getRawMany<Row<E>>();
  return [...local, ...asShown(viewer, offered)];
}

/** Of lineages that are not in the local collection, the names that the newest versions have that the marketplace offers. */
export const offeredNamesByLineage = <E extends Component>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  lineages: readonly string[],
): Promise<{ readonly lineageId: string; readonly name: string }[]> =>
  queryNamed(
    manager,
    `SELECT lineage.id AS "lineageId", newest.name
     FROM unnest(:lineages::uuid[]) AS lineage(id)
     CROSS JOIN LATERAL (
       SELECT component.name FROM ${manager.connection.getMetadata(entity).tableName} AS component
       WHERE component.lineage_id = lineage.id AND ${versionOffered('component')}
       ORDER BY component.revision DESC, component.created_at DESC, component.id LIMIT 1) AS newest`,
    { lineages, viewer: viewer.accountId },
  );
