import type { CacheOutcome, TokenUsage } from '../call-record.js';
import type { AnyFunction, FunctionCall, FunctionOptions } from './call-function.js';
import type { Embeddings, EmbedOptions } from './embeddings.js';
import type { GenerateJsonOptions, JsonGeneration } from './generate-json.js';
import type { Prompt, ToolCall } from './message.js';
import type { Schema } from './schema.js';
import type { ResponseFormat, Tool, ToolChoice } from './tool.js';

/**
 * How a call may use the cache.
 * - `default`: read, and store what is complete.
 * - `refresh`: do not read, but store.
 * - `bypass`: neither read nor store.
 * - `only-if-cached`: read; a miss fails with `AI_NOT_CACHED` and calls nobody.
 */
export type CacheMode = 'default' | 'refresh' | 'bypass' | 'only-if-cached';

/** Options that every call has. */
export interface CallOptions {
  /** Default: the client's. */
  readonly model?: string;
  /** Higher goes first where calls wait for a provider's limits. Default 0. */
  readonly priority?: number;
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
    /** An answer to another question that says the same will do, where the pipeline's semantic cache is on. Default true. */
    readonly semantic?: boolean;
    /** Number of the draw, part of the key: the second draw of a prompt is another answer. Default 0, the first. */
    readonly sample?: number;
  };
  /** Kept with the call's record; the planner gives `project` and `stage`. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface GenerateOptions extends CallOptions {
  /** Instructions put before the prompt as a system message. */
  readonly system?: string;
  /** Upper bound of the answer, tokens. Default: the provider's. */
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly stop?: string | readonly string[];
  readonly seed?: number;
  /** What the model may ask to be called; it is for the caller to do it. */
  readonly tools?: readonly Tool[];
  /** Default: `auto`. */
  readonly toolChoice?: ToolChoice;
  /** Whether one answer may hold several calls. Default: the provider's, which mostly is true. */
  readonly parallelToolCalls?: boolean;
  /** Default: text. */
  readonly responseFormat?: ResponseFormat;
}

/** One whole answer. */
export interface Generation {
  /** What the model says to its reader; its words of refusal when it refused. */
  readonly text: string;
  /** Calls that the model wants; absent when it wants none. */
  readonly toolCalls?: readonly ToolCall[];
  /** What it thought before, where the provider tells it. */
  readonly reasoning?: string;
  /** Its words of refusal; absent when it did not refuse. */
  readonly refusal?: string;
  /** Model that answered, as the provider names it. */
  readonly model: string;
  /** Name of the provider that answered. Absent when the client cannot tell. */
  readonly provider?: string;
  /** `stop`, `length`, `tool_calls`, `content_filter` or what else the provider said; absent when it said nothing. */
  readonly finishReason?: string;
  /** Absent when the provider reported none. */
  readonly usage?: TokenUsage;
  readonly cache: CacheOutcome;
  /** Cache key in hex; absent on a bypass. */
  readonly key?: string;
  /** What was left out or changed of the options to say them in the words of the provider: `seed=omitted`. */
  readonly translation?: string;
  /** Attempts made at the provider: 0 when it was not asked. Absent when the client cannot tell. */
  readonly attempts?: number;
}

/** Events of a streamed answer: any number of pieces, then one `done`. A failure is thrown. */
export type GenerationEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  /** A piece of a call's arguments, which are JSON; the first one may be empty. `done` has the whole calls. */
  | {
      readonly type: 'tool-call';
      /** Place of the call among those of the answer. */
      readonly index: number;
      readonly id: string;
      readonly name: string;
      readonly argumentsText: string;
    }
  | { readonly type: 'done'; readonly generation: Generation };

/** What an application needs of a language model. Every option is optional. */
export interface AiClient {
  /** The whole answer at once. Fails with `AiError`, or with the reason of an aborted signal. */
  generate(prompt: Prompt, options?: GenerateOptions): Promise<Generation>;
  /** The answer as it comes. Leaving the loop early aborts the call. */
  generateStreaming(prompt: Prompt, options?: GenerateOptions): AsyncIterable<GenerationEvent>;
  /**
   * An answer in JSON that passes the schema. One that does not is sent back with what is wrong with it, `repairs` times;
   * then the call fails with `AI_OUTPUT_INVALID`. Such a failure is never replayed from the cache.
   */
  generateJson<T>(
    prompt: Prompt,
    schema: Schema<T>,
    options?: GenerateJsonOptions,
  ): Promise<JsonGeneration<T>>;
  /**
   * Has the model fill in the arguments of a function, or choose one of several. It is not called: that is for the caller
   * to do. Arguments that do not pass their schema are treated as in `generateJson`.
   */
  callFunction<const F extends AnyFunction>(
    prompt: Prompt,
    functions: F | readonly F[],
    options?: FunctionOptions,
  ): Promise<FunctionCall<F>>;
  /** Vectors of one text or of many, each cached by itself. */
  embed(input: string | readonly string[], options?: EmbedOptions): Promise<Embeddings>;
}

/** The methods that the others are made of. */
export type BaseAiClient = Pick<AiClient, 'generate' | 'generateStreaming' | 'embed'>;
