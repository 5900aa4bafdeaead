import { AiError } from '../errors.js';
import type { BaseAiClient, GenerateOptions, GenerationEvent } from './ai-client.js';
import { type CachedGeneration, type PieceEvent, replay } from './cached-answer.js';
import { callerBound, withoutBound } from './caller-bound.js';
import type { Prompt } from './message.js';
import { PieceQueue } from './piece-queue.js';
import { type Remember, remembered } from './remember.js';

/**
 * A stream through the cache. The caller that starts the call sees the events live; callers that join or come later get the same events
 * once complete. Leaving the loop leaves the call to the others; it is aborted when the last one leaves.
 */
export async function* cachedStream(
  client: BaseAiClient,
  remember: Remember,
  key: string,
  prompt: Prompt,
  options: GenerateOptions,
): AsyncGenerator<GenerationEvent> {
  const bound = callerBound(options);
  const live = new PieceQueue();
  const load = async (signal: AbortSignal): Promise<CachedGeneration> => {
    const events: PieceEvent[] = [];
    for await (const event of client.generateStreaming(prompt, withoutBound(options, signal))) {
      if (event.type === 'done') return { generation: event.generation, events };
      events.push(event);
      live.push(event);
    }
    throw incomplete();
  };
  const answer = remember({ key, options, signal: bound.signal, load }).finally(() => live.end());
  // Awaited below, unless the reader leaves first.
  answer.catch(() => undefined);
  let seen = 0;
  try {
    for await (const event of live) {
      seen += 1;
      yield event;
    }
    const resolved = await answer;
    // If events of a failed answer were already delivered, a stale answer cannot replace them.
    if (seen > 0 && resolved.source !== 'loaded') {
      throw resolved.error instanceof Error ? resolved.error : incomplete();
    }
    for (const event of replay(resolved.value).slice(seen)) yield event;
    yield { type: 'done', generation: remembered(resolved) };
  } finally {
    live.end();
    bound.leave(new Error('The reader left.'));
  }
}

function incomplete(): AiError {
  return new AiError('AI_STREAM_INCOMPLETE', 'The stream ended without its last event.', {
    hint: 'Ask again: nothing of the broken answer was stored.',
    retryable: true,
  });
}
