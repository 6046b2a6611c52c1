import type { Role } from '../domain/access/roles';
import { parseGlobalId } from '../domain/global-id';
import { loadNode } from '../loaders/node';
import type { AnonymousContext, RequestContext } from '../loaders/request-context';
import { forbidden, unauthenticated } from '../resolvers/authorization';

interface Reference {
  readonly __typename: string;
  readonly id?: string;
  readonly cloudType?: string;
  readonly region?: string;
  readonly resourceUid?: string;
  readonly lineageId?: string;
  readonly revision?: number;
}

type Lookup = (context: RequestContext, reference: Reference) => Promise<object | null> | undefined;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NEEDED: Role = 'OBSERVER';

/** Natural keys, by which other subgraphs can refer to what they know (R-3.1 decides whose image a uid means). */
const BY_NATURAL_KEY: Record<string, Lookup> = {
  Cloud: ({ loaders }, { cloudType, region }) =>
    cloudType && region ? loaders.cloudByNaturalKey.load({ cloudType, region }) : undefined,
  CloudImage: ({ loaders }, { cloudType, region, resourceUid }) =>
    cloudType && region && resourceUid
      ? loaders.imageByNaturalKey.load({ cloudType, region, resourceUid })
      : undefined,
  InstanceType: ({ loaders }, { cloudType, region, resourceUid }) =>
    cloudType && region && resourceUid
      ? loaders.instanceTypeByNaturalKey.load({ cloudType, region, resourceUid })
      : undefined,
  MultiCloudImage: ({ loaders }, reference) => {
    const key = revisionKey(reference);
    return key && loaders.multiCloudImages.byRevision.load(key);
  },
  ServerTemplate: ({ loaders }, reference) => {
    const key = revisionKey(reference);
    return key && loaders.serverTemplates.byRevision.load(key);
  },
};

/** A well-formed revision key, or `undefined`. PostgreSQL's integers have 32 bits. */
function revisionKey({
  lineageId,
  revision,
}: Reference): { lineageId: string; revision: number } | undefined {
  if (lineageId === undefined || !UUID.test(lineageId)) return undefined;
  return revision !== undefined && revision === (revision | 0) ? { lineageId, revision } : undefined;
}

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
