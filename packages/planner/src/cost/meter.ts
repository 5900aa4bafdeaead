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
 * Upper bound of an answer whose stage sets none, tokens, under a budget: without one its cost would have no bound. As
 * much as most models write at once.
 */
const cappedTokens = 16_000;

export interface MeterOptions {
  readonly forecast?: Forecast;
  readonly estimateCost?: EstimateCost;
  readonly countTokens?: CountTokens;
}

/** A call that may be made, and how to tell what it came to. */
export interface Admission {
  readonly request: GenerateOptions;
  /** Only the cache may answer; it fails with `AI_NOT_CACHED` when the answer is gone by then. */
  readonly free: boolean;
  /** To be told once how the call ended: its answer, or the error, and whether any of the answer had come. */
  settle(end: CallEnd): void;
}

type CallEnd = { readonly generation: Generation } | { readonly error: unknown; readonly begun: boolean };

/** A look ahead at a call, and the request that would be made of it. */
interface Outlook {
  readonly request: GenerateOptions;
  /** Undefined when nobody can tell. */
  readonly forecast: CallForecast | undefined;
}

/** Counts and prices calls. */
export interface Meter {
  count(text: string, model: string | undefined): number;
  /** Looks a call up as it would be made, with a budget or without. */
  look(question: Question, request: GenerateOptions, budgeted: boolean): Promise<Outlook>;
  /**
   * Lets a call of a stage pass: for nothing where the cache holds its answer, unless that is not to be trusted, else at
   * the expense of the budget.
   * @throws PlanError `PLAN_BUDGET_…`
   */
  admit(
    title: string,
    question: Question,
    request: GenerateOptions,
    budget: Budget,
    trustsCache: boolean,
  ): Promise<Admission>;
  /** US dollars by the likeliest upstream; undefined when unknown. */
  likelyUsd(upstreams: readonly Upstream[], input: number, output: number): number | undefined;
  /** The most that a call can cost, US dollars, whoever answers; undefined when unknown. */
  mostUsd(question: Question, request: GenerateOptions, upstreams: readonly Upstream[]): number | undefined;
  /** What an answer did cost, US dollars; 0 for one from the cache, undefined when unknown. */
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
    // An attempt that broke off may have been charged for its prompt.
    const repeated = Math.max(0, attempts - 1);
    const prompt = { inputTokens: usage.inputTokens, outputTokens: 0 };
    const costAt = (upstream: Upstream): number | undefined => {
      const usd = price(upstream, usage);
      return usd === undefined || repeated === 0 ? usd : usd + repeated * (price(upstream, prompt) ?? 0);
    };
    const exact = provider === undefined ? undefined : costAt({ provider, model });
    // The provider's own name for what it served may not be in the list; then the one that it was asked by counts.
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
    // The answer to the same question without the bound is as good, and may have been stored by a run without a budget.
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
        // Nobody can be asked by this one, even if the entry goes in this moment.
        const mode = 'only-if-cached';
        return {
          request: { ...request, cache: { ...request.cache, mode } },
          free: true,
          settle: () => undefined,
        };
      }
      const upstreams = seen?.upstreams ?? [];
      const most = boundUsd(question, request.maxTokens ?? cappedTokens, upstreams);
      if (most === undefined) throw unpriced(title, upstreams);
      const reservation = await budget.reserve(title, most, request.signal);
      return {
        request,
        free: false,
        settle(end) {
          if ('generation' in end) {
            reservation.settle(paidUsd(end.generation, upstreams) ?? most);
            return;
          }
          const charge = end.begun ? 'all' : chargeOf(end.error);
          const prompts = charge === 'prompts' ? boundUsd(question, 0, upstreams) : undefined;
          reservation.settle(charge === 'nothing' ? 0 : (prompts ?? most));
        },
      };
    },
  };
}

/** Undefined as soon as one of them is. */
function highest(amounts: readonly (number | undefined)[]): number | undefined {
  let most: number | undefined;
  for (const amount of amounts) {
    if (amount === undefined) return undefined;
    most = Math.max(most ?? 0, amount);
  }
  return most;
}

/**
 * What a call may have cost that failed before any of its answer came. A final refusal costs nothing. One that comes and
 * goes may be the last of several attempts, of which others were charged for their prompts. Of all else nobody knows.
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
