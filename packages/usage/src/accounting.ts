import type { CacheOutcome, CallPart, CallRecord, TokenUsage } from '@ai-toolkit/ai-client';
import type { PriceTable } from './prices/price-table.js';

/** Tokens by direction. */
export interface TokenCounts {
  readonly input: number;
  readonly output: number;
}

/** A call with its accounts. */
export interface LedgerCall extends CallRecord {
  /** Tokens that the provider charged: those of the answer on a miss, refresh or bypass, else none. */
  readonly billed: TokenCounts;
  /** Tokens delivered from the cache: on a hit, a stale or a semantic one. */
  readonly replayed: TokenCounts;
  /** Tokens that would have been charged without cache and coalescing. */
  readonly saved: TokenCounts;
  /** US dollars charged; null if the price is unknown, 0 if nothing was charged. */
  readonly billedUsd: number | null;
  /** US dollars that would have been charged; null if the price is unknown. */
  readonly savedUsd: number | null;
  /** How much earlier the answer was complete than the provider would have finished it, ms. */
  readonly timeSavedMs: number;
}

/** Providers report counts; a broken one must not poison a ledger that adds them up. */
const maxTokens = 1e12;
const none: TokenCounts = { input: 0, output: 0 };

/** The entries of a call in the three token ledgers, and its amounts in US dollars. */
export type Accounts = Pick<LedgerCall, 'billed' | 'replayed' | 'saved' | 'billedUsd' | 'savedUsd'>;

/** Enters a call in the three token ledgers and prices it; an answer assembled from parts, part by part. */
export function account(call: CallRecord, prices: PriceTable): LedgerCall {
  const { billed, replayed, saved, billedUsd, savedUsd } = accountsOf(call, prices);
  const timeSavedMs = isFromProvider(call.cache) || call.status !== 'ok' ? 0 : sooner(call);
  const accounted = { ...call, billed, replayed, saved, billedUsd, savedUsd, timeSavedMs };
  const usage = soundUsage(call.usage);
  if (usage === call.usage && call.parts === undefined) return accounted;
  const { usage: _reported, parts: _parts, ...rest } = accounted;
  return usage === undefined ? rest : { ...rest, usage };
}

/** What the price of a call depends on, besides its tokens. */
export type PricedCall = Pick<
  CallRecord,
  'provider' | 'model' | 'cache' | 'status' | 'attempts' | 'unsent' | 'httpStatus'
>;

/** US dollars charged for a call: 0 if its answer came from no provider, null if its price is unknown. */
export function billedUsd(
  call: PricedCall,
  usage: TokenUsage | undefined,
  prices: PriceTable,
): number | null {
  return isFromProvider(call.cache) ? costOf(call, soundUsage(usage), prices) : 0;
}

/** The accounts of a call, without the rest of the record. */
export function accountsOf(call: CallRecord, prices: PriceTable): Accounts {
  if (call.parts === undefined) return accountPart(call, call, prices);
  const counted = call.parts.map((part) => accountPart(call, part, prices));
  return {
    billed: sum(counted.map(({ billed }) => billed)),
    replayed: sum(counted.map(({ replayed }) => replayed)),
    saved: sum(counted.map(({ saved }) => saved)),
    billedUsd: sumUsd(counted.map(({ billedUsd }) => billedUsd)),
    savedUsd: sumUsd(counted.map(({ savedUsd }) => savedUsd)),
  };
}

function accountPart(call: CallRecord, part: CallPart, prices: PriceTable): Accounts {
  const usage = soundUsage(part.usage);
  const tokens = usage === undefined ? none : { input: usage.inputTokens, output: usage.outputTokens };
  const fromProvider = isFromProvider(part.cache);
  const fromCache = part.cache === 'hit' || part.cache === 'stale' || part.cache === 'semantic';
  const cost = costOf(call, usage, prices);
  return {
    billed: fromProvider ? tokens : none,
    replayed: fromCache ? tokens : none,
    saved: fromProvider ? none : tokens,
    billedUsd: fromProvider ? cost : 0,
    savedUsd: fromProvider ? 0 : cost,
  };
}

function isFromProvider(cache: CacheOutcome): boolean {
  return cache === 'miss' || cache === 'refresh' || cache === 'bypass';
}

function sum(counts: readonly TokenCounts[]): TokenCounts {
  return counts.reduce((total, { input, output }) => ({
    input: total.input + input,
    output: total.output + output,
  }));
}

/** If the price of one part is unknown, so is that of the whole. */
function sumUsd(amounts: readonly (number | null)[]): number | null {
  return amounts.reduce((total, usd) => (total === null || usd === null ? null : total + usd));
}

/** Accounts for every valid call record: an invalid one must not hold up the others. */
export function accountAll(calls: readonly CallRecord[], prices: PriceTable): LedgerCall[] {
  return calls.flatMap((call) => {
    try {
      return [account(call, prices)];
    } catch {
      return [];
    }
  });
}

function costOf(call: PricedCall, usage: TokenUsage | undefined, prices: PriceTable): number | null {
  if (usage !== undefined) {
    const price = prices.price(call.provider, call.model, usage);
    // Prices may come from a table of the caller's own.
    return price.known && Number.isFinite(price.usd) ? price.usd : null;
  }
  // A refused call is not charged, and a call that never reached a provider cannot be, however it ended. Every other answer without
  // a count (an aborted stream, a server that reports none) has an unknown cost, unless its model is free.
  if (call.status === 'error' && (call.attempts === 0 || (call.httpStatus ?? 0) >= 400)) return 0;
  if (isFromProvider(call.cache) && (call.attempts === 0 || call.unsent)) return 0;
  const price = prices.find(call.provider, call.model);
  return price !== undefined && price.inputUsd === 0 && price.outputUsd === 0 ? 0 : null;
}

function sooner(call: CallRecord): number {
  const saved = (call.upstreamMs ?? 0) - call.durationMs;
  return saved > 0 && Number.isFinite(saved) ? saved : 0;
}

/** Returns the usage itself if nothing is wrong with it, as nearly always. */
function soundUsage(usage: TokenUsage | undefined): TokenUsage | undefined {
  if (usage === undefined || isSound(usage)) return usage;
  return {
    inputTokens: soundCount(usage.inputTokens),
    outputTokens: soundCount(usage.outputTokens),
    ...(usage.cachedInputTokens === undefined
      ? {}
      : { cachedInputTokens: soundCount(usage.cachedInputTokens) }),
    ...(usage.reasoningTokens === undefined ? {} : { reasoningTokens: soundCount(usage.reasoningTokens) }),
  };
}

function isSound({ inputTokens, outputTokens, cachedInputTokens, reasoningTokens }: TokenUsage): boolean {
  return (
    isSoundCount(inputTokens) &&
    isSoundCount(outputTokens) &&
    (cachedInputTokens === undefined || isSoundCount(cachedInputTokens)) &&
    (reasoningTokens === undefined || isSoundCount(reasoningTokens))
  );
}

function isSoundCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= maxTokens;
}

function soundCount(value: number): number {
  return Number.isFinite(value) && value > 0 ? Math.min(Math.round(value), maxTokens) : 0;
}
