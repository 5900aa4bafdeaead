import type { Cache } from '@ai-toolkit/core-cache';
import type { Entry } from '../entry.js';
import type { AskedTarget } from '../steps/target.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { compareEntry } from './compare-entry.js';
import { fingerprint } from './fingerprint.js';
import { readFingerprint } from './fingerprint-tree.js';
import { findNearest, type NearestBounds, type NearestSearch } from './nearest.js';

/** Finds the stored answer with the request nearest to a target's, which need not have been made. */
export async function nearestTo(
  cache: Cache<Entry>,
  target: AskedTarget,
  adapter: SurfaceAdapter,
  bounds: NearestBounds,
): Promise<NearestSearch> {
  const print = readFingerprint(fingerprint(target, adapter));
  if (print === undefined) return { compared: 0, passedOver: 0 };
  const { key, model } = target;
  const wanted = {
    model,
    print,
    compare: (entry: Entry) => compareEntry(target, adapter, print, entry),
    ...(key === undefined ? {} : { key }),
  };
  return findNearest(cache, wanted, bounds);
}
