import type { Role } from '../access/roles';
import { invalid } from '../errors';
import type { GlobalId } from '../global-id';

/** Things that carry tags, and the role that tagging them takes. */
const ROLES = {
  MultiCloudImage: 'DESIGNER',
  ServerTemplate: 'DESIGNER',
  RightScript: 'DESIGNER',
  CloudImage: 'ACTOR',
  Deployment: 'ACTOR',
  Server: 'ACTOR',
  ServerArray: 'ACTOR',
  Instance: 'ACTOR',
  Account: 'ADMIN',
} as const satisfies Partial<Record<GlobalId['type'], Role>>;

export type TaggableType = keyof typeof ROLES;

/** A thing whose tags are to be changed. */
export interface TagSubject {
  readonly type: TaggableType;
  readonly key: string;
}

const isTaggable = (type: string): type is TaggableType => Object.hasOwn(ROLES, type);

export const taggingRole = ({ type }: TagSubject): Role => ROLES[type];

/** @throws DomainError INVALID when such things carry no tags */
export function toTagSubject({ type, key }: GlobalId): TagSubject {
  if (!isTaggable(type))
    throw invalid(
      `A ${type} carries no tags: pass the id of a ${Object.keys(ROLES).join(', ')}.`,
      'input',
      'id',
    );
  return { type, key };
}
