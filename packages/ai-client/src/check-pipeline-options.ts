import { validateHeaderName, validateHeaderValue } from 'node:http';
import { checkDuration, checkNames, checkNumber, checkObject, checkType, checkWhole, show } from './check.js';
import type { PipelineOptions } from './pipeline-options.js';
import type { Provider } from './providers/provider.js';
import type { Surface } from './surface.js';

const known: Record<keyof PipelineOptions, true> = {
  providers: true,
  cache: true,
  limiter: true,
  breaker: true,
  routes: true,
  maxRetries: true,
  maxCallMs: true,
  idleTimeoutMs: true,
  staleIfErrorMs: true,
  maxEntryBytes: true,
  keepRequests: true,
  recordMisses: true,
  coalesceWaitMs: true,
  semantic: true,
  offline: true,
  cassettes: true,
  onCall: true,
};

const knownSurfaces: Record<Surface, true> = {
  chat: true,
  responses: true,
  messages: true,
  embeddings: true,
};

/** Throws a `TypeError` or `RangeError` that names the first invalid option. */
export function checkPipelineOptions(options: PipelineOptions): void {
  checkNames('createPipeline', options, known);
  checkProviders(options.providers ?? []);
  checkObject('cache', options.cache, 'lookup');
  checkObject('limiter', options.limiter, 'acquire');
  checkObject('breaker', options.breaker, 'enter');
  checkWhole('maxRetries', options.maxRetries, 0);
  checkDuration('maxCallMs', options.maxCallMs);
  checkDuration('idleTimeoutMs', options.idleTimeoutMs);
  checkNumber('staleIfErrorMs', options.staleIfErrorMs, 0);
  checkNumber('maxEntryBytes', options.maxEntryBytes, 0);
  checkNumber('coalesceWaitMs', options.coalesceWaitMs, 0);
  for (const name of ['keepRequests', 'recordMisses', 'offline'] as const)
    checkType(name, options[name], 'boolean');
  checkType('onCall', options.onCall, 'function');
  if (options.routes !== undefined && !Array.isArray(options.routes))
    throw new TypeError(`routes must be an array, got ${show(options.routes)}`);
}

function checkProviders(providers: readonly Provider[]): void {
  if (!Array.isArray(providers)) throw new TypeError(`providers must be an array, got ${show(providers)}`);
  for (const [position, provider] of providers.entries()) {
    const where = `providers[${position}]`;
    const { name, baseUrl, headers = {}, surfaces } = (provider ?? {}) as Partial<Provider>;
    if (typeof name !== 'string' || name === '')
      throw new TypeError(`${where}.name must be a non-empty string, got ${show(name)}`);
    if (typeof baseUrl !== 'function' && !/^https?:$/.test(URL.parse(String(baseUrl))?.protocol ?? ''))
      throw new TypeError(`${where}.baseUrl must be an http(s) URL or a function, got ${show(baseUrl)}`);
    for (const [header, value] of Object.entries(headers)) checkHeader(`${where}.headers`, header, value);
    for (const surface of surfaces ?? []) {
      if (Object.hasOwn(knownSurfaces, surface)) continue;
      const names = Object.keys(knownSurfaces).join(', ');
      throw new RangeError(`${where}.surfaces must be among ${names}, got ${show(surface)}`);
    }
  }
}

/**
 * Rejects invalid headers here: otherwise every call would fail as if the provider were unreachable. The error omits the value, which may
 * be an API key.
 */
function checkHeader(where: string, name: string, value: string): void {
  try {
    validateHeaderName(name);
    if (value !== undefined) validateHeaderValue(name, value);
  } catch {
    throw new TypeError(
      `${where} must be names and values that a request can hold, which ${show(name)} is not`,
    );
  }
}
