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
 * - `only-if-cached`: read; a miss fails with `AI_NOT_CACHED`, without calling anyone.
 */
export type CacheMode = 'default' | 'refresh' | 'bypass' | 'only-if-cached';

/** Options that every call has. */
export interface CallOptions {
  /** Default: the client's. */
  readonly model?: string;
  /** Higher goes first when calls wait for a provider's limits. Default 0. */
  readonly priority?: number;
  /** Time limit for the whole call, ms. Default: none, but `idleTimeoutMs` ends a dead one. */
  readonly timeoutMs?: number;
  /** Longest silence of the provider, ms, before the first byte and between bytes. Default 120,000. */
  readonly idleTimeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly cache?: {
    readonly mode?: CacheMode;
    /** Lifetime of a stored answer, ms. Default: the cache's. */
    readonly ttlMs?: number;
    /** Part of the key: two namespaces never share an answer. */
    readonly namespace?: string;
    /** Accept the answer to a reworded question, if the pipeline's semantic cache is on. Default true. */
    readonly semantic?: boolean;
    /** Part of the key: a different number gets a different answer to the same prompt. Default 0. */
    readonly sample?: number;
  };
  /** Stored in the call's record; the planner sets `project` and `stage`. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface GenerateOptions extends CallOptions {
  /** Instructions put before the prompt as a system message. */
  readonly system?: string;
  /** Maximum length of the answer, tokens. Default: the provider's limit. */
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly stop?: string | readonly string[];
  readonly seed?: number;
  /** Functions that the model may call; executing them is up to you. */
  readonly tools?: readonly Tool[];
  /** Default: `auto`. */
  readonly toolChoice?: ToolChoice;
  /** Whether one answer may contain several tool calls. Default: the provider's, usually true. */
  readonly parallelToolCalls?: boolean;
  /** Default: text. */
  readonly responseFormat?: ResponseFormat;
}

/** One complete answer. */
export interface Generation {
  /** The text of the answer; the refusal if the model refused. */
  readonly text: string;
  /** Tool calls that the model requests; absent if there are none. */
  readonly toolCalls?: readonly ToolCall[];
  /** The model's reasoning, if the provider reports it. */
  readonly reasoning?: string;
  /** The text of the refusal; absent if the model did not refuse. */
  readonly refusal?: string;
  /** Model that answered, as the provider names it. */
  readonly model: string;
  /** Name of the provider that answered. Absent if the client does not know. */
  readonly provider?: string;
  /** `stop`, `length`, `tool_calls`, `content_filter` or any other value that the provider reported; absent if none. */
  readonly finishReason?: string;
  /** Absent if the provider reported none. */
  readonly usage?: TokenUsage;
  readonly cache: CacheOutcome;
  /** Cache key in hex; absent on a bypass. */
  readonly key?: string;
  /** Options that were omitted or changed to express the request in the provider's format: `seed=omitted`. */
  readonly translation?: string;
  /** Number of requests made to the provider, 0 if none. Absent if the client does not know. */
  readonly attempts?: number;
}

/** Events of a streamed answer: any number of pieces, then one `done`. Failures are thrown. */
export type GenerationEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  /** A piece of a tool call's arguments, which are JSON; the first may be empty. `done` has the complete calls. */
  | {
      readonly type: 'tool-call';
      /** Position of the call within the answer. */
      readonly index: number;
      readonly id: string;
      readonly name: string;
      readonly argumentsText: string;
    }
  | { readonly type: 'done'; readonly generation: Generation };

/** What an application needs of a language model. All options are optional. */
export interface AiClient {
  /** Returns the complete answer. Fails with `AiError`, or with the reason of an aborted signal. */
  generate(prompt: Prompt, options?: GenerateOptions): Promise<Generation>;
  /** Yields the answer as it arrives. Leaving the loop early aborts the call. */
  generateStreaming(prompt: Prompt, options?: GenerateOptions): AsyncIterable<GenerationEvent>;
  /**
   * Returns a JSON answer that matches the schema. An invalid answer is sent back with its problems, up to `repairs` times; after that the
   * call fails with `AI_OUTPUT_INVALID`. Such a failure is never replayed from the cache.
   */
  generateJson<T>(
    prompt: Prompt,
    schema: Schema<T>,
    options?: GenerateJsonOptions,
  ): Promise<JsonGeneration<T>>;
  /**
   * Has the model fill in the arguments of a function, or of one that it chooses from several. The function is not executed: that is up to
   * you. Arguments that do not match their schema are handled as in `generateJson`.
   */
  callFunction<const F extends AnyFunction>(
    prompt: Prompt,
    functions: F | readonly F[],
    options?: FunctionOptions,
  ): Promise<FunctionCall<F>>;
  /** Returns the vectors of one or several texts, each cached separately. */
  embed(input: string | readonly string[], options?: EmbedOptions): Promise<Embeddings>;
}

/** The methods on which the others are built. */
export type BaseAiClient = Pick<AiClient, 'generate' | 'generateStreaming' | 'embed'>;
