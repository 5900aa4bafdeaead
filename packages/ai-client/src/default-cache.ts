import { type Cache, createCache } from '@ai-toolkit/core-cache';
import type { Entry } from './entry.js';
import { entryCodec } from './entry-codec.js';

const ttlMs = 24 * 60 * 60 * 1000;
/** Keeps answers stored together from expiring together. */
const ttlJitter = 0.05;

/** The cache used if none is passed: in memory, lifetime one day. */
export function createDefaultCache(namespace: string, maxBytes: number): Cache<Entry> {
  return createCache<Entry>({ namespace, ttlMs, ttlJitter, memory: { maxBytes }, codec: entryCodec });
}
