import type { EntityManager, EntityTarget } from 'typeorm';
import type { Viewer } from '../domain/access/viewer';
import type { Component } from '../entities/component';
import { selectRows, type Row } from './select';

/** Versions of one kind of component for many keys at once, as the viewer may see them: its own. */

const ownVersions = <E extends Component>(manager: EntityManager, entity: EntityTarget<E>, viewer: Viewer) =>
  selectRows(manager, entity, 'component').where('component.account_id = :viewer', {
    viewer: viewer.accountId,
  });

/** Deleted ones too: what pins them still shows them, and says so (COMPONENT_DELETED). */
export const versionsById = <E extends Component>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  ids: readonly string[],
): Promise<Row<E>[]> =>
  ownVersions(manager, entity, viewer).andWhere('component.id = ANY(:ids)', { ids }).getRawMany();

export const headsByLineage = <E extends Component>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  lineages: readonly string[],
): Promise<Row<E>[]> =>
  ownVersions(manager, entity, viewer)
    .andWhere('component.lineage_id = ANY(:lineages) AND component.revision = 0 AND NOT component.snapshot', {
      lineages,
    })
    .getRawMany();

export const latestRevisionsByLineage = <E extends Component>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  lineages: readonly string[],
): Promise<Row<E>[]> =>
  ownVersions(manager, entity, viewer)
    .distinctOn(['component.lineage_id'])
    .andWhere('component.lineage_id = ANY(:lineages) AND component.revision > 0', { lineages })
    .orderBy('component.lineage_id')
    .addOrderBy('component.revision', 'DESC')
    .getRawMany();

export const versionsByRevision = <E extends Component>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  viewer: Viewer,
  keys: readonly { readonly lineageId: string; readonly revision: number }[],
): Promise<Row<E>[]> =>
  ownVersions(manager, entity, viewer)
    .andWhere(
      '(component.lineage_id, component.revision) IN (SELECT * FROM unnest(:lineages::uuid[], :revisions::int[]))',
      { lineages: keys.map((key) => key.lineageId), revisions: keys.map((key) => key.revision) },
    )
    .andWhere('NOT component.snapshot')
    .getRawMany();
