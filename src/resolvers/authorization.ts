import { GraphQLError } from 'graphql';
import type { AuthCheckerFn } from 'type-graphql';
import { hasRole } from '../domain/access/principal';
import type { Role } from '../domain/access/roles';
import type { AnonymousContext, RequestContext } from '../loaders/request-context';

export const unauthenticated = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });

export const forbidden = (field: string, needed: readonly Role[], held: ReadonlySet<Role>): GraphQLError =>
  new GraphQLError(
    `\`${field}\` needs the role ${needed.join(' or ')}; this token has ${[...held].join(', ') || 'none'}.`,
    { extensions: { code: 'FORBIDDEN' } },
  );

/** Beside roles: the credential of a machine, which acts for its own instance. */
export const ITSELF = 'ITSELF';

/** without the role FORBIDDEN, without credentials UNAUTHENTICATED. */
export const checkAuthorization: AuthCheckerFn<RequestContext | AnonymousContext, Role | typeof ITSELF> = (
  { context, info },
  allowed,
) => {
  if (context.principal === null)
    throw unauthenticated(
      'Send a token: header `authorization: Bearer TOKEN`. An admin makes one with `createToken`.',
    );
  if (context.principal.instanceId !== undefined && allowed.includes(ITSELF)) return true;
  const roles = allowed.filter((who) => who !== ITSELF);
  if (hasRole(context.principal, ...roles)) return true;
  throw forbidden(info.fieldName, roles, context.principal.roles);
};
