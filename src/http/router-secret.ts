import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** Where routers show a subgraph's secret: the name that Apollo's templates of subgraphs and cloud routers use. */
const ROUTER_SECRET_HEADER = 'router-authorization';

/** GraphQL over any transport: HTTP, server-sent events, and the upgrade to WebSocket. */
const GRAPHQL_PATH = /^\/graphql(\/|$)/;

const REFUSAL = {
  errors: [
    {
      message: `This subgraph answers only its router: send the secret (MCI_GRAPH_ROUTER_SECRET) in the header \`${ROUTER_SECRET_HEADER}\`.`,
      extensions: { code: 'UNAUTHENTICATED' },
    },
  ],
};

/** Refuses whoever doesn't show the router's secret with status 401, before anything of the request is read. */
export function requireRouterSecret(app: FastifyInstance, secret: string): void {
  const expected = digest(secret);
  app.addHook('onRequest', (request, reply, done) => {
    if (!GRAPHQL_PATH.test(request.routeOptions.url ?? '') || isShown(request.headers, expected))
      return done();
    void reply.code(401).send(REFUSAL);
  });
}

/** In constant time, whatever the length of what is shown. */
function isShown({ [ROUTER_SECRET_HEADER]: shown }: IncomingHttpHeaders, expected: Buffer): boolean {
  return typeof shown === 'string' && timingSafeEqual(digest(shown), expected);
}

const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
