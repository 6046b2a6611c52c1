import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'pg';
import { readOperations } from './limit/read-operations';
import { writeOperations } from './limit/write-operations';
import type { Operation } from './limit/operation';
import { hashToken } from '../src/domain/access/token';

/**
 * The limit: what bare `node:http` with hand-written SQL reaches for the same answers, in the same tenant, from the same
 * database over as many connections. `POST /NAME` with the variables as JSON.
 */
const pool = new Pool({
  connectionString: process.env['DATABASE_URL'],
  max: Number(process.env['DATABASE_POOL_SIZE']),
  options: '-c jit=off',
});

const operations: Readonly<Record<string, Operation>> = { ...readOperations, ...writeOperations };

const server = createServer((request, response) => {
  answer(request).then(
    (text) => {
      response.writeHead(200, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(text),
      });
      response.end(text);
    },
    (error: unknown) => {
      response.writeHead(500).end(error instanceof Error ? error.stack : String(error));
    },
  );
});

async function answer(request: IncomingMessage): Promise<string> {
  const operation = operations[request.url?.slice(1) ?? ''];
  if (operation === undefined) throw new Error(`There is no ${request.url}.`);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString()) as { variables: Record<string, string> };
  const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
  return operation({ pool, tokenHash: hashToken(token), variables: body.variables });
}

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`limit  http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => {
  server.close(() => void pool.end());
  server.closeAllConnections();
});
