import type { Generation } from '@ai-toolkit/ai-client';
import type { Toolkit } from '@ai-toolkit/toolkit';
import { costText, dollars } from '../output/dollars.js';

/** Cost of an answer, or what it would have cost. */
export interface CallCost {
  /** US dollars charged by the provider; 0 from the cache, null if the price is unknown. */
  readonly costUsd: number | null;
  /** US dollars saved by a stored answer; null if the price is unknown. */
  readonly savedUsd: number | null;
}

/** Outcomes that cost nothing. */
const free: ReadonlySet<string> = new Set(['hit', 'stale', 'semantic', 'coalesced']);

export async function costOf(
  toolkit: Toolkit,
  { cache, model, provider, usage }: Generation,
): Promise<CallCost> {
  const prices = await toolkit.prices();
  const price = usage === undefined ? undefined : prices.price(provider ?? '', model, usage);
  const usd = price?.known === true ? price.usd : null;
  return free.has(cache) ? { costUsd: 0, savedUsd: usd } : { costUsd: usd, savedUsd: 0 };
}

/** Why an answer is incomplete, by its finish reason. */
const cutShortBy: Readonly<Record<string, string>> = {
  length: 'the limit of tokens',
  content_filter: "the provider's filter",
};

/** One line: model, cache outcome, tokens, cost, and whether the answer is incomplete. */
export function summarize(generation: Generation, cost: CallCost): string {
  const paid = summarizeCost(generation, cost);
  const by = cutShortBy[generation.finishReason ?? ''];
  const what = generation.text.trim() === '' ? `${paid}, no text` : paid;
  return by === undefined ? what : `${what}, cut short by ${by}`;
}

function summarizeCost({ cache, model, usage }: Generation, { costUsd, savedUsd }: CallCost): string {
  const tokens =
    usage === undefined ? 'tokens unknown' : `${usage.inputTokens} tokens in, ${usage.outputTokens} out`;
  if (free.has(cache)) {
    const saved = savedUsd === null ? 'savings unknown' : dollars(savedUsd);
    return `${model}: ${cache === 'hit' ? 'hit, from the cache' : cache} (saved ${tokens}, ${saved})`;
  }
  return `${model}: ${cache}, ${tokens}, ${costText(costUsd ?? undefined)}`;
}
