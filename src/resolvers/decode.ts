import { invalid } from '../domain/errors';
import { keyOf, parseGlobalId, type NodeType } from '../domain/global-id';
import { isUuid } from '../domain/uuid';
import { COMPONENT_NAMES, isComponentType, type ComponentType } from '../domain/versioning/component-type';
import type { CloudImageFilter } from '../persistence/cloud-image-list';
import type { ComponentFilter } from '../persistence/component-list';

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

/** The key of any object, whatever its type. */
export function anyKey(id: string | null | undefined, ...path: string[]): string | null | undefined {
  if (id == null) return id;
  const parsed = parseGlobalId(id);
  if (parsed === null) throw invalid(`"${id.slice(0, 80)}" is not an id of this graph.`, ...path);
  return parsed.key;
}

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
