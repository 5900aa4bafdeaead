import { readiness, version } from '@ai-toolkit/toolkit';
import type { FastifyInstance } from 'fastify';
import type { ApiOptions } from './create-api.js';
import { answerOf, describe, listOfObjects } from './describe.js';

type StatusOptions = Pick<ApiOptions, 'toolkit' | 'overview' | 'keysRequired' | 'startedAt' | 'draining'>;

/** Liveness, readiness, metrics, limits and server information. */
export function statusRoutes(app: FastifyInstance, options: StatusOptions): void {
  const { toolkit, overview, keysRequired, startedAt, draining } = options;

  app.get('/healthz', { schema: describe('operations', 'The process answers') }, async () => ({
    status: 'ok',
  }));

  app.get(
    '/readyz',
    {
      schema: describe('operations', 'Whether requests should be sent here', {
        description:
          '503 while it stops or cannot check keys. Degraded, it still answers: `checks` says how.',
        answer: answerOf({ status: { type: 'string' }, checks: listOfObjects }),
      }),
    },
    async (_request, reply) => {
      const { status, checks } = await readiness(toolkit, { draining: draining() });
      const isReady = status === 'ready' || status === 'degraded';
      if (!isReady) reply.code(503).header('retry-after', '1');
      return reply.header('cache-control', 'no-store').send({ status, checks });
    },
  );

  app.get(
    '/metrics',
    { schema: describe('operations', 'Metrics for Prometheus', { answer: { type: 'string' } }) },
    async (_request, reply) => {
      const metrics = await toolkit.metrics();
      const text = await overview.metrics();
      return reply.type(metrics.contentType).serializer(String).send(text);
    },
  );

  app.get(
    '/api/limits',
    {
      schema: describe('operations', 'Limits, queues and circuits', {
        description:
          '`keys`: each model of each provider, with the depth of its queue and the wait to expect. `gatewayKeys`: the same for keys with limits, by id. `history`: the latest refusals by providers, waits, our own refusals, and changes of circuits, 100 of each at most.',
      }),
    },
    () => overview.limits(),
  );

  app.get('/api/info', { schema: describe('operations', 'Version and providers') }, async () => ({
    version,
    startedAt,
    home: toolkit.paths.state,
    keysRequired,
    workers: await overview.workers(),
    providers: (await toolkit.providers()).map(({ provider, place, reason }) => ({
      name: provider.name,
      baseUrl: place,
      reason,
    })),
  }));
}
