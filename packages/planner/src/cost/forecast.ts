import type { GenerateOptions, TokenUsage } from '@ai-toolkit/ai-client';

/** Who answers a call, as price lists name it. */
export interface Upstream {
  readonly provider: string;
  readonly model: string;
}

/** What is known of a call before it is made. */
export interface CallForecast {
  /** `hit`: the response cache holds its answer. */
  readonly cache: 'hit' | 'miss';
  /** Who may answer, the likeliest first, fallbacks included. */
  readonly upstreams: readonly Upstream[];
}

/** Looks a call up without making it. It asks no provider and changes nothing. Undefined when it cannot tell. */
export type Forecast = (prompt: string, options: GenerateOptions) => Promise<CallForecast | undefined>;

/** US dollars that `usage` costs there; undefined when the price is not known, which is never taken for zero. */
export type EstimateCost = (upstream: Upstream, usage: TokenUsage) => number | undefined;

/** How many tokens a model makes of a text, for estimates. Bounds of a budget do not rest on it. */
export type CountTokens = (text: string, model: string | undefined) => number;

/** Characters to a token of English prose, as the providers' own rule of thumb has it. */
const charactersPerToken = 4;

export function roughTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

/** Role, separators and the like of a message, generously. */
const tokensPerMessage = 16;

/**
 * Never fewer than the tokens of a prompt: every token of a byte-level tokenizer stands for one byte at least. For
 * prose this is about four times too much, which leaves room for the prompts of repeated attempts.
 */
export function mostTokens(...messages: readonly string[]): number {
  return messages.reduce((sum, text) => sum + Buffer.byteLength(text) + tokensPerMessage, 0);
}
