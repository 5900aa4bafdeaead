import type { IncomingMessage } from 'node:http';
import { allowsModel, type GatewayKey } from '@ai-toolkit/gateway-keys';
import { type OfferedModel, type Toolkit, version } from '@ai-toolkit/toolkit';
import type { FastifyInstance } from 'fastify';
import type { Overview } from '../overview.js';

/** What the server says of its own state. */
export interface ServerState {
  readonly overview: Overview;
  /** Epoch, ms. */
  readonly startedAt: number;
  /** It takes no new work. */
  readonly draining: () => boolean;
  /** The key of who asks for the models; `undefined` for who needs none. */
  readonly callerOf: (request: IncomingMessage) => GatewayKey | undefined;
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
    return reply.type(metrics.contentType).send(await state.overview.metrics());
  });

  app.get('/v1/models', async ({ raw }) => ({
    object: 'list',
    data: (await modelsFor(toolkit, state.callerOf(raw))).map(({ id, provider }) => ({
      id,
      object: 'model',
      created: 0,
      owned_by: provider,
    })),
  }));

  app.get('/api/cache', () => state.overview.cache());

  app.get('/api/limits', () => state.overview.limits());

  app.get('/api/info', async () => ({
    version,
    startedAt: state.startedAt,
    home: toolkit.paths.state,
    workers: await state.overview.workers(),
    providers: (await toolkit.providers()).map(({ provider, place, reason }) => ({
      name: provider.name,
      baseUrl: place,
      reason,
    })),
  }));
}

/** The models that a key is for. */
async function modelsFor(toolkit: Toolkit, key: GatewayKey | undefined): Promise<readonly OfferedModel[]> {
  const models = await toolkit.models();
  return key === undefined ? models : models.filter(({ id }) => allowsModel(key.models, id));
}
