import { judgeChat } from '../surfaces/chat-judge.js';
import type { GenerateOptions, Generation, GenerationEvent } from './ai-client.js';
import type { Vector } from './embed-inputs.js';
import type { Embeddings } from './embeddings.js';

/** An event of an answer in progress. The last one, `done`, is represented by the generation itself. */
export type PieceEvent = Exclude<GenerationEvent, { readonly type: 'done' }>;

export interface CachedGeneration {
  readonly generation: Generation;
  /** The events as received; absent if the answer was not streamed. */
  readonly events?: readonly PieceEvent[];
}

/** The values of a cached client's cache. `Embeddings` are only shared in flight, never stored. */
export type CachedAnswer = CachedGeneration | Vector | Embeddings;

/** Whether an answer is complete enough to store, by the pipeline's rules for chat completions. */
export function isComplete(generation: Generation, { maxTokens }: GenerateOptions): boolean {
  const { text, refusal, toolCalls = [], finishReason } = generation;
  const message = {
    content: text,
    tool_calls: toolCalls.map(({ name }) => ({ name })),
    ...(refusal === undefined ? {} : { refusal }),
  };
  const choices = [{ message, ...(finishReason === undefined ? {} : { finish_reason: finishReason }) }];
  return judgeChat({ choices }, maxTokens === undefined ? {} : { max_tokens: maxTokens }).complete;
}

/** The events of an answer: as received, or synthesized. */
export function replay({ generation, events }: CachedGeneration): readonly PieceEvent[] {
  if (events !== undefined) return events;
  const { text, reasoning, toolCalls = [] } = generation;
  return [
    ...(reasoning === undefined ? [] : [{ type: 'reasoning', text: reasoning } as const]),
    ...(text === '' ? [] : [{ type: 'text', text } as const]),
    ...toolCalls.map(({ id, name, arguments: values, argumentsText }, index) => ({
      type: 'tool-call' as const,
      index,
      id,
      name,
      argumentsText: argumentsText ?? JSON.stringify(values),
    })),
  ];
}
