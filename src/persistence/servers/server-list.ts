import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import type { InstanceState } from '../../domain/servers/instance-state';
import { Deployment } from '../../entities/servers/deployment';
import type { ServerDefinition } from '../../entities/servers/server-definition';
import type { DefinitionKind } from './definition-kind';
import type { ListQuery, Order } from '../keyset-page';
import { whereContains, whereSearch, whereTag } from '../search';
import { selectRows } from '../select';

/** Deployments, servers and arrays of the viewer's account, by name. */

export interface DeploymentFilter {
  name?: string | null;
  tag?: string | null;
  includeDeleted?: boolean | null;
}

export interface ServerFilter {
  name?: string | null;
  search?: string | null;
  tag?: string | null;
  deploymentId?: string | null;
  cloudId?: string | null;
  serverTemplateId?: string | null;
  lineageId?: string | null;
  state?: InstanceState | null;
  includeDeleted?: boolean | null;
}

const byName = (alias: string): Order => ({
  keys: [
    { expression: `${alias}.name`, property: 'name', type: 'text' },
    { expression: `${alias}.id`, property: 'id', type: 'uuid' },
  ],
  descending: false,
});

export function deploymentList(viewer: Viewer, filter: DeploymentFilter = {}): ListQuery<Deployment> {
  return {
    name: 'deployments',
    order: byName('deployment'),
    rows: (manager) => {
      const query = selectRows(manager, Deployment, 'deployment').where('deployment.account_id = :viewer', {
        viewer: viewer.accountId,
      });
      if (!filter.includeDeleted) query.andWhere('deployment.deleted_at IS NULL');
      if (filter.name != null) whereContains(query, 'deployment', 'name', filter.name);
      if (filter.tag != null) whereTag(query, 'deployment.tags', filter.tag);
      return query;
    },
  };
}

/** Live rows of the viewer's account, aliased `definition`. */
function liveDefinitions<E extends ServerDefinition>(
  manager: EntityManager,
  kind: DefinitionKind<E>,
  viewer: Viewer,
): SelectQueryBuilder<E> {
  return selectRows(manager, kind.entity, 'definition').where(
    'definition.account_id = :viewer AND definition.deleted_at IS NULL',
    { viewer: viewer.accountId },
  );
}

export function definitionList<E extends ServerDefinition>(
  kind: DefinitionKind<E>,
  viewer: Viewer,
  filter: ServerFilter = {},
): ListQuery<E> {
  return {
    name: kind.list,
    order: byName('definition'),
    rows: (manager) => {
      const query = filter.includeDeleted
        ? selectRows(manager, kind.entity, 'definition').where('definition.account_id = :viewer', {
            viewer: viewer.accountId,
          })
        : liveDefinitions(manager, kind, viewer);
      const { deploymentId, cloudId, serverTemplateId, lineageId } = filter;
      if (deploymentId != null) query.andWhere('definition.deployment_id = :deploymentId', { deploymentId });
      if (cloudId != null) query.andWhere('definition.cloud_id = :cloudId', { cloudId });
      if (serverTemplateId != null)
        query.andWhere('definition.server_template_id = :serverTemplateId', { serverTemplateId });
      if (lineageId != null) query.andWhere(OF_LINEAGE, { lineageId });
      if (filter.state != null) query.andWhere(inState(kind, filter.state), { state: filter.state });
      if (filter.search != null) whereSearch(query, 'definition', filter.search);
      if (filter.name != null) whereContains(query, 'definition', 'name', filter.name);
      if (filter.tag != null) whereTag(query, 'definition.tags', filter.tag);
      return query;
    },
  };
}

const OF_LINEAGE = `definition.server_template_id = ANY(ARRAY(
  SELECT version.id FROM server_templates AS version
  WHERE version.account_id = :viewer AND version.lineage_id = :lineageId))`;

/** What has ended is TERMINATED only when nothing of it runs. */
function inState({ owner }: DefinitionKind<ServerDefinition>, state: InstanceState): string {
  const has = (condition: string) =>
    `EXISTS (SELECT FROM instances AS instance WHERE instance.${owner} = definition.id AND instance.state ${condition})`;
  return state === 'TERMINATED' ? `(${has('= :state')} AND NOT ${has('<> :state')})` : has('= :state');
}

/** Of a deployment (the parent). */
export function definitionsOfDeployment<E extends ServerDefinition>(
  kind: DefinitionKind<E>,
  viewer: Viewer,
): ListQuery<E> {
  return {
    name: `${kind.list}OfDeployment`,
    order: byName('definition'),
    rows: (manager, deployment) =>
      liveDefinitions(manager, kind, viewer).andWhere(`definition.deployment_id = ${deployment}`),
  };
}

export type InstanceUse = 'NEXT' | 'CURRENT';

/** those that would launch from this very template version (the parent), that run with it, or either. */
export function definitionsUsingServerTemplate<E extends ServerDefinition>(
  kind: DefinitionKind<E>,
  viewer: Viewer,
  use: InstanceUse | null,
): ListQuery<E> {
  const ways: Record<InstanceUse, (template: string | null) => string> = {
    NEXT: (template) => `SELECT next.id FROM ${kind.table} AS next
      WHERE next.server_template_id = ${template} AND next.deleted_at IS NULL`,
    CURRENT: (template) => `SELECT instance.${kind.owner} FROM instances AS instance
      WHERE instance.server_template_id = ${template} AND instance.state <> 'TERMINATED'`,
  };
  const wanted = use === null ? [ways.NEXT, ways.CURRENT] : [ways[use]];
  return {
    name: `${kind.list}UsingServerTemplate`,
    order: byName('definition'),
    rows: (manager, template) =>
      liveDefinitions(manager, kind, viewer).andWhere(anyOf(wanted.map((way) => way(template)))),
  };
}

/** those that would launch with this very MCI version (the parent): chosen, or their template's default. */
export function definitionsUsingMultiCloudImage<E extends ServerDefinition>(
  kind: DefinitionKind<E>,
  viewer: Viewer,
): ListQuery<E> {
  return {
    name: `${kind.list}UsingMultiCloudImage`,
    order: byName('definition'),
    rows: (manager, mci) =>
      liveDefinitions(manager, kind, viewer).andWhere(
        anyOf([
          `SELECT chooser.id FROM ${kind.table} AS chooser WHERE chooser.multi_cloud_image_id = ${mci}`,
          heirsOf(kind, `ARRAY[${mci}]`),
        ]),
      ),
  };
}

/** SQL: `heir`, which chooses no MCI and launches from a template whose default is among these. */
const heirsOf = ({ table }: DefinitionKind<ServerDefinition>, mcis: string): string =>
  `SELECT heir.id FROM ${table} AS heir
   WHERE heir.server_template_id = ANY(ARRAY(
       SELECT template.id FROM server_template_multi_cloud_images AS pin JOIN server_templates AS template
         ON template.id = pin.server_template_id AND template.default_mci_lineage_id = pin.mci_lineage_id
       WHERE pin.multi_cloud_image_id = ANY(${mcis}) AND template.account_id = :viewer))
     AND heir.multi_cloud_image_id IS NULL AND heir.deleted_at IS NULL`;

/** The slots of an image, and when a definition leaves one to its MCI's setting. */
const SLOTS: readonly { readonly column: string; readonly open: (definition: string) => string }[] = [
  { column: 'image_id', open: (definition) => `${definition}.image_id IS NULL` },
  {
    column: 'kernel_image_id',
    open: (definition) =>
      `${definition}.kernel_image_id IS NULL AND NOT 'KERNEL_IMAGE' = ANY(${definition}.none)`,
  },
  {
    column: 'ramdisk_image_id',
    open: (definition) =>
      `${definition}.ramdisk_image_id IS NULL AND NOT 'RAMDISK_IMAGE' = ANY(${definition}.none)`,
  },
];

/**
 * those that would boot with this image (the parent) in any slot: chosen there, or left to an MCI whose setting
 * for their cloud names it there. What overrides it does not use it.
 */
export function definitionsUsingImage<E extends ServerDefinition>(
  kind: DefinitionKind<E>,
  viewer: Viewer,
): ListQuery<E> {
  return {
    name: `${kind.list}UsingImage`,
    order: byName('definition'),
    rows: (manager, image) =>
      liveDefinitions(manager, kind, viewer).andWhere(
        anyOf(SLOTS.flatMap((slot) => waysToBoot(kind, slot, image))),
      ),
  };
}

function waysToBoot(
  kind: DefinitionKind<ServerDefinition>,
  { column, open }: (typeof SLOTS)[number],
  image: string | null,
): string[] {
  // The account's MCIs among those that name the image there: others may name a public one in very many settings.
  const mcis = `ARRAY(SELECT mci.id FROM multi_cloud_images AS mci WHERE mci.account_id = :viewer
    AND mci.id = ANY(ARRAY(SELECT setting.multi_cloud_image_id FROM multi_cloud_image_settings AS setting
      WHERE setting.${column} = ${image})))`;
  // An image is of one cloud, so that settings that name it are, too.
  const inItsCloud = `(SELECT image.cloud_id FROM cloud_images AS image WHERE image.id = ${image})`;
  return [
    `SELECT chooser.id FROM ${kind.table} AS chooser WHERE chooser.${column} = ${image}`,
    `SELECT follower.id FROM ${kind.table} AS follower WHERE follower.multi_cloud_image_id = ANY(${mcis})
       AND follower.cloud_id = ${inItsCloud} AND ${open('follower')}`,
    `${heirsOf(kind, mcis)} AND heir.cloud_id = ${inItsCloud} AND ${open('heir')}`,
  ];
}

/**
 * SQL: among what these find. Made first, each by its index: as a condition among others, it would be tested on row after
 * row of the list's order until a page is full.
 */
const anyOf = (ways: readonly string[]): string => `definition.id = ANY(ARRAY(${ways.join(' UNION ')}))`;
