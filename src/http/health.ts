import type { FastifyInstance } from 'fastify';
import type { DataSource } from 'typeorm';

/** A database that takes longer than that for nothing is not one that can answer. */
const READY_SECONDS = 3;

/** `/healthz`: the process runs. `/readyz`: it can answer; 503 while it stops or the database is away. */
export function registerHealth(app: FastifyInstance, dataSource: DataSource): void {
  let stopping = false;
  app.addHook('preClose', (done) => {
    stopping = true;
    done();
  });
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', async (request, reply) => {
    if (stopping) return reply.code(503).send({ status: 'stopping' });
    try {
      await within(READY_SECONDS, dataSource.query('SELECT 1'));
      return { status: 'ready' };
    } catch (error) {
      request.log.warn({ err: error }, 'the database does not answer');
      return reply.code(503).send({ status: 'database unavailable' });
    }
  });
}

/** What the promise gives, or an error once the time is up. */
async function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
