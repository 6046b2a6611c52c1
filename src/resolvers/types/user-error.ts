import { Field, ID, Int, InterfaceType, ObjectType } from 'type-graphql';
import type { DomainError, RefusalCode, RefusalDetails } from '../../domain/errors';
import { UserErrorCode } from '../../entities/enums';
import { ServerTemplate } from '../../entities/components/server-template';
import { Advisory } from './components/advisory';
import { MergeConflict } from './components/merge-preview';

@InterfaceType({
  description: 'An expected refusal: nothing was changed.',
  resolveType: typeNameOf,
})
export abstract class UserError {
  @Field(() => String, { description: 'For people: what is wrong and how to cure it.' })
  message: string;

  @Field(() => UserErrorCode, { description: 'For programs.' })
  code: RefusalCode;

  @Field(() => [String], {
    nullable: true,
    description: 'The input field concerned, from `input` downwards.',
  })
  path: string[] | null;
}

@ObjectType({
  implements: UserError,
  simpleResolvers: true,
  description: 'A field of the input does not hold what it must.',
})
export class ValidationError extends UserError {}

@ObjectType({
  implements: UserError,
  simpleResolvers: true,
  description: 'Nothing visible to this account has this id.',
})
export class NotFoundError extends UserError {}

@ObjectType({
  implements: UserError,
  simpleResolvers: true,
  description: 'Only a HEAD that this account owns can be edited, and nothing that was deleted.',
})
export class NotEditableError extends UserError {}

@ObjectType({
  implements: UserError,
  simpleResolvers: true,
  description: 'Somebody changed the object since it was read.',
})
export class StaleVersionError extends UserError {
  @Field(() => Int, { description: 'The version that the object has now.' })
  currentVersion: number;
}

@ObjectType({
  implements: UserError,
  simpleResolvers: true,
  description: 'ServerTemplates still use the component.',
})
export class InUseError extends UserError {
  @Field(() => [ServerTemplate], { description: 'The ServerTemplate versions that use it, at most 100.' })
  usedBy: ServerTemplate[];
}

@ObjectType({
  implements: UserError,
  simpleResolvers: true,
  description: 'The deployment still has servers or server arrays.',
})
export class DeploymentInUseError extends UserError {}

@ObjectType({
  implements: UserError,
  simpleResolvers: true,
  description: 'The MultiCloud Image of the launch does not support the cloud (R-7.3).',
})
export class CloudNotSupportedError extends UserError {
  @Field(() => [ID], {
    nullable: true,
    description:
      'Of `updateTemplateRevisions`: the ids of the servers and arrays concerned, at most 1,000; null elsewhere.',
  })
  items: string[] | null;
}

@ObjectType({
  implements: UserError,
  simpleResolvers: true,
  description: 'Both sides of a merge changed the same things, and nobody said which side to take (R-6.7).',
})
export class MergeConflictError extends UserError {
  @Field(() => [MergeConflict], { description: 'What no resolution was given for.' })
  conflicts: MergeConflict[];
}

@ObjectType({
  implements: UserError,
  simpleResolvers: true,
  description: 'The merged content would break rules (R-6.7).',
})
export class MergeViolationError extends UserError {
  @Field(() => [Advisory], { description: 'The rules that it would break.' })
  violations: Advisory[];
}

@ObjectType({
  implements: UserError,
  simpleResolvers: true,
  description: 'End-user licence agreements have to be accepted first (R-9.7).',
})
export class EulaNotAcceptedError extends UserError {}

@ObjectType({
  implements: UserError,
  simpleResolvers: true,
  description: 'Refused for the reason that `code` names.',
})
export class RefusedError extends UserError {}

const TYPES: Partial<Record<RefusalCode, string>> = {
  INVALID: 'ValidationError',
  LIMIT_EXCEEDED: 'ValidationError',
  INCOMPATIBLE_ARCHITECTURE: 'ValidationError',
  NOT_FOUND: 'NotFoundError',
  NOT_EDITABLE: 'NotEditableError',
  STALE: 'StaleVersionError',
  MERGE_CONFLICT: 'MergeConflictError',
  MERGE_VIOLATION: 'MergeViolationError',
};

/** Refusals that are told apart by the facts that they carry. */
const TYPES_BY_FACT: Partial<Record<keyof RefusalDetails, string>> = {
  usedBy: 'InUseError',
  contents: 'DeploymentInUseError',
  unsupported: 'CloudNotSupportedError',
  eulaRevisions: 'EulaNotAcceptedError',
};

function typeNameOf(error: UserError): string {
  const fact = (Object.keys(TYPES_BY_FACT) as (keyof RefusalDetails)[]).find((name) => name in error);
  return (fact && TYPES_BY_FACT[fact]) ?? TYPES[error.code] ?? 'RefusedError';
}

/** A refusal as the client sees it. Its facts still hold keys, and `conflicts` nameless values: the fields load what they show. */
export function toUserError(error: DomainError): UserError {
  const { path, ...facts } = error.details;
  const shown = { message: error.message, code: error.code, path: path ? [...path] : null, ...facts };
  return Object.assign(shown, { __typename: typeNameOf(shown) });
}
