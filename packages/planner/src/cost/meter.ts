import type { GenerateOptions, Generation } from '@ai-toolkit/ai-client';
import type { Question } from '../question/question.js';
import type { Budget } from './budget.js';
import {
  type CallForecast,
  type CountTokens,
  type EstimateCost,
  type Forecast,
  mostTokens,
  roughTokens,
  type Upstream,
} from './forecast.js';
import { unpriced } from './unpriced.js';

/**
 * `maxTokens` under a budget for stages that set none, since the cost would be unbounded otherwise. About as much as
 * most models write at once.
 */
const cappedTokens = 16_000;

export interface MeterOptions {
  readonly forecast?: Forecast;
  readonly estimateCost?: EstimateCost;
  readonly countTokens?: CountTokens;
}

/** Permission for a call, and how to report its outcome. */
export interface Admission {
  readonly request: GenerateOptions;
  /** Only the cache may answer; the call fails with `AI_NOT_CACHED` if the entry is gone by then. */
  readonly free: boolean;
  /**
   * Call once, when the call has ended: with its answer, or with the error and whether any of the answer had arrived;
   * or when it turns out that it will not be made.
   */
  settle(end: CallEnd): void;
}

type CallEnd =
  | { readonly generation: Generation }
  | { readonly error: unknown; readonly begun: boolean }
  | { readonly unsent: true };

/** A forecast of a call, and the request to make. */
interface Outlook {
  readonly request: GenerateOptions;
  /** Undefined if unknown. */
  readonly forecast: CallForecast | undefined;
}

/** Counts tokens, prices calls and admits them to a budget. */
export interface Meter {
  count(text: string, model: string | undefined): number;
  /** Looks up a call as it would be made, with or without a budget. */
  look(question: Question, request: GenerateOptions, budgeted: boolean): Promise<Outlook>;
  /**
   * Admits a call of a stage: free if the cache holds its answer and `trustsCache` is set, otherwise charged to the
   * budget.
   * @throws PlanError `PLAN_BUDGET_…`
   */
  admit(
    title: string,
    question: Question,
    request: GenerateOptions,
    budget: Budget,
    trustsCache: boolean,
  ): Promise<Admission>;
  /** Cost at the likeliest upstream, US dollars; undefined if unknown. */
  likelyUsd(upstreams: readonly Upstream[], input: number, output: number): number | undefined;
  /** The most a call can cost at any of the upstreams, US dollars; undefined if unknown. */
  mostUsd(question: Question, request: GenerateOptions, upstreams: readonly Upstream[]): number | undefined;
  /** Actual cost of an answer, US dollars; 0 from the cache, undefined if unknown. */
  paidUsd(generation: Generation): number | undefined;
}

export function createMeter({ forecast, estimateCost, countTokens }: MeterOptions): Meter {
  const price: EstimateCost = (upstream, usage) => {
    const usd = estimateCost?.(upstream, usage);
    return usd !== undefined && usd >= 0 && Number.isFinite(usd) ? usd : undefined;
  };

  function boundUsd(
    { system, prompt }: Question,
    outputTokens: number,
    upstreams: readonly Upstream[],
  ): number | undefined {
    const usage = { inputTokens: mostTokens(system, prompt), outputTokens };
    return highest(upstreams.map((upstream) => price(upstream, usage)));
  }

  function paidUsd(generation: Generation, asked: readonly Upstream[] = []): number | undefined {
    const { cache, usage, provider, model, attempts = 1 } = generation;
    if (cache !== 'miss' && cache !== 'refresh' && cache !== 'bypass') return 0;
    if (usage === undefined) return undefined;
    // A broken-off attempt may have been charged for its prompt.
    const repeated = Math.max(0, attempts - 1);
    const prompt = { inputTokens: usage.inputTokens, outputTokens: 0 };
    const costAt = (upstream: Upstream): number | undefined => {
      const usd = price(upstream, usage);
      return usd === undefined || repeated === 0 ? usd : usd + repeated * (price(upstream, prompt) ?? 0);
    };
    const exact = provider === undefined ? undefined : costAt({ provider, model });
    // The price list may not contain the provider's own model name; then the price of the model we asked for applies.
    return (
      exact ?? highest(asked.filter((one) => provider === undefined || one.provider === provider).map(costAt))
    );
  }

  async function look(question: Question, request: GenerateOptions, budgeted: boolean): Promise<Outlook> {
    const capped =
      budgeted && request.maxTokens === undefined ? { ...request, maxTokens: cappedTokens } : request;
    const reads =
      (request.cache?.mode ?? 'default') === 'default' || request.cache?.mode === 'only-if-cached';
    let outlook: Outlook = { request: capped, forecast: undefined };
    // A cached answer to the same question without the limit is just as good, for example from a run without a budget.
    for (const asked of capped === request ? [request] : [request, capped]) {
      const seen = await forecast?.(question.prompt, asked);
      if (seen === undefined) return outlook;
      outlook = { request: asked, forecast: reads ? seen : { ...seen, cache: 'miss' } };
      if (outlook.forecast?.cache === 'hit') return outlook;
    }
    return outlook;
  }

  return {
    count: (text, model) => countTokens?.(text, model) ?? roughTokens(text),
    look,
    mostUsd: (question, { maxTokens = cappedTokens }, upstreams) => boundUsd(question, maxTokens, upstreams),
    paidUsd: (generation) => paidUsd(generation),
    likelyUsd: ([first], input, output) =>
      first === undefined ? undefined : price(first, { inputTokens: input, outputTokens: output }),

    async admit(title, question, plain, budget, trustsCache) {
      const { request, forecast: seen } = await look(question, plain, true);
      if (request.cache?.mode === 'only-if-cached') return { request, free: false, settle: () => undefined };
      if (seen?.cache === 'hit' && trustsCache) {
        // Guarantees that no provider is asked, even if the entry is evicted right now.
        const mode = 'only-if-cached';
        return {
          request: { ...request, cache: { ...request.cache, mode } },
          free: true,
          settle: () => undefined,
        };
      }
      const upstreams = seen?.upstreams ?? [];
      // The lookup may have found an answer without a limit, which is gone.
      const { maxTokens = cappedTokens } = request;
      const most = boundUsd(question, maxTokens, upstreams);
      if (most === undefined) throw unpriced(title, upstreams);
      const reservation = await budget.reserve(title, most, request.signal);
      return {
        request: { ...request, maxTokens },
        free: false,
        settle(end) {
          if ('generation' in end) {
            reservation.settle(paidUsd(end.generation, upstreams) ?? most);
            return;
          }
          const charge = 'unsent' in end ? 'nothing' : end.begun ? 'all' : chargeOf(end.error);
          const prompts = charge === 'prompts' ? boundUsd(question, 0, upstreams) : undefined;
          reservation.settle(charge === 'nothing' ? 0 : (prompts ?? most));
        },
      };
    },
  };
}

/** Undefined if any amount is. */
function highest(amounts: readonly (number | undefined)[]): number | undefined {
  let most: number | undefined;
  for (const amount of amounts) {
    if (amount === undefined) return undefined;
    most = Math.max(most ?? 0, amount);
  }
  return most;
}

/**
 * What a call may have cost that failed before any of its answer arrived. A permanent refusal costs nothing. A
 * transient one may be the last of several attempts, earlier ones of which were charged for their prompts. Any other
 * failure may have cost everything.
 */
function chargeOf(error: unknown): 'nothing' | 'prompts' | 'all' {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return 'all';
  const status = 'status' in error ? Number(error.status) : 0;
  if (finalRefusals.has(error.code)) return 'nothing';
  if (error.code.startsWith('LIMIT_') || status === 408 || status === 429 || status >= 500) return 'prompts';
  return error.code === 'AI_PROVIDER' && status >= 400 ? 'nothing' : 'all';
}

const finalRefusals: ReadonlySet<string> = new Set([
  'AI_CLOSED',
  'AI_NOT_CACHED',
  'AI_NO_PROVIDER',
  'AI_REQUEST_INVALID',
  'AI_SURFACE_UNSUPPORTED',
]);
