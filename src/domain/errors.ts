import type { Advisory } from './advisories/advisory';
import type { Conflict } from './merge/conflicts';
import type { ComponentType } from './versioning/component-type';

/** Why an operation was refused. A client can act on each of them; they become `userErrors`, never stack traces. */
export type RefusalCode =
  | 'INVALID'
  | 'NOT_FOUND'
  | 'NOT_EDITABLE'
  | 'NOTHING_TO_COMMIT'
  | 'STALE'
  | 'IN_USE'
  | 'PUBLISHED'
  | 'ALREADY_PUBLISHED'
  | 'HEAD_DEPENDENCY'
  | 'DEPENDENCY_NOT_VISIBLE'
  | 'PRIVATE_IMAGE'
  | 'CLOUD_NOT_SUPPORTED'
  | 'INSTANCE_TYPE_MISSING'
  | 'INCOMPATIBLE_ARCHITECTURE'
  | 'MERGE_CONFLICT'
  | 'MERGE_VIOLATION'
  | 'ALREADY_RUNNING'
  | 'NOT_RUNNING'
  | 'LIMIT_EXCEEDED'
  | 'EULA_NOT_ACCEPTED';

/** Row keys of what a deployment holds. */
export interface DeploymentContents {
  readonly servers: readonly string[];
  readonly serverArrays: readonly string[];
}

/** Facts that accompany a refusal, keyed by the code that carries them. */
export interface RefusalDetails {
  /** The input field that was refused, from the mutation's `input` downwards. */
  path?: readonly string[];
  /** STALE: the version that the object has now. */
  currentVersion?: number;
  /** IN_USE: ids of the ServerTemplate rows that still use the component. */
  usedBy?: readonly string[];
  /** IN_USE: ids of the servers and arrays that a deployment still has. */
  contents?: DeploymentContents;
  /** CLOUD_NOT_SUPPORTED: the template, whose clouds a client is shown, and ids of its MCIs that do support the cloud. */
  unsupported?: { readonly serverTemplateId: string; readonly alternatives: readonly string[] };
  /** CLOUD_NOT_SUPPORTED in a bulk update: global ids of the servers and arrays that can't move. */
  items?: readonly string[];
  /** MERGE_CONFLICT: what both sides changed, in components of this type. */
  conflicts?: readonly Conflict[];
  componentType?: ComponentType;
  /** MERGE_VIOLATION: the rules that the merged content would break. */
  violations?: readonly Advisory[];
  /** EULA_NOT_ACCEPTED: ids of the licence texts that have to be accepted. */
  eulaRevisions?: readonly string[];
}

/** An expected refusal: the message says what is wrong and how to cure it. */
export class DomainError extends Error {
  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly details: RefusalDetails = {},
  ) {
    super(message);
    this.name = 'DomainError';
  }
}

/** A field of the input does not hold what it must. */
export function invalid(message: string, ...path: string[]): DomainError {
  return new DomainError('INVALID', message, { path });
}

/** Nothing that this viewer may see has this id: the same answer whether it exists or not. */
export function notFound(what: string, ...path: string[]): DomainError {
  return new DomainError('NOT_FOUND', `No ${what} with this id is visible to this account.`, { path });
}
