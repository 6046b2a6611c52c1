import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { fillPlaceholders, type ExampleQuery, type ResolvePlaceholder } from './explorer-examples';
import { renderExplorerPage, type ExplorerAssets } from './explorer-page';

/** What the explorer page is made from. */
export interface ExplorerOptions {
  /** Folder that the build made (`dist/explorer`): `manifest.json` and `assets/`. */
  readonly folder: string;
  /** Address of the GraphQL endpoint, relative to the page. */
  readonly endpoint: string;
  /** Saved queries, in the order shown. */
  readonly examples: readonly ExampleQuery[];
  /** Fills the placeholders in the examples' variables, each time the page is served. */
  readonly resolvePlaceholder: ResolvePlaceholder;
  /** Given to every reader of the page, whoever they are: only for a service on demonstration data. */
  readonly demoToken: () => Promise<string | null>;
}

const YEAR_IN_SECONDS = 31_536_000;

// Monaco writes its colours and positions into style elements, and its workers may start from blobs.
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const manifest = z.object({ script: z.string(), style: z.string(), icon: z.string() });

async function readManifest(folder: string): Promise<ExplorerAssets> {
  const file = path.join(folder, 'manifest.json');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`The explorer page is not built: ${file} cannot be read. Run "npm run build".`, {
      cause,
    });
  });
  return manifest.parse(JSON.parse(text));
}

function acceptsHtml(accept = '*/*'): boolean {
  return accept.split(',').some((range) => /^\s*(text\/html|text\/\*|\*\/\*)\s*(;|$)/i.test(range));
}

/**
 * Serves the explorer page at `/` and its assets under `/explorer/`.
 * @throws Error (when the application gets ready) if the page has not been built into `folder`.
 */
export function registerExplorer(app: FastifyInstance, options: ExplorerOptions): void {
  // In a scope of its own, so that its headers stay on its own answers.
  app.register(async (scope) => {
    const assets = await readManifest(options.folder);

    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
      reply.header('x-content-type-options', 'nosniff');
      reply.header('referrer-policy', 'no-referrer');
    });

    scope.get('/', async (request, reply) => {
      reply.header('vary', 'accept');
      if (!acceptsHtml(request.headers.accept)) {
        return reply.code(406).send({
          error: 'Not Acceptable',
          message: `This address answers with text/html only. The GraphQL API is at ${options.endpoint} (POST).`,
        });
      }
      const examples = await Promise.all(
        options.examples.map((example) => fillPlaceholders(example, options.resolvePlaceholder)),
      );
      const { endpoint } = options;
      const demoToken = (await options.demoToken()) ?? undefined;
      // It may carry a token and ids: no cache may keep it.
      reply.header('cache-control', 'no-store');
      return reply
        .type('text/html; charset=utf-8')
        .send(renderExplorerPage(assets, { endpoint, demoToken, examples }));
    });

    // Every asset is named by its content, so it never changes under its name.
    await scope.register(fastifyStatic, {
      root: path.join(options.folder, 'assets'),
      prefix: '/explorer/',
      decorateReply: false,
      index: false,
      preCompressed: true,
      immutable: true,
      maxAge: YEAR_IN_SECONDS * 1000,
      setHeaders: (response) => {
        void response.setHeader('vary', 'accept-encoding');
      },
    });
  });
}
