import { checkDuration, checkFinite, checkNumber, checkWhole, show } from '../check.js';
import type { CacheMode, CallOptions, GenerateOptions } from './ai-client.js';

const modes: Record<CacheMode, true> = { default: true, refresh: true, bypass: true, 'only-if-cached': true };

/** What every call may have. Throws a `TypeError` or `RangeError` that names the first option which makes no sense. */
export function checkCall({ timeoutMs, idleTimeoutMs, cache }: CallOptions): void {
  checkNumber('timeoutMs', timeoutMs, 0);
  checkDuration('idleTimeoutMs', idleTimeoutMs);
  if (cache === undefined) return;
  if (typeof cache !== 'object' || cache === null)
    throw new TypeError(`cache must be an object with a mode, ttlMs, …, got ${show(cache)}`);
  const { mode, ttlMs, namespace, sample } = cache;
  if (mode !== undefined && !Object.hasOwn(modes, mode))
    throw new RangeError(`cache.mode must be one of ${Object.keys(modes).join(', ')}, got ${show(mode)}`);
  checkNumber('cache.ttlMs', ttlMs, 0);
  if (namespace !== undefined && typeof namespace !== 'string')
    throw new TypeError(`cache.namespace must be a text, got ${show(namespace)}`);
  checkWhole('cache.sample', sample, 0);
}

/** What JSON has no number for would be sent as `null`, and so be taken for an option that was left out. */
export function checkGeneration({ maxTokens, temperature, topP, seed, stop, tools }: GenerateOptions): void {
  checkWhole('maxTokens', maxTokens, 1);
  checkFinite('temperature', temperature);
  checkFinite('topP', topP);
  checkFinite('seed', seed);
  if (stop !== undefined && typeof stop !== 'string' && !Array.isArray(stop))
    throw new TypeError(`stop must be a text or a list of texts, got ${show(stop)}`);
  if (tools !== undefined && !Array.isArray(tools))
    throw new TypeError(`tools must be a list, got ${show(tools)}`);
}
