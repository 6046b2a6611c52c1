import type { EntityManager, EntityTarget } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import type { Component } from '../../entities/components/component';
import { batch, fixedQuery, NOBODY, ofEach } from '../fixed-query';
import { queryNamed } from '../named-query';
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

const VERSIONS_BY_ID = ofEach((entity: EntityTarget<Component>) =>
  batch((manager, viewer) => versionRows(manager, entity, viewer, ANY_OF)),
);

export async function versionsById<E extends Component>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  ids: readonly string[],
): Promise<Row<E>[]> {
  const rows = await VERSIONS_BY_ID(entity)(manager, viewer, ids);
  return asShown(viewer, rows as Row<E>[]);
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

const HEADS_BY_LINEAGE = ofEach((entity: EntityTarget<Component>) =>
  batch((manager, viewer) => headRows(manager, entity, viewer, ANY_OF)),
);

export const headsByLineage = async <E extends Component>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  lineages: readonly string[],
): Promise<Row<E>[]> => (await HEADS_BY_LINEAGE(entity)(manager, viewer, lineages)) as Row<E>[];

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

const LATEST_REVISIONS_BY_LINEAGE = ofEach((entity: EntityTarget<Component>) =>
  batch((manager, viewer) => latestRevisionRows(manager, entity, viewer, ANY_OF)),
);

export const latestRevisionsByLineage = async <E extends Component>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  lineages: readonly string[],
): Promise<Row<E>[]> => (await LATEST_REVISIONS_BY_LINEAGE(entity)(manager, viewer, lineages)) as Row<E>[];

interface LineageRevision {
  readonly lineageId: string;
  readonly revision: number;
}

/** SQL behind the pair of a lineage's id and a revision. */
const ANY_REVISION = 'IN (SELECT * FROM unnest(:lineages::uuid[], :revisions::int[]))';

interface RevisionValues {
  readonly viewer: string;
  readonly lineages: readonly string[];
  readonly revisions: readonly number[];
}

const revisionValues = (viewer: Viewer, keys: readonly LineageRevision[]): RevisionValues => ({
  viewer: viewer.accountId,
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

/**
 * SQL for the keys of versions of an account by lineages and their revisions, which are SQL for arrays of the same length.
 * Each is looked up by itself, by index (`OFFSET 0`): PostgreSQL may take a large account for a small one, and would read
 * all its versions, or even compare all with all these.
 */
export const versionKeys = (
  tableName: string,
  [accountId, lineages, revisions]: readonly [string, string, string],
): string => `SELECT version.id
  FROM unnest(${lineages}::uuid[], ${revisions}::int[]) AS wanted(lineage_id, revision) CROSS JOIN LATERAL (
    SELECT found.id FROM ${tableName} AS found
    WHERE found.account_id = ${accountId} AND found.lineage_id = wanted.lineage_id
      AND found.revision = wanted.revision AND NOT found.snapshot OFFSET 0) AS version`;

const VERSIONS_BY_REVISION = ofEach((entity: EntityTarget<Component>) =>
  fixedQuery<RevisionValues, unknown>((manager) => {
    const { tableName } = manager.connection.getMetadata(entity);
    const keys = versionKeys(tableName, [':viewer', ':lineages', ':revisions']);
    return selectRows(manager, entity, 'component').where(`component.id = ANY(ARRAY(${keys}))`);
  }),
);

const OFFERED_BY_REVISION = ofEach((entity: EntityTarget<Component>) =>
  fixedQuery<RevisionValues, unknown>((manager) =>
    offeredRevisionRows(manager, entity, NOBODY, ANY_REVISION),
  ),
);

export const versionsByRevision = async <E extends Component>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  keys: readonly LineageRevision[],
): Promise<Row<E>[]> =>
  (await VERSIONS_BY_REVISION(entity)(manager, revisionValues(viewer, keys))) as Row<E>[];

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
  const offered = await OFFERED_BY_REVISION(entity)(manager, revisionValues(viewer, others));
  return [...local, ...asShown(viewer, offered as Row<E>[])];
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
