import type { ServerResponse } from 'node:http';
import type { ReportGroup, ReportQuery } from '@ai-toolkit/usage';
import type { FastifyInstance } from 'fastify';
import type { Overview } from '../overview.js';
import type { ApiOptions } from './create-api.js';
import { describe } from './describe.js';
import { parseMoment } from './moment.js';
import { usageCallRoutes } from './usage-calls.js';

/** Short enough that no proxy closes the stream as idle. */
const keepAliveMs = 15_000;

interface UsageQuery {
  readonly since?: string;
  readonly by?: ReportGroup;
}

const usageQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    since: { type: 'string', description: 'How far back (30m, 24h, 7d), or a date and time.' },
    by: { type: 'string', enum: ['model', 'provider', 'project', 'stage', 'tenant', 'key', 'day', 'hour'] },
  },
} as const;

/** `/api/usage`: totals, recent calls, and a stream of calls as they end. The returned function ends the open streams. */
export function usageRoutes(
  app: FastifyInstance,
  { toolkit, overview, admits }: Pick<ApiOptions, 'toolkit' | 'overview' | 'admits'>,
): () => void {
  app.get<{ Querystring: UsageQuery }>(
    '/api/usage',
    { schema: describe('operations', 'Calls, tokens, cost and savings', { querystring: usageQuery }) },
    async ({ query }) => {
      const [ledger] = await Promise.all([toolkit.ledger(), overview.flush()]);
      const { since, by } = query;
      const request: ReportQuery = {
        ...(since === undefined ? {} : { since: parseMoment('since', since) }),
        ...(by === undefined ? {} : { by }),
      };
      return ledger.report(request);
    },
  );

  usageCallRoutes(app, toolkit, overview);

  const streams = new Set<ServerResponse>();
  app.get(
    '/api/usage/events',
    {
      schema: describe('operations', 'Calls as they end (SSE)', { answer: { type: 'string' } }),
      // A HEAD request would wait for the end of the stream, which never comes.
      exposeHeadRoute: false,
    },
    async (request, reply) => {
      reply.hijack();
      streams.add(reply.raw);
      reply.raw.on('close', () => streams.delete(reply.raw));
      await streamCalls(overview, reply.raw, reply.request.id, () => admits(request.raw));
    },
  );
  // The streams never end by themselves, and would hold up the shutdown.
  return () => {
    for (const stream of streams) stream.end();
  };
}

async function streamCalls(
  overview: Overview,
  raw: ServerResponse,
  requestId: string,
  mayStay: () => boolean,
): Promise<void> {
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-request-id': requestId,
  });
  raw.write(': open\n\n');
  const unsubscribe = await overview.subscribe((call) => {
    // Drop events for a slow client rather than buffer them without bound; the dashboard reloads the list.
    if (!raw.writableNeedDrain) raw.write(`event: call\ndata: ${JSON.stringify(call)}\n\n`);
  });
  const timer = setInterval(() => {
    // Otherwise the stream would outlive its key or session.
    if (mayStay()) raw.write(': alive\n\n');
    else raw.end();
  }, keepAliveMs).unref();
  raw.on('close', () => {
    unsubscribe();
    clearInterval(timer);
  });
}
