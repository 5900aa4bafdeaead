import type { GenerateOptions, TokenUsage } from '@ai-toolkit/ai-client';

/** A provider and model, as price lists name them. */
export interface Upstream {
  readonly provider: string;
  readonly model: string;
}

/** What is known about a call before it is made. */
export interface CallForecast {
  /** `hit`: the response cache has the answer. */
  readonly cache: 'hit' | 'miss';
  /** Upstreams that may answer, likeliest first, including fallbacks. */
  readonly upstreams: readonly Upstream[];
}

/** Predicts a call without making it. Contacts no provider and has no side effects. Undefined if it cannot tell. */
export type Forecast = (prompt: string, options: GenerateOptions) => Promise<CallForecast | undefined>;

/** Cost of `usage` at an upstream, US dollars; undefined if the price is unknown, which is never treated as zero. */
export type EstimateCost = (upstream: Upstream, usage: TokenUsage) => number | undefined;

/** Number of tokens of a text for a model, for estimates only. Budget limits do not rely on it. */
export type CountTokens = (text: string, model: string | undefined) => number;

/** Characters per token of English prose: the providers' own rule of thumb. */
const charactersPerToken = 4;

export function roughTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

/** Overhead of a message (role, separators), a generous estimate. */
const tokensPerMessage = 16;

/**
 * Upper bound on the tokens of a prompt: in a byte-level tokenizer each token stands for at least one byte. For prose
 * this is about four times too much, which leaves room for the prompts of repeated attempts.
 */
export function mostTokens(...messages: readonly string[]): number {
  return messages.reduce((sum, text) => sum + Buffer.byteLength(text) + tokensPerMessage, 0);
}
