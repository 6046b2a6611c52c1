import { invalid } from './errors';
import { isUuid } from './uuid';

/** Prefixes of global ids. An id is `PREFIX_UUID`; clients treat it as opaque (docs/adr/0004). */
const PREFIXES = {
  Account: 'acc',
  User: 'usr',
  AccessToken: 'tok',
  Cloud: 'cld',
  CloudImage: 'img',
  InstanceType: 'typ',
  MultiCloudImage: 'mci',
  MultiCloudImageSetting: 'set',
  MultiCloudImageMatcher: 'mat',
  ServerTemplate: 'stp',
  RightScript: 'scr',
  Deployment: 'dep',
  Server: 'srv',
  ServerArray: 'arr',
  Instance: 'ins',
  LaunchOrder: 'ord',
  Publication: 'pub',
  AccountGroup: 'grp',
  EulaRevision: 'eul',
  AuditEntry: 'aud',
  Webhook: 'whk',
  WebhookDelivery: 'dlv',
} as const;

export type NodeType = keyof typeof PREFIXES;

const TYPES = new Map<string, NodeType>(
  Object.entries(PREFIXES).map(([type, prefix]) => [prefix, type as NodeType]),
);

export interface GlobalId {
  readonly type: NodeType;
  /** The row's own key. */
  readonly key: string;
}

export const isNodeType = (type: string): type is NodeType => type in PREFIXES;

export const toGlobalId = (type: NodeType, key: string): string => `${PREFIXES[type]}_${key}`;

/** `null` when the text is not an id of this graph. */
export function parseGlobalId(id: string): GlobalId | null {
  const type = TYPES.get(id.slice(0, 3));
  const key = id.slice(4);
  return type !== undefined && id[3] === '_' && isUuid(key) ? { type, key } : null;
}

/** The key behind an id that must be of this type. */
export function keyOf(type: NodeType, id: string, ...path: string[]): string {
  const parsed = parseGlobalId(id);
  if (parsed === null)
    throw invalid(
      `"${id.slice(0, 80)}" is not an id of this graph: pass an \`id\` that a query returned, unchanged.`,
      ...path,
    );
  if (parsed.type !== type)
    throw invalid(`"${id}" is the id of a ${parsed.type}; the id of a ${type} is needed.`, ...path);
  return parsed.key;
}

/** The same, where the id may be left out. */
export function optionalKeyOf<T extends null | undefined>(
  type: NodeType,
  id: string | T,
  ...path: string[]
): string | T {
  return id == null ? id : keyOf(type, id, ...path);
}
