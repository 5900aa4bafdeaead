import { type Toolkit, version } from '@ai-toolkit/toolkit';
import type { FastifyInstance } from 'fastify';

/** What the server says of its own state. */
export interface ServerState {
  /** Epoch, ms. */
  readonly startedAt: number;
  /** It takes no new work. */
  readonly draining: () => boolean;
}

/** Liveness, readiness, metrics, and what the dashboard shows of the parts. */
export function statusRoutes(app: FastifyInstance, toolkit: Toolkit, state: ServerState): void {
  app.get('/healthz', async () => ({ status: 'ok' }));

  app.get('/readyz', async (_request, reply) => {
    if (!state.draining()) return { status: 'ready' };
    return reply.code(503).header('retry-after', '1').send({ status: 'draining' });
  });

  app.get('/metrics', async (_request, reply) => {
    const metrics = await toolkit.metrics();
    return reply.type(metrics.contentType).send(await metrics.expose());
  });

  app.get('/v1/models', async () => ({
    object: 'list',
    data: (await toolkit.models()).map(({ id, provider }) => ({
      id,
      object: 'model',
      created: 0,
      owned_by: provider,
    })),
  }));

  app.get('/api/cache', async () => (await toolkit.cache()).stats());

  app.get('/api/limits', async () => {
    const [limiter, breaker] = await Promise.all([toolkit.limiter(), toolkit.breaker()]);
    return { ...limiter.snapshot(), circuits: breaker.snapshot() };
  });

  app.get('/api/info', async () => ({
    version,
    startedAt: state.startedAt,
    home: toolkit.paths.state,
    providers: (await toolkit.providers()).map(({ provider, place, reason }) => ({
      name: provider.name,
      baseUrl: place,
      reason,
    })),
  }));
}
