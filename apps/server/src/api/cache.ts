import { AiError, type ExchangeRequest, type Surface } from '@ai-toolkit/ai-client';
import { clearAnswers, type EntrySearch, searchEntries, type Toolkit } from '@ai-toolkit/toolkit';
import type { FastifyInstance } from 'fastify';
import type { Overview } from '../overview.js';
import { answerOf, describe, listOfObjects, objectOf } from './describe.js';
import { parseDuration } from './duration.js';

interface ListQuery
  extends Pick<
    EntrySearch,
    'limit' | 'stale' | 'key' | 'tier' | 'minBytes' | 'maxBytes' | 'text' | 'sort' | 'after'
  > {
  readonly tag?: string;
  readonly model?: string;
  readonly surface?: Surface;
  readonly tenant?: string;
  readonly namespace?: string;
  readonly olderThan?: string;
  readonly newerThan?: string;
}

interface Asked {
  readonly surface: Surface;
  readonly body: Record<string, unknown>;
  readonly tenant?: string;
  readonly namespace?: string;
  readonly headers?: Record<string, string>;
}

interface ExplainBody extends Asked {
  readonly against?: string | Asked;
  readonly nearest?: boolean;
}

const keyParams = objectOf({ key: { type: 'string', pattern: '^[0-9a-f]{64}$' } }, ['key']);

const surfaces = ['chat', 'responses', 'messages', 'embeddings'] as const;

const askedProperties = {
  surface: { type: 'string', enum: surfaces },
  body: { type: 'object', additionalProperties: true, description: 'The request as it would be sent.' },
  tenant: { type: 'string', description: 'Whose request it is. Default: that of who needs no key.' },
  namespace: { type: 'string' },
  headers: { type: 'object', additionalProperties: { type: 'string' } },
} as const;

const explainBody = objectOf(
  {
    ...askedProperties,
    against: {
      description: 'What to compare it with: the key of a stored answer, or another request.',
      anyOf: [{ type: 'string' }, objectOf(askedProperties, ['surface', 'body'])],
    },
    nearest: { type: 'boolean', description: 'Look for the stored answer whose request is nearest.' },
  },
  ['surface', 'body'],
);

/** `/api/cache`: its state and entries, why a request hits or misses; delete and clear. */
export function cacheRoutes(app: FastifyInstance, toolkit: Toolkit, overview: Overview): void {
  app.get('/api/cache', { schema: describe('operations', 'Cache tiers and their counters') }, () =>
    overview.cache(),
  );

  app.get<{ Querystring: ListQuery }>(
    '/api/cache/entries',
    {
      schema: describe('operations', 'Stored answers', {
        querystring: objectOf({
          limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
          tag: { type: 'string', description: 'Only those with this tag, such as `model:gpt-4o-mini`.' },
          stale: { type: 'boolean', description: 'Also those that have outlived their time.' },
          key: { type: 'string', description: 'Beginning of the key.' },
          model: { type: 'string' },
          surface: { type: 'string', enum: surfaces },
          tenant: { type: 'string' },
          namespace: { type: 'string' },
          tier: { type: 'string', description: 'Those that it has: `memory`, `disk`.' },
          olderThan: { type: 'string', description: 'At least so old: 30m, 24h, 7d.' },
          newerThan: { type: 'string', description: 'At most so old.' },
          minBytes: { type: 'integer', minimum: 0 },
          maxBytes: { type: 'integer', minimum: 0 },
          text: {
            type: 'string',
            minLength: 1,
            description: 'In the answer, or in the request where that is kept. Looks at 500 entries a page.',
          },
          sort: {
            type: 'string',
            enum: ['age', 'size'],
            default: 'age',
            description: 'The newest or largest first.',
          },
          after: { type: 'string', description: 'The `next` of the page before.' },
        }),
        answer: answerOf({ entries: listOfObjects, next: { type: 'string' }, matched: { type: 'integer' } }),
      }),
    },
    async ({ query }) => {
      const page = await searchEntries(await toolkit.cache(), searchOf(query));
      return {
        ...page,
        entries: page.entries.map(({ expiresAt, ...facts }) => ({
          ...facts,
          expiresAt: Number.isFinite(expiresAt) ? expiresAt : null,
        })),
      };
    },
  );

  app.get<{ Params: { key: string } }>(
    '/api/cache/entries/:key',
    { schema: describe('operations', 'One stored answer and its text', { params: keyParams }) },
    async ({ params: { key } }) => {
      const found = await (await toolkit.cache()).inspect(key);
      if (found.status !== 'hit' && found.status !== 'stale') throw notStored(key);
      const { value, status, tier, createdAt, expiresAt, ageMs } = found;
      const { shape, usage, upstreamMs } = value.metadata;
      return {
        key,
        status,
        tier,
        createdAt,
        expiresAt: Number.isFinite(expiresAt) ? expiresAt : null,
        ageMs,
        size: value.bytes.length,
        shape,
        usage: usage ?? null,
        upstreamMs,
        request: value.request === undefined ? null : Buffer.from(value.request).toString(),
        answer: Buffer.from(value.bytes).toString(),
      };
    },
  );

  app.delete<{ Params: { key: string } }>(
    '/api/cache/entries/:key',
    {
      schema: describe('operations', 'Delete one stored answer', {
        params: keyParams,
        answer: answerOf({ deleted: { type: 'boolean' } }),
      }),
    },
    async ({ params: { key } }) => {
      if (!(await (await toolkit.cache()).delete(key))) throw notStored(key);
      return { deleted: true };
    },
  );

  app.delete<{ Querystring: { tag?: string } }>(
    '/api/cache/entries',
    {
      schema: describe('operations', 'Delete all stored answers, or those with a tag', {
        querystring: objectOf({
          tag: { type: 'string', minLength: 1, description: 'Such as `model:gpt-4o-mini`.' },
        }),
        answer: answerOf({ cleared: { type: 'boolean' } }),
      }),
    },
    async ({ query: { tag } }) => {
      await clearAnswers(await toolkit.cache(), tag);
      return { cleared: true };
    },
  );

  app.post<{ Body: ExplainBody }>(
    '/api/cache/explain',
    {
      schema: describe('operations', 'The key of a request, and why it hits or misses', {
        description: 'Asks no provider.',
        body: explainBody,
      }),
    },
    async ({ body: { against, nearest, ...asked } }) => {
      const pipeline = await toolkit.pipeline();
      return pipeline.explain(requestOf(asked), {
        ...(nearest === undefined ? {} : { nearest }),
        ...(against === undefined
          ? {}
          : { against: typeof against === 'string' ? against : requestOf(against) }),
      });
    },
  );
}

function searchOf({
  tag,
  model,
  surface,
  tenant,
  namespace,
  olderThan,
  newerThan,
  ...search
}: ListQuery): EntrySearch {
  const named = Object.entries({ model, surface, tenant, namespace }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}:${value}`],
  );
  return {
    ...search,
    tags: tag === undefined ? named : [tag, ...named],
    ...(olderThan === undefined ? {} : { olderThanMs: parseDuration('olderThan', olderThan) }),
    ...(newerThan === undefined ? {} : { newerThanMs: parseDuration('newerThan', newerThan) }),
  };
}

function requestOf({ surface, body, tenant, namespace, headers = {} }: Asked): ExchangeRequest {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    surface,
    body: Buffer.from(JSON.stringify(body)),
    headers: Object.fromEntries(named),
    ...(tenant === undefined ? {} : { tenant }),
    ...(namespace === undefined ? {} : { cache: { namespace } }),
  };
}

function notStored(key: string): AiError {
  return new AiError('AI_NOT_CACHED', `There is no stored answer ${key.slice(0, 12)}.`, {
    hint: 'See GET /api/cache/entries for those that there are.',
    status: 404,
  });
}
