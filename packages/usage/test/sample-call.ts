import type { CallRecord } from '@ai-toolkit/ai-client';

let made = 0;

/** A finished call to gpt-4o-mini: a million tokens in and out, so it costs 0.15 + 0.60 dollars. */
export function sampleCall(changes: Partial<CallRecord> = {}): CallRecord {
  made += 1;
  return {
    requestId: `req-${String(made).padStart(6, '0')}`,
    startedAt: Date.UTC(2026, 10, 22, 21, 30),
    surface: 'chat',
    provider: 'openai',
    model: 'gpt-4o-mini',
    tenant: 'default',
    streamed: false,
    cache: 'miss',
    status: 'ok',
    httpStatus: 200,
    usage: { inputTokens: 1_000_000, outputTokens: 1_000_000 },
    durationMs: 800,
    firstByteMs: 300,
    upstreamMs: 790,
    attempts: 1,
    key: 'ab'.repeat(32),
    ...changes,
  };
}
