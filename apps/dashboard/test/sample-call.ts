import type { CacheOutcome, LedgerCall } from '../src/api/usage.js';

let made = 0;

export function sampleCall(changes: Partial<LedgerCall> = {}): LedgerCall {
  made += 1;
  const cache: CacheOutcome = changes.cache ?? 'miss';
  const tokens = { input: 1200, output: 400 };
  const none = { input: 0, output: 0 };
  const asked = cache === 'miss' || cache === 'refresh' || cache === 'bypass';
  const replayed = cache === 'hit' || cache === 'stale' || cache === 'semantic';
  return {
    requestId: `req-${made}`,
    startedAt: Date.now(),
    surface: 'chat',
    provider: 'openai',
    model: 'gpt-4o-mini',
    tenant: 'default',
    streamed: false,
    cache,
    status: 'ok',
    httpStatus: 200,
    usage: { inputTokens: tokens.input, outputTokens: tokens.output },
    durationMs: asked ? 1240 : 3.2,
    attempts: asked ? 1 : 0,
    billed: asked ? tokens : none,
    replayed: replayed ? tokens : none,
    saved: asked ? none : tokens,
    billedUsd: asked ? 0.00042 : 0,
    savedUsd: asked ? 0 : 0.00042,
    timeSavedMs: asked ? 0 : 1237,
    ...changes,
  };
}
