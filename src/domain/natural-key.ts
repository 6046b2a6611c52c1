import { isUuid } from './uuid';

/** Keys by which other subgraphs refer to what they know, as a gateway sends them: any of the values may be anything. */
type Reference = Readonly<Record<string, unknown>>;

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** `undefined`, here and below: the reference has no such key. */
export function cloudKey({ cloudType, region }: Reference) {
  return isText(cloudType) && isText(region) ? { cloudType, region } : undefined;
}

/** Of an image or an instance type. */
export function resourceKey(reference: Reference) {
  const cloud = cloudKey(reference);
  const { resourceUid } = reference;
  return cloud && isText(resourceUid) ? { ...cloud, resourceUid } : undefined;
}

/** Of a version of a component. PostgreSQL's integers have 32 bits. */
export function revisionKey({ lineageId, revision }: Reference) {
  const isNumber = typeof revision === 'number' && revision === (revision | 0);
  return isText(lineageId) && isUuid(lineageId) && isNumber ? { lineageId, revision } : undefined;
}
