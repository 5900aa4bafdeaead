import type { Division } from './pieces.js';
import type { TextSource } from './text-source.js';

export interface ToolCall {
  readonly name: string;
  readonly kind: 'function' | 'custom';
  /** JSON text for a function, free text for a custom tool. */
  readonly arguments: string;
}

export type Finish = 'stop' | 'stop_sequence' | 'length' | 'tool_calls' | 'content_filter' | 'refusal';

/** One complete answer, before a surface puts it into its own format. */
export interface Answer {
  readonly reasoning: string;
  readonly text: TextSource;
  readonly toolCalls: readonly ToolCall[];
  readonly finish: Finish;
  readonly stopSequence: string | null;
  readonly division: Division;
  readonly reasoningTokens: number;
  /** All output tokens, reasoning included. */
  readonly outputTokens: number;
}
