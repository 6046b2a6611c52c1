import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AccessError } from '../domain/access/access-error';
import { DomainError } from '../domain/errors';
import { LimitError } from './limits/limit-error';

/** Characters of a message: many echo what the client sent, however long that was. */
const LONGEST_MESSAGE = 2000;
const SUGGESTION = 'Did you mean ';

/** `formatError` as this installation is set: with or without suggestions of names of the schema. */
export function formatErrors({ suggestions }: { readonly suggestions: boolean }): typeof formatError {
  return (formatted, error) => {
    const mapped = formatError(formatted, error);
    // What is suggested goes first: it stands at the end.
    const message = suggestions ? mapped.message : withoutSuggestion(mapped.message);
    return { ...mapped, message: shortened(message) };
  };
}

/**
 * What Apollo's own option takes out of refused documents only: also of values of variables. In one pass, since the rest
 * of a message may be any text of the client's.
 */
function withoutSuggestion(message: string): string {
  const start = message.endsWith('?') ? message.lastIndexOf(SUGGESTION) : -1;
  return start < 0 ? message : message.slice(0, start).trimEnd();
}

const shortened = (message: string): string =>
  message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE).toWellFormed()}…`;

/** Maps errors once: refusals of queries to BAD_USER_INPUT, faults to a masked INTERNAL_SERVER_ERROR. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const cause = unwrapResolverError(error);
  if (cause instanceof DomainError)
    return {
      ...formatted,
      message: cause.message,
      extensions: { code: 'BAD_USER_INPUT', reason: cause.code, argumentPath: cause.details.path },
    };
  if (cause instanceof AccessError)
    return { ...formatted, message: cause.message, extensions: { code: cause.code } };
  // Apollo gives every error of a validation rule its own code.
  if (cause instanceof GraphQLError && cause.originalError instanceof LimitError)
    return { ...formatted, extensions: { ...formatted.extensions, code: cause.originalError.code } };
  if (isFault(cause))
    return {
      message:
        'Something went wrong on our side. The log has the details, under the id of this request (header `x-request-id`).',
      locations: formatted.locations,
      path: formatted.path,
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    };
  const { stacktrace: _stacktrace, ...extensions } = formatted.extensions ?? {};
  return { ...formatted, extensions: hasNoCode(formatted) ? { code: 'BAD_USER_INPUT' } : extensions };
}

/** Whether an error is ours: neither a refusal nor one that was made for the client. */
export function isFault(error: unknown): boolean {
  const cause = unwrapResolverError(error);
  if (cause instanceof DomainError || cause instanceof AccessError) return false;
  if (!(cause instanceof GraphQLError)) return true;
  // Apollo wraps what fails before any field is resolved, such as the look-up of a token.
  return cause.originalError !== undefined && isFault(cause.originalError);
}

/** Of the request as a whole, and no fault: too many errors in the variables. */
const hasNoCode = (formatted: GraphQLFormattedError): boolean =>
  formatted.path === undefined && formatted.extensions?.['code'] === 'INTERNAL_SERVER_ERROR';
