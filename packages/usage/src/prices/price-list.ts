/** What a model costs, in US dollars per million tokens. */
export interface ModelPrice {
  readonly inputUsd: number;
  readonly outputUsd: number;
  /** Prompt tokens that the provider read from its own prompt cache. Default: `inputUsd`. */
  readonly cachedInputUsd?: number;
  /** Prices of a whole request whose prompt is longer than `aboveInputTokens`. */
  readonly longPrompt?: ModelPrice & { readonly aboveInputTokens: number };
}

/**
 * Standard-tier list prices as the providers published them. Batch, priority and regional rates, tool fees and the surcharge on writing a
 * prompt cache are not included. A model is listed only if its price is certain: the cost of a model that is not listed is unknown, which
 * is better than wrong.
 *
 * The list was compiled from archived copies of the pages in `sources` and from reports of their changes up to `asOf`, not from the live
 * pages: check it against them before you settle accounts by it.
 */
export const priceList: {
  /** `YYYY-MM-DD` */
  readonly asOf: string;
  readonly sources: Readonly<Record<string, string>>;
  readonly models: Readonly<Record<string, Readonly<Record<string, ModelPrice>>>>;
  readonly freeProviders: readonly string[];
} = {
  asOf: '2026-11-22',
  sources: {
    openai: 'https://developers.openai.com/api/docs/pricing',
    anthropic: 'https://platform.claude.com/docs/en/about-claude/pricing',
  },
  models: {
    openai: {
      'gpt-5.4-mini': { inputUsd: 0.75, cachedInputUsd: 0.075, outputUsd: 4.5 },
      'gpt-5.2': { inputUsd: 1.75, cachedInputUsd: 0.175, outputUsd: 14 },
      'gpt-5.1': { inputUsd: 1.25, cachedInputUsd: 0.125, outputUsd: 10 },
      'gpt-5': { inputUsd: 1.25, cachedInputUsd: 0.125, outputUsd: 10 },
      'gpt-5-mini': { inputUsd: 0.25, cachedInputUsd: 0.025, outputUsd: 2 },
      'gpt-5-nano': { inputUsd: 0.05, cachedInputUsd: 0.005, outputUsd: 0.4 },
      'gpt-4.1': { inputUsd: 2, cachedInputUsd: 0.5, outputUsd: 8 },
      'gpt-4.1-mini': { inputUsd: 0.4, cachedInputUsd: 0.1, outputUsd: 1.6 },
      'gpt-4.1-nano': { inputUsd: 0.1, cachedInputUsd: 0.025, outputUsd: 0.4 },
      'gpt-4o': { inputUsd: 2.5, cachedInputUsd: 1.25, outputUsd: 10 },
      'gpt-4o-2024-05-13': { inputUsd: 5, outputUsd: 15 },
      'gpt-4o-mini': { inputUsd: 0.15, cachedInputUsd: 0.075, outputUsd: 0.6 },
      o1: { inputUsd: 15, cachedInputUsd: 7.5, outputUsd: 60 },
      o3: { inputUsd: 2, cachedInputUsd: 0.5, outputUsd: 8 },
      'o3-mini': { inputUsd: 1.1, cachedInputUsd: 0.55, outputUsd: 4.4 },
      'o4-mini': { inputUsd: 1.1, cachedInputUsd: 0.275, outputUsd: 4.4 },
      'gpt-4-turbo': { inputUsd: 10, outputUsd: 30 },
      'gpt-4': { inputUsd: 30, outputUsd: 60 },
      'gpt-3.5-turbo': { inputUsd: 0.5, outputUsd: 1.5 },
      'text-embedding-3-small': { inputUsd: 0.02, outputUsd: 0 },
      'text-embedding-3-large': { inputUsd: 0.13, outputUsd: 0 },
      'text-embedding-ada-002': { inputUsd: 0.1, outputUsd: 0 },
    },
    anthropic: {
      'claude-opus-5-5': { inputUsd: 4, cachedInputUsd: 0.2, outputUsd: 20 },
      'claude-opus-5': { inputUsd: 5, cachedInputUsd: 0.5, outputUsd: 25 },
      'claude-opus-4-8': { inputUsd: 5, cachedInputUsd: 0.5, outputUsd: 25 },
      'claude-opus-4-7': { inputUsd: 5, cachedInputUsd: 0.5, outputUsd: 25 },
      'claude-opus-4-6': { inputUsd: 5, cachedInputUsd: 0.5, outputUsd: 25 },
      'claude-opus-4-5': { inputUsd: 5, cachedInputUsd: 0.5, outputUsd: 25 },
      'claude-opus-4-1': { inputUsd: 15, cachedInputUsd: 1.5, outputUsd: 75 },
      'claude-opus-4': { inputUsd: 15, cachedInputUsd: 1.5, outputUsd: 75 },
      'claude-sonnet-5-5': { inputUsd: 2, cachedInputUsd: 0.1, outputUsd: 10 },
      'claude-sonnet-5': { inputUsd: 2, cachedInputUsd: 0.2, outputUsd: 10 },
      'claude-sonnet-4-6': { inputUsd: 3, cachedInputUsd: 0.3, outputUsd: 15 },
      'claude-sonnet-4-5': { inputUsd: 3, cachedInputUsd: 0.3, outputUsd: 15 },
      'claude-sonnet-4': { inputUsd: 3, cachedInputUsd: 0.3, outputUsd: 15 },
      'claude-3-7-sonnet': { inputUsd: 3, cachedInputUsd: 0.3, outputUsd: 15 },
      'claude-3-5-sonnet': { inputUsd: 3, cachedInputUsd: 0.3, outputUsd: 15 },
      'claude-haiku-5-5': {
        inputUsd: 0.1,
        cachedInputUsd: 0.01,
        outputUsd: 0.5,
        longPrompt: { aboveInputTokens: 100_000, inputUsd: 0.5, cachedInputUsd: 0.05, outputUsd: 2.5 },
      },
      'claude-haiku-4-5': { inputUsd: 1, cachedInputUsd: 0.1, outputUsd: 5 },
      'claude-3-5-haiku': { inputUsd: 0.8, cachedInputUsd: 0.08, outputUsd: 4 },
      'claude-3-opus': { inputUsd: 15, cachedInputUsd: 1.5, outputUsd: 75 },
      'claude-3-haiku': { inputUsd: 0.25, cachedInputUsd: 0.03, outputUsd: 1.25 },
    },
  },
  // Models of these providers run on the user's own machine.
  freeProviders: ['simulator', 'ollama'],
};
