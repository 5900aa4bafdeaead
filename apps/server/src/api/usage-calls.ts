import type { Toolkit } from '@ai-toolkit/toolkit';
import { type CallsQuery, type LedgerCall, UsageError } from '@ai-toolkit/usage';
import type { FastifyInstance } from 'fastify';
import type { Overview } from '../overview.js';
import { answerOf, describe, listOfObjects } from './describe.js';
import { parseMoment } from './moment.js';
import { timingsOf } from './timings.js';

interface CallsRequest extends Omit<CallsQuery, 'before' | 'since' | 'until'> {
  readonly since?: string;
  readonly until?: string;
  readonly cursor?: string;
}

const defaultLimit = 100;
const name = { type: 'string', maxLength: 256 } as const;

const callsQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    limit: { type: 'integer', minimum: 1, maximum: 1000, default: defaultLimit },
    cursor: { type: 'string', description: 'Where the page before ended: its `next`.' },
    since: { type: 'string', description: 'How far back (30m, 24h, 7d), or a date and time.' },
    until: { type: 'string', description: 'Only calls that began before: as `since`.' },
    status: { type: 'string', enum: ['ok', 'error', 'aborted'] },
    cache: {
      type: 'string',
      enum: ['hit', 'stale', 'semantic', 'coalesced', 'miss', 'refresh', 'bypass'],
    },
    surface: { type: 'string', enum: ['chat', 'responses', 'messages', 'embeddings'] },
    provider: name,
    model: { ...name, description: 'As the provider names it.' },
    tenant: name,
    key: { ...name, description: 'Id of a gateway key.' },
    project: name,
    stage: name,
    errorCode: name,
    requestIdPrefix: { ...name, description: 'How the id of the request begins.' },
  },
} as const;

/** `/api/usage/calls`: the calls in the ledger, page by page, or a single call in full. */
export function usageCallRoutes(app: FastifyInstance, toolkit: Toolkit, overview: Overview): void {
  app.get<{ Querystring: CallsRequest }>(
    '/api/usage/calls',
    {
      schema: describe('operations', 'Calls, newest first', {
        querystring: callsQuery,
        answer: answerOf({ calls: listOfObjects, next: { type: ['string', 'null'] } }),
      }),
    },
    async ({ query }) => {
      const [ledger] = await Promise.all([toolkit.ledger(), overview.flush()]);
      const { since, until, cursor, limit = defaultLimit, ...filters } = query;
      const calls = await ledger.calls({
        ...filters,
        limit,
        ...(since === undefined ? {} : { since: parseMoment('since', since) }),
        ...(until === undefined ? {} : { until: parseMoment('until', until) }),
        ...(cursor === undefined ? {} : { before: positionOf(cursor) }),
      });
      const last = calls.at(-1);
      return { calls, next: last === undefined || calls.length < limit ? null : cursorOf(last) };
    },
  );

  app.get<{ Params: { requestId: string } }>(
    '/api/usage/calls/:requestId',
    {
      schema: describe('operations', 'One call and its timings', {
        params: { type: 'object', properties: { requestId: { type: 'string' } } },
        answer: answerOf({
          call: { type: 'object', additionalProperties: true },
          timings: { type: 'object', additionalProperties: true },
        }),
      }),
    },
    async ({ params: { requestId } }) => {
      const [ledger] = await Promise.all([toolkit.ledger(), overview.flush()]);
      const call = await ledger.call(requestId);
      if (call === undefined) throw noCall(requestId);
      return { call, timings: timingsOf(call) };
    },
  );
}

/** The position of a page's last call, where the next page continues. */
function cursorOf({ startedAt, requestId }: LedgerCall): string {
  return Buffer.from(`${startedAt} ${requestId}`).toString('base64url');
}

function positionOf(cursor: string): NonNullable<CallsQuery['before']> {
  const [, startedAt, requestId] =
    /^(\d{1,16}) (.*)$/s.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (startedAt === undefined || requestId === undefined || !Number.isSafeInteger(Number(startedAt)))
    throw new RangeError(`cursor must be the next of a page, got ${JSON.stringify(cursor)}`);
  return { startedAt: Number(startedAt), requestId };
}

function noCall(requestId: string): UsageError {
  return new UsageError(
    'USAGE_CALL_NOT_FOUND',
    `There is no call ${JSON.stringify(requestId.slice(0, 100))}.`,
    {
      hint: 'See GET /api/usage/calls: rows are kept for a bounded time, and of very many hits not each has one.',
      retryable: false,
    },
  );
}
