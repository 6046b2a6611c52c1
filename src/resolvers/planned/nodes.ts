import { keyOf, parseGlobalId, type GlobalId, type NodeType } from '../../domain/global-id';
import { cloudKey, resourceKey, revisionKey } from '../../domain/natural-key';
import { MAXIMUM_NODES, MAXIMUM_REPRESENTATIONS } from '../../domain/paging';
import { COMPONENT_NAMES, type ComponentType } from '../../domain/versioning/component-type';
import { AuditEntry } from '../../entities/access/audit-entry';
import { CloudImage } from '../../entities/catalog/cloud-image';
import { InstanceType } from '../../entities/catalog/instance-type';
import type { Component } from '../../entities/components/component';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { RightScript } from '../../entities/components/right-script';
import { ServerTemplate } from '../../entities/components/server-template';
import { Webhook } from '../../entities/events/webhook';
import { AccountGroup } from '../../entities/marketplace/account-group';
import { Deployment } from '../../entities/servers/deployment';
import { Instance } from '../../entities/servers/instance';
import { LaunchOrder } from '../../entities/servers/launch-order';
import { Server } from '../../entities/servers/server';
import { ServerArray } from '../../entities/servers/server-array';
import {
  cloudRows,
  cloudRowsByNaturalKey,
  instanceTypeRows,
  matcherRows,
  rowsByNaturalKey,
  settingRows,
  userRows,
  visibleImageRows,
} from '../../persistence/batches';
import {
  offeredRevisionRows,
  revisionRows,
  versionRows,
} from '../../persistence/components/component-batches';
import { eulaRevisionRows } from '../../persistence/marketplace/eula-store';
import { publicationRows } from '../../persistence/marketplace/publication-batches';
import { ownAccountRows, ownRows } from '../../persistence/node-store';
import { computed, known, orNull, type JsonText } from '../../persistence/planner/json-text';
import { one, oneSql, value } from '../../persistence/planner/fields';
import type { OpenRows, Place, PlannedField, Rows, RowsByKey } from '../../persistence/planner/planner';
import type { Deferred, SelectedField } from '../../persistence/planner/selection';
import { NotPlanned } from '../../persistence/planner/statement';

/** As `loadNode` reads them: what the viewer may see of each type. */
const NODE_ROWS = {
  Account: ownAccountRows,
  User: userRows,
  AuditEntry: (manager, viewer, which) => ownRows(manager, AuditEntry, viewer, which),
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
  Instance: (manager, viewer, which) => ownRows(manager, Instance, viewer, which),
  LaunchOrder: (manager, viewer, which) => ownRows(manager, LaunchOrder, viewer, which),
  Publication: publicationRows,
  AccountGroup: (manager, viewer, which) => ownRows(manager, AccountGroup, viewer, which),
  EulaRevision: eulaRevisionRows,
  Webhook: (manager, viewer, which) => ownRows(manager, Webhook, viewer, which),
} as const satisfies Partial<Record<NodeType, RowsByKey>>;

export type PlannedNode = keyof typeof NODE_ROWS;

/** Whose roles allow it is given these by any id; to nobody else are they planned. */
const BY_ROLE: ReadonlySet<PlannedNode> = new Set(['Publication', 'Webhook']);

const PLANNED_NODES = (Object.keys(NODE_ROWS) as PlannedNode[]).filter((type) => !BY_ROLE.has(type));

/** The node that a column of the row refers to. @param property of its key */
export const reference = (type: PlannedNode, property: string): PlannedField =>
  one(type, ({ manager, viewer, column }) => NODE_ROWS[type](manager, viewer, `= ${column(property)}`));

/** SQL for whether the row is the viewer's own. */
export const isOwn = ({ column, statement }: Place): string =>
  `${column('accountId')} = ${statement.predicate(':viewer')}`;

/** Of the image that the row refers to, whoever may see it. */
export const imageResourceUid = value(
  ({ column }) =>
    `(SELECT image.resource_uid FROM cloud_images AS image WHERE image.id = ${column('imageId')})`,
);

/** An argument without which it is asked for otherwise. */
export function given(field: SelectedField, name: string): Deferred {
  const deferred = field.deferred(name);
  if (deferred === null) throw new NotPlanned(`${field.name} without ${name}`);
  return deferred;
}

const nodeById =
  (type: PlannedNode) =>
  ({ manager, viewer, field }: Place): Rows =>
    NODE_ROWS[type](manager, viewer, '= :key').setParameter(
      'key',
      given(field, 'id').map((id) => keyOf(type, String(id), 'id')),
    );

/** A root field that gives the node with the `id` that is passed. */
export const byId = (type: PlannedNode): PlannedField => one(type, nodeById(type));

/** The same; without an `id`, by its natural key. */
export const byIdOrKey = (type: keyof typeof NATURAL_KEYS): PlannedField =>
  one(type, (place) => {
    if (place.field.deferred('id') !== null) return nodeById(type)(place);
    const { parts, rows } = NATURAL_KEYS[type];
    const names = Object.keys(parts);
    const [first] = rows(place, `= (${names.map((name) => `:${name}`).join(', ')})`);
    return names.reduce<OpenRows>(
      (query, name) => query.setParameter(name, given(place.field, name).map(text)),
      first,
    );
  });

function text(part: unknown): string {
  if (typeof part !== 'string' || part === '') throw new NotPlanned('it is no key');
  return part;
}

/** Keys by which things are known elsewhere. */
interface NaturalKey {
  /** Its parts, with their types in SQL. */
  readonly parts: Readonly<Record<string, string>>;
  /** As a reference has it. */
  readonly of: (
    reference: Readonly<Record<string, unknown>>,
  ) => Readonly<Record<string, unknown>> | undefined;
  /** Whose first row is meant, of the first of them that has one. @param which SQL behind its parts */
  readonly rows: (place: Place, which: string) => readonly [OpenRows, ...OpenRows[]];
}

const CLOUD = { cloudType: 'text', region: 'text' };
const RESOURCE = { ...CLOUD, resourceUid: 'text' };
const REVISION = { lineageId: 'uuid', revision: 'int' };

const ofResource = (entity: typeof CloudImage | typeof InstanceType): NaturalKey => ({
  parts: RESOURCE,
  of: resourceKey,
  rows: ({ manager, viewer }, which) => [rowsByNaturalKey(manager, entity, viewer, which)],
});

const ofRevision = (entity: new () => Component): NaturalKey => ({
  parts: REVISION,
  of: revisionKey,
  rows: ({ manager, viewer }, which) => [
    revisionRows(manager, entity, viewer, which),
    offeredRevisionRows(manager, entity, viewer, which),
  ],
});

const NATURAL_KEYS = {
  Cloud: {
    parts: CLOUD,
    of: cloudKey,
    rows: ({ manager, viewer }, which) => [cloudRowsByNaturalKey(manager, viewer, which)],
  },
  CloudImage: ofResource(CloudImage),
  InstanceType: ofResource(InstanceType),
  MultiCloudImage: ofRevision(MultiCloudImage),
  ServerTemplate: ofRevision(ServerTemplate),
  RightScript: ofRevision(RightScript),
} as const satisfies Partial<Record<PlannedNode, NaturalKey>>;

/** SQL for the JSON of a node of one of these types, null when it is not visible. @param type SQL for its name */
const nodeSql = (
  place: Place,
  types: readonly PlannedNode[],
  type: string,
  key: string,
): { readonly sql: string; readonly planned: ReadonlySet<string> } => {
  const cases = types.flatMap((name) => {
    const rows = NODE_ROWS[name](place.manager, place.viewer, `= ${key}`);
    const object = place.planner.attempt(() => oneSql(place, name, rows));
    // Whoever asks for one of this type goes another way.
    return object === null ? [] : [{ name, sql: `WHEN '${name}' THEN ${object}` }];
  });
  if (cases.length === 0) throw new NotPlanned('no type is planned');
  return {
    sql: `CASE ${type} ${cases.map(({ sql }) => sql).join(' ')} END`,
    planned: new Set(cases.map(({ name }) => name)),
  };
};

/** The component that two columns of the row refer to. @param type property of the name of its type */
export const componentOf =
  (type: string, key: string): PlannedField =>
  (place) => {
    const types = Object.keys(COMPONENT_NAMES) as ComponentType[];
    const { sql, planned } = nodeSql(place, types, place.column(type), place.column(key));
    if (planned.size < types.length) throw new NotPlanned(`${place.field.name} of every kind`);
    return orNull(sql, place.field.type.nullable);
  };

function nodeIn(id: unknown, planned: ReadonlySet<string>): GlobalId {
  const parsed = typeof id === 'string' ? parseGlobalId(id) : null;
  if (parsed === null || !planned.has(parsed.type)) throw new NotPlanned('it is no such node');
  return parsed;
}

/** What is known of a reference: the name of its type, and the key of its row or the parts of its natural key. */
type Reference = Readonly<Record<string, unknown>>;

/** SQL for rows of `type`, `key`, the parts of natural keys, and `place`. */
function unnested(
  { statement }: Place,
  references: Deferred,
  columns: Readonly<Record<string, string>>,
): string {
  const arrays = Object.entries(columns).map(([name, type]) => {
    const values = references.map((all) => (all as readonly Reference[]).map((one) => one[name] ?? null));
    return `${statement.bind(values)}::${type}[]`;
  });
  const names = Object.keys(columns).map((name) => `"${name}"`);
  return `unnest(${arrays.join(', ')}) WITH ORDINALITY AS wanted(${names.join(', ')}, place)`;
}

const NODE = { type: 'text', key: 'uuid' };

/** Any node; `null` for what is not visible. */
export const node: PlannedField = (place) => {
  const source = place.statement.nextSource();
  const { sql, planned } = nodeSql(place, PLANNED_NODES, `${source}.type`, `${source}.key`);
  const wanted = given(place.field, 'id').map((id) => [nodeIn(id, planned)]);
  return orNull(
    `(SELECT ${sql} FROM (SELECT * FROM ${unnested(place, wanted, NODE)}) AS ${source})`,
    place.field.type.nullable,
  );
};

/** Of each row of a source with `type`, `key` and `place` its node, or `null`. */
const nodesText = (source: string, node: string, from: string): JsonText => [
  known('['),
  computed(`(SELECT coalesce(string_agg(coalesce(${node}, 'null'), ',' ORDER BY ${source}.place), '')
    FROM (${from}) AS ${source})`),
  known(']'),
];

/** Any nodes, in the order of their global ids; `null` for what is not visible. */
export const nodes: PlannedField = (place) => {
  const source = place.statement.nextSource();
  const { sql, planned } = nodeSql(place, PLANNED_NODES, `${source}.type`, `${source}.key`);
  const wanted = given(place.field, 'ids').map((ids) => {
    if (!Array.isArray(ids) || ids.length > MAXIMUM_NODES) throw new NotPlanned('too many ids');
    return ids.map((id) => nodeIn(id, planned));
  });
  return nodesText(source, sql, `SELECT * FROM ${unnested(place, wanted, NODE)}`);
};

/** SQL for the id that a natural key finds. */
function keySql(place: Place, type: keyof typeof NATURAL_KEYS): string {
  const { parts, rows } = NATURAL_KEYS[type];
  const which = `= (${Object.keys(parts)
    .map((name) => `wanted."${name}"`)
    .join(', ')})`;
  const ids = rows(place, which).map(
    (query) => `(SELECT found.id FROM (${place.statement.embed(query)}) AS found LIMIT 1)`,
  );
  return `WHEN '${type}' THEN coalesce(${ids.join(', ')})`;
}

const ENTITY = { ...NODE, ...RESOURCE, ...REVISION };

/** References of a gateway, by `id` or natural keys; `null` for what is not visible. */
export const entities: PlannedField = (place) => {
  const source = place.statement.nextSource();
  const { sql, planned } = nodeSql(place, PLANNED_NODES, `${source}.type`, `${source}.key`);
  const wanted = given(place.field, 'representations').map((all) => {
    const references = all as readonly Reference[];
    if (references.length > MAXIMUM_REPRESENTATIONS) throw new NotPlanned('too many references');
    return references.map((reference) => entityIn(reference, planned));
  });
  const types = (Object.keys(NATURAL_KEYS) as (keyof typeof NATURAL_KEYS)[]).filter((type) =>
    planned.has(type),
  );
  const cases = types.map((type) => keySql(place, type));
  const key = cases.length === 0 ? 'key' : `coalesce(key, CASE type ${cases.join(' ')} END)`;
  // `OFFSET 0`: each key is looked up once, wherever it is used.
  const from = `SELECT type, place, ${key} AS key FROM ${unnested(place, wanted, ENTITY)} OFFSET 0`;
  return nodesText(source, sql, from);
};

function entityIn(reference: Reference, planned: ReadonlySet<string>): Reference {
  const { __typename: type, id } = reference;
  if (typeof type !== 'string' || !planned.has(type)) throw new NotPlanned('it is no such reference');
  if (typeof id === 'string') {
    const parsed = parseGlobalId(id);
    return { type, key: parsed?.type === type ? parsed.key : null };
  }
  const natural: NaturalKey | undefined = (NATURAL_KEYS as Readonly<Record<string, NaturalKey>>)[type];
  return { type, ...natural?.of(reference) };
}
