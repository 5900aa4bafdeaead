import { type Cache, createCache } from '@ai-toolkit/core-cache';
import type { Entry } from './entry.js';
import { entryCodec } from './entry-codec.js';

const ttlMs = 24 * 60 * 60 * 1000;
/** So that what was asked for together does not end together. */
const ttlJitter = 0.05;

/** A cache in memory, for a day, where none is given. */
export function createDefaultCache(namespace: string, maxBytes: number): Cache<Entry> {
  return createCache<Entry>({ namespace, ttlMs, ttlJitter, memory: { maxBytes }, codec: entryCodec });
}
