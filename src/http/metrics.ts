import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ApolloServerPlugin } from '@apollo/server';
import type { DataSource } from 'typeorm';
import { poolOf } from '../persistence/pool';

/** Prometheus metrics of one service. */
export class Metrics {
  readonly registry = new Registry();

  private readonly requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from request to answer, by route, method and status.',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });

  private readonly operations = new Counter({
    name: 'graphql_operations_total',
    help: 'GraphQL operations, by type and outcome (ok, refused: errors in the answer).',
    labelNames: ['type', 'outcome'],
    registers: [this.registry],
  });

  private readonly openSubscriptions = new Gauge({
    name: 'graphql_subscriptions_open',
    help: 'Subscriptions that are open, by transport.',
    labelNames: ['transport'],
    registers: [this.registry],
  });

  readonly subscriptions = {
    began: (transport: string): void => {
      this.operations.inc({ type: 'subscription', outcome: 'ok' });
      this.openSubscriptions.inc({ transport });
    },
    refused: (): void => this.operations.inc({ type: 'subscription', outcome: 'refused' }),
    ended: (transport: string): void => this.openSubscriptions.dec({ transport }),
  };

  private readonly webhookAttempts = new Counter({
    name: 'webhook_attempts_total',
    help: 'Requests to webhooks, by what became of the delivery (delivered, pending: it is tried again, dead: given up).',
    labelNames: ['outcome'],
    registers: [this.registry],
  });

  readonly webhookAttempt = (outcome: string): void => this.webhookAttempts.inc({ outcome });

  constructor(dataSource: DataSource) {
    collectDefaultMetrics({ register: this.registry });
    const pool = poolOf(dataSource);
    new Gauge({
      name: 'database_connections',
      help: 'Connections of the pool, by state.',
      labelNames: ['state'],
      registers: [this.registry],
      collect() {
        this.set({ state: 'total' }, pool.totalCount);
        this.set({ state: 'idle' }, pool.idleCount);
        this.set({ state: 'waiting' }, pool.waitingCount);
      },
    });
  }

  /** Measures every request and serves the numbers at `/metrics`. */
  register(app: FastifyInstance): void {
    app.addHook('onResponse', (request, reply, done) => {
      // How long somebody is told of events says nothing about the service.
      if (request.ws || reply.getHeader('content-type')?.toString().startsWith('text/event-stream'))
        return done();
      const labels = {
        route: request.routeOptions.url ?? 'unknown',
        method: request.method,
        status: reply.statusCode,
      };
      this.requests.observe(labels, reply.elapsedTime / 1000);
      done();
    });
    app.get('/metrics', async (_request, reply) =>
      reply.type(this.registry.contentType).send(await this.registry.metrics()),
    );
  }

  readonly plugin: ApolloServerPlugin = {
    requestDidStart: async () => ({
      willSendResponse: async ({ operation, errors }) => {
        this.operations.inc({
          type: operation?.operation ?? 'invalid',
          outcome: errors?.length ? 'refused' : 'ok',
        });
      },
    }),
  };
}
