import type { Cache } from '@ai-toolkit/core-cache';
import type { Entry } from '../entry.js';
import { AiError } from '../errors.js';
import type { ExchangeRequest } from '../exchange.js';
import type { Router } from '../routing/router.js';
import { readRequest } from '../steps/read-request.js';
import { type AskedTarget, type Target, withBody } from '../steps/target.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { compareSides, excludedFields, sideOf } from './compare.js';
import { compareEntry } from './compare-entry.js';
import type { Comparison } from './difference.js';
import type { ExplainedEntry, ExplainedScope, ExplainOptions, Explanation } from './explanation.js';
import { fingerprint } from './fingerprint.js';
import { readFingerprint } from './fingerprint-tree.js';
import { read } from './nearest.js';
import { nearestTo } from './nearest-to.js';
import { isSecretHeader, redacted, withoutSecrets } from './secrets.js';

const defaultMaxEntries = 2000;

/** Keys of requests that are probably near, the nearest first. */
export type LikelyKeys = (target: Target, adapter: SurfaceAdapter) => readonly string[];

/** Explains how the cache treats a request. Calls no provider. Fails as the request itself would if it cannot be read. */
export async function explain(
  cache: Cache<Entry>,
  router: Router,
  request: ExchangeRequest,
  options: ExplainOptions & { readonly likely?: LikelyKeys | undefined } = {},
): Promise<Explanation> {
  const { against, nearest = false, maxEntries = defaultMaxEntries } = options;
  if (!(maxEntries >= 1)) throw new RangeError(`maxEntries must be at least 1, got ${maxEntries}`);
  const { signal } = request;
  signal?.throwIfAborted();
  const asked = readRequest(request, router);
  const { adapter, targets, skipped } = asked;
  const [first, ...others] = targets;
  const target = withBody(first, request.body);
  const { key, bypassReason } = target;
  return {
    surface: adapter.surface,
    model: target.model,
    ...(key === undefined ? {} : { key }),
    ...(bypassReason === undefined ? {} : { bypassReason }),
    scope: explainScope(target),
    excludedFields: excludedFields(sideOf(target, adapter)),
    alternatives: others.map(({ provider, model, key: other }) => ({
      provider: provider.name,
      model,
      ...(other === undefined ? {} : { key: other }),
    })),
    skipped,
    ...(key === undefined ? {} : { stored: await explainEntry(cache, key) }),
    ...(against === undefined ? {} : { comparison: await compare(cache, router, target, adapter, against) }),
    ...(nearest
      ? {
          nearest: await nearestTo(cache, target, adapter, {
            maxEntries,
            ...(options.likely === undefined ? {} : { likely: options.likely(target, adapter) }),
            ...(signal === undefined ? {} : { signal }),
          }),
        }
      : {}),
  };
}

function explainScope({ scope, ownKey }: Target): ExplainedScope {
  const { namespace, speaks } = scope;
  return {
    provider: scope.provider,
    baseUrl: withoutSecrets(scope.baseUrl),
    tenant: scope.tenant,
    ...(namespace === null ? {} : { namespace }),
    headers: Object.fromEntries(
      scope.headers.map(([name, value]) => [name, isSecretHeader(name) ? redacted : withoutSecrets(value)]),
    ),
    sample: scope.sample,
    ...(speaks === null ? {} : { speaks }),
    ...(ownKey === undefined ? {} : { ownKey }),
    ownCredentials: scope.credentials !== null,
  };
}

async function explainEntry(cache: Cache<Entry>, key: string): Promise<ExplainedEntry> {
  const found = await cache.inspect(key);
  if (found.status !== 'hit' && found.status !== 'stale') return { status: 'miss' };
  const { status, tier, ageMs, createdAt, expiresAt } = found;
  const ttlMs = expiresAt - createdAt - ageMs;
  return { status, tier, ageMs, ...(Number.isFinite(ttlMs) ? { ttlMs } : {}) };
}

async function compare(
  cache: Cache<Entry>,
  router: Router,
  target: AskedTarget,
  adapter: SurfaceAdapter,
  against: ExchangeRequest | string,
): Promise<Comparison> {
  if (typeof against !== 'string') {
    const other = readRequest(against, router);
    return compareSides(
      sideOf(target, adapter),
      sideOf(withBody(other.targets[0], against.body), other.adapter),
    );
  }
  if (against === target.key) return { sameKey: true, differences: [], omitted: 0 };
  const entry = await read(cache, against);
  if (entry === undefined) throw noEntry(against);
  const here = readFingerprint(fingerprint(target, adapter));
  const comparison = here && compareEntry(target, adapter, here, entry);
  if (comparison === undefined) throw noFingerprint(against);
  return { ...comparison, sameKey: false };
}

function noEntry(key: string): AiError {
  return new AiError('AI_NOT_CACHED', `No stored answer has the key ${JSON.stringify(key)}.`, {
    hint: 'Give the whole key of an entry, as a list of the cache shows it.',
    status: 404,
  });
}

function noFingerprint(key: string): AiError {
  return new AiError('AI_NOT_CACHED', `The answer of the key ${key} was stored without a fingerprint.`, {
    hint: 'Compare with another entry, or store this one anew: ask for it once past the cache.',
    status: 404,
  });
}
