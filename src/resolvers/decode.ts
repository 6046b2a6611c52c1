import { invalid } from '../domain/errors';
import { keyOf, parseGlobalId, type NodeType } from '../domain/global-id';
import type { ServerType } from '../domain/servers/defined-type';
import { isUuid } from '../domain/uuid';
import {
  COMPONENT_NAMES,
  componentTypeOf,
  isComponentType,
  type ComponentKindName,
  type ComponentType,
} from '../domain/versioning/component-type';
import type { AuditFilter } from '../persistence/access/audit-entry-list';
import type { CloudImageFilter } from '../persistence/catalog/cloud-image-list';
import type { ComponentFilter } from '../persistence/components/component-list';
import type { InstanceFilter } from '../persistence/servers/instance-list';
import type { LaunchOrderFilter } from '../persistence/servers/launch-order-list';
import type { ServerFilter } from '../persistence/servers/server-list';

/** From global ids to row keys, in filters. */

function keyIn(type: NodeType, id: string | null | undefined, field: string): string | null | undefined {
  return id == null ? id : keyOf(type, id, 'filter', field);
}

export const withCloudKey = <F extends Pick<CloudImageFilter, 'cloudId'>>(filter: F | null | undefined): F =>
  ({ ...filter, cloudId: keyIn('Cloud', filter?.cloudId, 'cloudId') }) as F;

/** A lineage's id is no node's: it is the bare key. */
export function lineageKey(lineageId: string, ...path: string[]): string {
  if (!isUuid(lineageId))
    throw invalid(
      `"${lineageId.slice(0, 80)}" is not the id of a lineage: pass a \`lineageId\` that a query returned.`,
      ...path,
    );
  return lineageId;
}

export function componentFilter(filter: ComponentFilter | null | undefined): ComponentFilter {
  const keyed = withCloudKey<ComponentFilter>(filter);
  return keyed.lineageId == null
    ? keyed
    : { ...keyed, lineageId: lineageKey(keyed.lineageId, 'filter', 'lineageId') };
}

/** Of a list of publications. */
export function publicationFilter<F extends { kind?: ComponentKindName | null; lineageId?: string | null }>(
  filter: F | null | undefined,
): F & { componentType: ComponentType | null } {
  return {
    ...(filter ?? ({} as F)),
    lineageId: filter?.lineageId == null ? null : lineageKey(filter.lineageId, 'filter', 'lineageId'),
    componentType: filter?.kind == null ? null : componentTypeOf(filter.kind),
  };
}

export function serverFilter(filter: ServerFilter | null | undefined): ServerFilter {
  const keyed = withCloudKey<ServerFilter>(filter);
  return {
    ...keyed,
    deploymentId: keyIn('Deployment', keyed.deploymentId, 'deploymentId'),
    serverTemplateId: keyIn('ServerTemplate', keyed.serverTemplateId, 'serverTemplateId'),
    lineageId: keyed.lineageId == null ? null : lineageKey(keyed.lineageId, 'filter', 'lineageId'),
  };
}

export function instanceFilter(filter: InstanceFilter | null | undefined): InstanceFilter {
  const keyed = withCloudKey<InstanceFilter>(filter);
  return {
    ...keyed,
    serverId: keyIn('Server', keyed.serverId, 'serverId'),
    serverArrayId: keyIn('ServerArray', keyed.serverArrayId, 'serverArrayId'),
    imageId: keyIn('CloudImage', keyed.imageId, 'imageId'),
    serverTemplateId: keyIn('ServerTemplate', keyed.serverTemplateId, 'serverTemplateId'),
  };
}

/** The key of any object, whatever its type. */
function anyKey(id: string | null | undefined, ...path: string[]): string | null | undefined {
  if (id == null) return id;
  const parsed = parseGlobalId(id);
  if (parsed === null) throw invalid(`"${id.slice(0, 80)}" is not an id of this graph.`, ...path);
  return parsed.key;
}

export const launchOrderFilter = (filter: LaunchOrderFilter | null | undefined): LaunchOrderFilter => ({
  ...filter,
  instanceId: keyIn('Instance', filter?.instanceId, 'instanceId'),
});

export const auditFilter = (filter: AuditFilter | null | undefined): AuditFilter => ({
  ...filter,
  objectId: anyKey(filter?.objectId, 'filter', 'objectId'),
  userId: anyKey(filter?.userId, 'filter', 'userId'),
});

/** The key of a component, and of which kind it is. */
export function componentKey(id: string, ...path: string[]): { type: ComponentType; key: string } {
  const parsed = parseGlobalId(id);
  if (parsed !== null && isComponentType(parsed.type)) return { type: parsed.type, key: parsed.key };
  const is = parsed === null ? 'not an id of this graph' : `the id of a ${parsed.type}`;
  throw invalid(
    `"${id.slice(0, 80)}" is ${is}: pass the id of a ${Object.values(COMPONENT_NAMES).join(', ')}.`,
    ...path,
  );
}

/** The same, of the kind that another argument named. */
export function keyOfSameKind(
  { field, type }: { field: string; type: ComponentType },
  id: string,
  ...path: string[]
): string {
  const other = componentKey(id, ...path);
  if (other.type === type) return other.key;
  throw invalid(
    `\`${path.at(-1)}\` is the id of a ${COMPONENT_NAMES[other.type]}, but \`${field}\` that of a ${COMPONENT_NAMES[type]}: ` +
      'pass two versions of one kind.',
    ...path,
  );
}

/** The key of a server or array, and which of the two it is. */
export function serverKey(id: string, ...path: string[]): { type: ServerType; key: string } {
  const parsed = parseGlobalId(id);
  if (parsed?.type === 'Server' || parsed?.type === 'ServerArray')
    return { type: parsed.type, key: parsed.key };
  const is = parsed === null ? 'not an id of this graph' : `the id of a ${parsed.type}`;
  throw invalid(`"${id.slice(0, 80)}" is ${is}: pass the id of a server or a server array.`, ...path);
}
