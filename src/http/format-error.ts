import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLFormattedError } from 'graphql';
import { GraphQLError } from 'graphql';
import { DomainError } from '../domain/errors';

type LogFault = (error: unknown) => void;

/** Maps errors once: refusals of queries to BAD_USER_INPUT, faults to a masked INTERNAL_SERVER_ERROR that is logged. */
export function formatErrorWith(logFault: LogFault) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const cause = unwrapResolverError(error);
    if (cause instanceof DomainError)
      return {
        ...formatted,
        message: cause.message,
        extensions: { code: 'BAD_USER_INPUT', reason: cause.code, argumentPath: cause.details.path },
      };
    if (cause instanceof GraphQLError && isUnnamedRequestError(cause, formatted))
      return { ...formatted, extensions: { code: 'BAD_USER_INPUT' } };
    if (cause instanceof GraphQLError)
      return { ...formatted, extensions: withoutStack(formatted.extensions) };
    logFault(cause);
    return {
      message:
        'Something went wrong on our side. The log has the details, under the id of this request (header `x-request-id`).',
      locations: formatted.locations,
      path: formatted.path,
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    };
  };
}

function withoutStack(extensions: GraphQLFormattedError['extensions']): GraphQLFormattedError['extensions'] {
  const { stacktrace: _stacktrace, ...rest } = extensions ?? {};
  return rest;
}

/** Of the request as a whole, before any field was resolved, and without a code: too many errors in the variables. */
function isUnnamedRequestError(cause: GraphQLError, formatted: GraphQLFormattedError): boolean {
  return (
    formatted.path === undefined &&
    cause.originalError === undefined &&
    formatted.extensions?.['code'] === 'INTERNAL_SERVER_ERROR'
  );
}
