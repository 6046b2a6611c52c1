import { keyOf, parseGlobalId, type GlobalId, type NodeType } from '../../domain/global-id';
import { MAXIMUM_NODES, MAXIMUM_REPRESENTATIONS } from '../../domain/paging';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { RightScript } from '../../entities/components/right-script';
import { ServerTemplate } from '../../entities/components/server-template';
import { Deployment } from '../../entities/servers/deployment';
import { Server } from '../../entities/servers/server';
import { ServerArray } from '../../entities/servers/server-array';
import {
  cloudRows,
  instanceTypeRows,
  matcherRows,
  settingRows,
  visibleImageRows,
} from '../../persistence/batches';
import { versionRows } from '../../persistence/components/component-batches';
import { ownRows } from '../../persistence/node-store';
import { computed, known } from '../../persistence/planner/json-text';
import { one, oneSql } from '../../persistence/planner/fields';
import type { Place, PlannedField, Rows, RowsByKey } from '../../persistence/planner/planner';
import type { Deferred, SelectedField } from '../../persistence/planner/selection';
import { NotPlanned } from '../../persistence/planner/statement';

/** As `loadNode` reads them: what the viewer may see of each type. */
const NODE_ROWS = {
  Cloud: cloudRows,
  CloudImage: visibleImageRows,
  InstanceType: instanceTypeRows,
  MultiCloudImage: (manager, viewer, which) => versionRows(manager, MultiCloudImage, viewer, which),
  MultiCloudImageSetting: settingRows,
  MultiCloudImageMatcher: matcherRows,
  ServerTemplate: (manager, viewer, which) => versionRows(manager, ServerTemplate, viewer, which),
  RightScript: (manager, viewer, which) => versionRows(manager, RightScript, viewer, which),
  Deployment: (manager, viewer, which) => ownRows(manager, Deployment, viewer, which),
  Server: (manager, viewer, which) => ownRows(manager, Server, viewer, which),
  ServerArray: (manager, viewer, which) => ownRows(manager, ServerArray, viewer, which),
} as const satisfies Partial<Record<NodeType, RowsByKey>>;

export type PlannedNode = keyof typeof NODE_ROWS;

const PLANNED_NODES = Object.keys(NODE_ROWS) as PlannedNode[];

/** The node that a column of the row refers to. */
export const nodeOf =
  (type: PlannedNode, property: string) =>
  ({ manager, viewer, column }: Place): Rows =>
    NODE_ROWS[type](manager, viewer, `= ${column(property)}`);

/** An argument without which it is asked for otherwise. */
function given(field: SelectedField, name: string): Deferred {
  const deferred = field.deferred(name);
  if (deferred === null) throw new NotPlanned(`${field.name} without ${name}`);
  return deferred;
}

/** A root field that gives the node with the `id` that is passed. */
export const byId = (type: PlannedNode): PlannedField =>
  one(type, ({ manager, viewer, field }) =>
    NODE_ROWS[type](manager, viewer, '= :key').setParameter(
      'key',
      given(field, 'id').map((id) => keyOf(type, String(id), 'id')),
    ),
  );

/** Any nodes, in the order of their global ids; `null` for what is not visible. */
const nodesText =
  (idsOf: (place: Place) => Deferred): PlannedField =>
  (place) => {
    const { statement } = place;
    const source = statement.nextSource();
    const cases = PLANNED_NODES.flatMap((type) => caseOf(place, type, source));
    const planned = new Set(cases.map(({ type }) => type));
    const wanted = idsOf(place).map((ids) => (ids as readonly unknown[]).map((id) => nodeIn(id, planned)));
    const types = statement.bind(wanted.map((all) => (all as GlobalId[]).map(({ type }) => type)));
    const keys = statement.bind(wanted.map((all) => (all as GlobalId[]).map(({ key }) => key)));
    const node = `CASE ${source}.type ${cases.map(({ sql }) => sql).join(' ')} END`;
    return [
      known('['),
      computed(`(SELECT coalesce(string_agg(coalesce(${node}, 'null'), ',' ORDER BY ${source}.place), '')
        FROM unnest(${types}::text[], ${keys}::uuid[]) WITH ORDINALITY AS ${source}(type, key, place))`),
      known(']'),
    ];
  };

function caseOf(place: Place, type: PlannedNode, source: string): { type: NodeType; sql: string }[] {
  try {
    const rows = NODE_ROWS[type](place.manager, place.viewer, `= ${source}.key`);
    return [{ type, sql: `WHEN '${type}' THEN ${oneSql(place, type, rows)}` }];
  } catch (error) {
    // Whoever asks for one of this type goes another way.
    if (error instanceof NotPlanned) return [];
    throw error;
  }
}

function nodeIn(id: unknown, planned: ReadonlySet<NodeType>): GlobalId {
  const parsed = typeof id === 'string' ? parseGlobalId(id) : null;
  if (parsed === null || !planned.has(parsed.type)) throw new NotPlanned('it is no such node');
  return parsed;
}

export const nodes: PlannedField = nodesText(({ field }) =>
  given(field, 'ids').map((ids) => {
    if (!Array.isArray(ids) || ids.length > MAXIMUM_NODES) throw new NotPlanned('too many ids');
    return ids as unknown[];
  }),
);

/** References of a gateway by `id`; those by natural keys are left to the resolvers. */
export const entities: PlannedField = nodesText(({ field }) =>
  given(field, 'representations').map((all) => {
    const references = all as readonly Readonly<Record<string, unknown>>[];
    if (references.length > MAXIMUM_REPRESENTATIONS) throw new NotPlanned('too many references');
    return references.map(({ __typename, id }) => {
      const parsed = typeof id === 'string' ? parseGlobalId(id) : null;
      if (parsed?.type !== __typename) throw new NotPlanned('it is no reference by id');
      return id;
    });
  }),
);
