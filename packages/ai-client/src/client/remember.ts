import type { Cache, Lookup, Resolved } from '@ai-toolkit/core-cache';
import { AiError } from '../errors.js';
import type { GenerateOptions, Generation } from './ai-client.js';
import { type CachedAnswer, type CachedGeneration, isComplete } from './cached-answer.js';

/** A call for a generation, as the cache sees it. */
interface Remembering {
  readonly key: string;
  readonly options: GenerateOptions;
  /** Ends this caller's wait. */
  readonly signal: AbortSignal;
  /** Requests the answer; its signal aborts when nobody is waiting any more. */
  readonly load: (signal: AbortSignal) => Promise<CachedGeneration>;
}

export type Remember = (what: Remembering) => Promise<Resolved<CachedGeneration>>;

/** Answers from the cache, or loads the answer once for all concurrent callers; stores it if it is complete. */
export function createRemember(cache: Cache<CachedAnswer>, defaultTtlMs: number): Remember {
  return async ({ key, options, signal, load }) => {
    const { mode = 'default', ttlMs = defaultTtlMs } = options.cache ?? {};
    if (mode === 'only-if-cached') return fresh(await cache.lookup(key, { signal }));
    const resolved = await cache.resolve(key, (context) => load(context.signal), {
      signal,
      refresh: mode === 'refresh',
      ttlMs: (answer) => ('generation' in answer && isComplete(answer.generation, options) ? ttlMs : 0),
    });
    return { ...resolved, value: asGeneration(resolved.value) };
  };
}

/** The generation, with the outcome of this call: its own if it was just loaded. */
export function remembered({ source, value }: Resolved<CachedGeneration>): Generation {
  const generation = ownCopy(value.generation);
  return source === 'loaded' ? generation : { ...generation, cache: source, attempts: 0 };
}

/** The memory tier keeps this very object, and callers may modify theirs. */
function ownCopy(generation: Generation): Generation {
  const { toolCalls } = generation;
  if (toolCalls === undefined) return { ...generation };
  const calls = toolCalls.map((call) => ({ ...call, arguments: structuredClone(call.arguments) }));
  return { ...generation, toolCalls: calls };
}

function fresh(found: Lookup<CachedAnswer>): Resolved<CachedGeneration> {
  if (found.status !== 'hit') throw notCached();
  const { status, value, ...rest } = found;
  return { ...rest, source: status, value: asGeneration(value) };
}

function asGeneration(answer: CachedAnswer): CachedGeneration {
  if ('generation' in answer) return answer;
  throw new AiError('AI_INTERNAL', 'The cache holds something else under the key of an answer.', {
    hint: 'Give the client a namespace of its own: cache.withNamespace.',
  });
}

function notCached(): AiError {
  return new AiError('AI_NOT_CACHED', 'No stored answer fits the call, and it forbids asking the provider.', {
    hint: 'Ask once without only-if-cached to have the answer stored.',
  });
}
