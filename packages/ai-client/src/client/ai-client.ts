import type { CacheOutcome, TokenUsage } from '../call-record.js';

/** One turn of a conversation. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/**
 * How a call may use the cache.
 * - `default`: read, and store what is complete.
 * - `refresh`: do not read, but store.
 * - `bypass`: neither read nor store.
 * - `only-if-cached`: read; a miss fails with `AI_NOT_CACHED` and calls nobody.
 */
export type CacheMode = 'default' | 'refresh' | 'bypass' | 'only-if-cached';

export interface GenerateOptions {
  /** Default: the model of the configuration. */
  readonly model?: string;
  /** Instructions put before the prompt as a system message. */
  readonly system?: string;
  /** Upper bound of the answer, tokens. Default: the provider's. */
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly stop?: string | readonly string[];
  readonly seed?: number;
  /** Bound on the whole call, ms. Default: none; `idleTimeoutMs` ends a dead one. */
  readonly timeoutMs?: number;
  /** Longest silence of the provider, ms, before the first byte and between bytes. Default 120,000. */
  readonly idleTimeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly cache?: {
    readonly mode?: CacheMode;
    /** Lifetime of a stored answer, ms. Default: that of the cache. */
    readonly ttlMs?: number;
    /** Part of the key: two namespaces never share an answer. */
    readonly namespace?: string;
  };
  /** Kept with the call's record; the planner gives `project` and `stage`. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** One whole answer. */
export interface Generation {
  readonly text: string;
  /** Model that answered, as the provider names it. */
  readonly model: string;
  /** `stop`, `length`, `tool_calls`, `content_filter` or what else the provider said; absent when it said nothing. */
  readonly finishReason?: string;
  /** Absent when the provider reported none. */
  readonly usage?: TokenUsage;
  readonly cache: CacheOutcome;
  /** Cache key in hex; absent on a bypass. */
  readonly key?: string;
}

/** Events of a streamed answer: any number of `text`, then one `done`. A failure is thrown. */
export type GenerationEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'done'; readonly generation: Generation };

/** What an application needs of a language model. */
export interface AiClient {
  /** The whole answer at once. Fails with `AiError`, or with the reason of an aborted signal. */
  generate(prompt: string | readonly Message[], options?: GenerateOptions): Promise<Generation>;
  /** The answer as it comes. Leaving the loop early aborts the call. */
  generateStreaming(
    prompt: string | readonly Message[],
    options?: GenerateOptions,
  ): AsyncIterable<GenerationEvent>;
}
