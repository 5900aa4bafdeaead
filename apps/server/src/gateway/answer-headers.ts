import type { ExchangeFacts, ExchangeHead, SurfaceAdapter, TokenUsage } from '@ai-toolkit/ai-client';
import type { GatewayKey } from '@ai-toolkit/gateway-keys';
import { billedUsd, type PriceTable } from '@ai-toolkit/usage';
import { thousandths } from '@ai-toolkit/usage/log';
import { quotaHeaders, refusedQuotaHeaders, tellsOfAccount } from '../access/quota-headers.js';
import type { Gateway } from './gateway.js';

/** Names in lower case. */
export type Headers = Record<string, string>;

/** The state of a request that its response headers depend on. */
export interface Asked {
  readonly gateway: Pick<Gateway, 'pipeline' | 'access' | 'prices' | 'open' | 'heads'>;
  readonly adapter: SurfaceAdapter;
  readonly requestId: string;
  /** `undefined` for a caller without a key. */
  readonly key: GatewayKey | undefined;
  /** When the request had been received completely, monotonic, ms. */
  readonly arrivedAt: number;
}

/** Headers of a response of the pipeline: the provider's, and ours about the call. */
export function answerHeaders(head: ExchangeHead, asked: Asked): Headers {
  const { headers, status } = head;
  if (asked.key !== undefined) for (const name in headers) if (tellsOfAccount(name)) delete headers[name];
  const upstreamRequestId = headers['x-request-id'];
  if (upstreamRequestId !== undefined) headers['x-upstream-request-id'] = upstreamRequestId;
  addFacts(headers, head, asked);
  if (head.similar !== undefined) headers['x-cache-similarity'] = head.similar.similarity.toFixed(4);
  if (head.ageMs !== undefined) headers.age = String(Math.floor(head.ageMs / 1000));
  if (head.ttlMs !== undefined) headers['x-cache-ttl'] = String(Math.max(0, Math.floor(head.ttlMs / 1000)));
  if (head.translation !== undefined) headers['x-ai-toolkit-translation'] = head.translation;
  // The cost of a stream is unknown at its start, unless it costs nothing.
  const usd = costOf(head, status < 400 ? 'ok' : 'error', head.usage, asked.gateway.prices, status);
  if (usd !== null) headers['x-cost-usd'] = dollars(usd);
  addQuota(headers, status, head, asked);
  return headers;
}

/** Headers of an error response; `facts` are absent if the request did not reach the pipeline. */
export function failureHeaders(
  status: number,
  headers: Headers,
  facts: ExchangeFacts | undefined,
  asked: Asked,
): Headers {
  addFacts(headers, facts, asked);
  const usd = facts === undefined ? 0 : costOf(facts, 'error', undefined, asked.gateway.prices);
  if (usd !== null) headers['x-cost-usd'] = dollars(usd);
  addQuota(headers, status, facts, asked);
  return headers;
}

/** Additions to the usage event of a stream, if the caller asked for usage: facts not yet known when the headers were sent. */
export function usageNote(
  prices: PriceTable,
): (facts: ExchangeFacts, usage: TokenUsage | undefined) => Record<string, unknown> {
  return (facts, usage) => {
    const usd = costOf(facts, 'ok', usage, prices);
    return {
      x_ai_toolkit: {
        request_id: facts.requestId,
        cache: facts.cache.toUpperCase(),
        attempts: facts.attempts,
        ...(usd === null ? {} : { cost_usd: usd }),
      },
    };
  };
}

function addFacts(headers: Headers, facts: ExchangeFacts | undefined, asked: Asked): void {
  const { adapter, requestId, arrivedAt } = asked;
  headers['x-request-id'] = requestId;
  if (adapter.requestIdHeader !== undefined) headers[adapter.requestIdHeader] = requestId;
  headers['x-attempts'] = String(facts?.attempts ?? 0);
  // Not below 0: the provider may have been called before this request came.
  const ownMs = Math.max(0, performance.now() - arrivedAt - (facts?.upstreamMs ?? 0));
  headers['x-overhead-ms'] = thousandths(ownMs);
  if (facts === undefined) return;
  headers['x-cache'] = facts.cache.toUpperCase();
  if (facts.key !== undefined) headers['x-cache-key'] = facts.key;
}

/** Adds the limits of the key, if any. A 429 always gets some, so that the client knows when to retry. */
function addQuota(headers: Headers, status: number, facts: ExchangeFacts | undefined, asked: Asked): void {
  const { key, gateway } = asked;
  if (key !== undefined) Object.assign(headers, quotaHeaders(gateway.access, key));
  if (status !== 429) return;
  // All keys share the provider's limits, so what remains of them would show each holder the activity of the others.
  const state =
    key !== undefined || facts === undefined
      ? undefined
      : gateway.pipeline.inspectLimits({ provider: facts.provider, model: facts.model });
  Object.assign(headers, refusedQuotaHeaders(headers, state));
}

function costOf(
  { provider, model, cache, attempts }: ExchangeFacts,
  status: 'ok' | 'error',
  usage: TokenUsage | undefined,
  prices: PriceTable,
  httpStatus?: number,
): number | null {
  const call = { provider, model, cache, attempts, status };
  return billedUsd(httpStatus === undefined ? call : { ...call, httpStatus }, usage, prices);
}

/** Without an exponent, to ten decimal places. */
function dollars(usd: number): string {
  return usd === 0 ? '0' : usd.toFixed(10).replace(/\.?0+$/, '');
}
