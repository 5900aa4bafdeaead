import type { CallRecord } from '@ai-toolkit/ai-client';

/** Generates calls as of many teams using one gateway. Deterministic for a given seed. */
export interface Traffic {
  /** A call started at this epoch, ms. */
  call(startedAt: number): CallRecord;
}

const models: readonly (readonly [provider: string, model: string])[] = [
  ['openai', 'gpt-4o-mini'],
  ['openai', 'gpt-4o'],
  ['anthropic', 'claude-haiku-4-5'],
  ['openai', 'gpt-5-mini'],
  ['anthropic', 'claude-sonnet-4-5'],
  ['openai', 'text-embedding-3-small'],
  ['openai', 'gpt-5'],
  ['anthropic', 'claude-opus-4-5'],
  ['ollama', 'llama3'],
  ['azure', 'gpt-4o'],
];
const keys = 50;
const tenants = 20;
const projects = 30;
/** Outcomes per thousand calls. */
const outcomes: readonly (readonly [cache: CallRecord['cache'], share: number])[] = [
  ['miss', 460],
  ['hit', 450],
  ['coalesced', 50],
  ['refresh', 20],
  ['bypass', 10],
  ['stale', 9],
  ['semantic', 1],
];
const errorCodes = ['AI_PROVIDER', 'AI_TIMEOUT', 'AI_UNREACHABLE', 'LIMIT_QUEUE_FULL'];
/** One in this many calls is from a tenant that rarely calls. */
const rareEvery = 50_000;

export const rareTenant = 'hardly-ever';

export function createTraffic(seed: number): Traffic {
  let state = seed;
  let made = 0;
  /** Park and Miller's generator. */
  const below = (limit: number): number => {
    state = (state * 16_807) % 2_147_483_647;
    return state % limit;
  };
  /** Below `limit`, skewed: low numbers are drawn much more often than high ones. */
  const skewed = (limit: number): number => Math.floor(limit * (below(10_000) / 10_000) ** 2);

  function outcome(): CallRecord['cache'] {
    let drawn = below(1000);
    for (const [cache, share] of outcomes) {
      drawn -= share;
      if (drawn < 0) return cache;
    }
    return 'miss';
  }

  return {
    call(startedAt) {
      made += 1;
      const [provider, model] = models[skewed(models.length)] ?? ['openai', 'gpt-4o-mini'];
      const key = skewed(keys);
      const cache = outcome();
      const asked = cache === 'miss' || cache === 'refresh' || cache === 'bypass';
      const ending = below(1000);
      const status = ending < 10 ? 'error' : ending < 15 ? 'aborted' : 'ok';
      const upstreamMs = 200 + below(4000) ** 2 / 2000;
      const durationMs = asked ? upstreamMs + 1 : 0.5 + below(100) / 20;
      const isPlanned = key % 5 === 0;
      return {
        requestId: uuid(below),
        startedAt,
        surface: model.startsWith('text') ? 'embeddings' : provider === 'anthropic' ? 'messages' : 'chat',
        provider,
        model,
        tenant: made % rareEvery === 0 ? rareTenant : `team-${key % tenants}`,
        streamed: below(2) === 0,
        cache,
        status,
        httpStatus: status === 'error' ? 502 : 200,
        ...(status === 'error' ? { errorCode: errorCodes[below(errorCodes.length)] ?? 'AI_PROVIDER' } : {}),
        ...(status === 'ok'
          ? { usage: { inputTokens: 50 + below(4000), outputTokens: 10 + below(900) } }
          : {}),
        durationMs,
        firstByteMs: asked ? durationMs * 0.4 : durationMs,
        upstreamMs,
        ...(asked ? { providerWaitMs: durationMs * 0.4, queuedMs: 0 } : {}),
        attempts: asked ? 1 : 0,
        key: `${uuid(below)}${uuid(below)}`.replaceAll('-', ''),
        labels: {
          key: `key-${key}`,
          ...(isPlanned ? { project: `project-${skewed(projects)}`, stage: String(1 + below(6)) } : {}),
        },
      };
    },
  };
}

function uuid(below: (limit: number) => number): string {
  const hex = Array.from({ length: 8 }, () => below(65_536).toString(16).padStart(4, '0'));
  return `${hex[0]}${hex[1]}-${hex[2]}-${hex[3]}-${hex[4]}-${hex[5]}${hex[6]}${hex[7]}`;
}
