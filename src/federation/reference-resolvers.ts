import type { Role } from '../domain/access/roles';
import { parseGlobalId } from '../domain/global-id';
import { cloudKey, resourceKey, revisionKey } from '../domain/natural-key';
import { loadNode } from '../loaders/node';
import type { AnonymousContext, RequestContext } from '../loaders/request-context';
import { forbidden, unauthenticated } from '../resolvers/authorization';

/** As a gateway sends it: any of the values may be anything. */
interface Reference {
  readonly __typename: string;
  readonly [key: string]: unknown;
}

type Lookup = (context: RequestContext, reference: Reference) => Promise<object | null> | undefined;

const NEEDED: Role = 'OBSERVER';

/** `undefined`: the reference has no such key. */
const load = <K, V>(loader: { load(key: K): Promise<V> }, key: K | undefined): Promise<V> | undefined =>
  key && loader.load(key);

/** Natural keys, by which other subgraphs can refer to what they know (R-3.1 decides whose image a uid means). */
const BY_NATURAL_KEY: Record<string, Lookup> = {
  Cloud: ({ loaders }, reference) => load(loaders.cloudByNaturalKey, cloudKey(reference)),
  CloudImage: ({ loaders }, reference) => load(loaders.imageByNaturalKey, resourceKey(reference)),
  InstanceType: ({ loaders }, reference) => load(loaders.instanceTypeByNaturalKey, resourceKey(reference)),
  MultiCloudImage: ({ loaders }, reference) =>
    load(loaders.multiCloudImages.byRevision, revisionKey(reference)),
  ServerTemplate: ({ loaders }, reference) =>
    load(loaders.serverTemplates.byRevision, revisionKey(reference)),
  RightScript: ({ loaders }, reference) => load(loaders.rightScripts.byRevision, revisionKey(reference)),
};

/** Resolves references of a gateway, batched and with visibility as everywhere; `null` for what is not visible. */
export async function resolveReference(
  reference: Reference,
  context: RequestContext | AnonymousContext,
): Promise<object | null> {
  if (context.principal === null) throw unauthenticated('References are resolved only with a token.');
  if (!context.principal.roles.has(NEEDED)) throw forbidden('_entities', [NEEDED], context.principal.roles);
  if (typeof reference.id === 'string') {
    const parsed = parseGlobalId(reference.id);
    return parsed?.type === reference.__typename ? loadNode(context, parsed) : null;
  }
  return (await BY_NATURAL_KEY[reference.__typename]?.(context, reference)) ?? null;
}
