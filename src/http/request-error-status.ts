import { ApolloServerErrorCode } from '@apollo/server/errors';
import type { onSendHookHandler } from 'fastify';

/**
 * The status of a refused GraphQL request, as GraphQL over HTTP wants it: 200 where the answer is `application/json`,
 * which may come from anything on the way, so that clients read it rather than its status; Apollo's 400 where it is
 * `application/graphql-response+json`. A request that isn't well-formed, such as one without a query, is 400 always.
 */
export const requestErrorStatus: onSendHookHandler<unknown> = (_request, reply, payload, done) => {
  const isJson = String(reply.getHeader('content-type')).startsWith('application/json');
  if (reply.statusCode === 400 && isJson && isRequestError(payload)) reply.code(200);
  done(null, payload);
};

interface ErrorAnswer {
  readonly errors?: readonly { readonly extensions?: { readonly code?: unknown } }[];
}

/** Whether it is an answer to a well-formed request. Others are refused by Fastify (no `errors`) or as BAD_REQUEST. */
function isRequestError(payload: unknown): boolean {
  if (typeof payload !== 'string') return false;
  const { errors } = JSON.parse(payload) as ErrorAnswer;
  return (
    errors !== undefined &&
    errors.every(({ extensions }) => extensions?.code !== ApolloServerErrorCode.BAD_REQUEST)
  );
}
