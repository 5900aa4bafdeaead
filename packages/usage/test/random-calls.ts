import type { CacheOutcome, CallRecord, CallStatus, Surface } from '@ai-toolkit/ai-client';
import { sampleCall } from './sample-call.js';

const outcomes: readonly CacheOutcome[] = [
  'hit',
  'stale',
  'semantic',
  'coalesced',
  'miss',
  'refresh',
  'bypass',
];
const statuses: readonly CallStatus[] = ['ok', 'ok', 'ok', 'error', 'aborted'];
const surfaces: readonly Surface[] = ['chat', 'chat', 'messages', 'embeddings'];

/** Calls of many kinds that started within `spanMs` after `start`. */
export function randomCalls(
  count: number,
  start: number,
  spanMs: number,
  below: (limit: number) => number,
): CallRecord[] {
  const pick = <T>(list: readonly T[], fallback: T): T => list[below(list.length)] ?? fallback;
  return Array.from({ length: count }, () => {
    const status = pick(statuses, 'ok');
    const {
      usage: _usage,
      firstByteMs: _first,
      ...call
    } = sampleCall({
      startedAt: start + below(spanMs),
      surface: pick(surfaces, 'chat'),
      cache: pick(outcomes, 'miss'),
      status,
      provider: pick(['openai', 'anthropic'], 'openai'),
      model: pick(['gpt-4o', 'gpt-5', 'claude-opus-5', 'made-up'], 'gpt-4o'),
      tenant: pick(['red', 'blue'], 'red'),
      durationMs: below(90_000) / 10,
      upstreamMs: below(9000),
      attempts: below(3),
      labels: {
        ...(below(2) === 0 ? {} : { project: pick(['a', 'b'], 'a'), stage: String(below(3)) }),
        ...(below(2) === 0 ? {} : { key: pick(['key-1', 'key-2', 'key-3'], 'key-1') }),
      },
    });
    return {
      ...call,
      ...(status === 'error' ? { errorCode: pick(['AI_TIMEOUT', 'AI_PROVIDER'], 'AI_TIMEOUT') } : {}),
      ...(below(4) === 0 ? {} : { usage: { inputTokens: below(5000), outputTokens: below(900) } }),
      ...(below(4) === 0 ? {} : { firstByteMs: below(5000) }),
    };
  });
}
