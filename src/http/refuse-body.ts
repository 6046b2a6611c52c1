import { ApolloServerErrorCode } from '@apollo/server/errors';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/**
 * What Fastify refuses of a GraphQL request before Apollo sees it (a body that is too large, of another type, or no
 * JSON), told as GraphQL errors are. What is no refusal goes on to the service's own handler.
 */
export function refuseBody(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode ?? 500;
  if (status >= 500) throw error;
  const { message, extensions } =
    error.code === 'FST_ERR_CTP_BODY_TOO_LARGE'
      ? tooLarge(request.routeOptions.bodyLimit)
      : { message: messageOf(error), extensions: { code: ApolloServerErrorCode.BAD_REQUEST } };
  void reply.code(status).send({ errors: [{ message, extensions }] });
}

const tooLarge = (limit: number) => ({
  message: `The request’s body has more than ${limit} bytes, the most that are allowed: send it in several requests; large listings can be uploaded to /catalog/imports.`,
  extensions: { code: 'MAX_BODY_BYTES_LIMIT', limit },
});

function messageOf({ code, message }: FastifyError): string {
  switch (code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return 'The request’s body must be JSON: send it with the header `content-type: application/json`.';
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return 'The request’s body is empty: send {"query": "…"} with an operation of GraphQL.';
    default:
      return message;
  }
}
