import { DIMENSIONS, type Limits } from '../limits.js';
import type { StepLimits } from './limit-store.js';

/**
 * Merges the limits that the processes were configured with: the smallest of each that any of them names. So a limit lowered in one process
 * holds for all at once, and a raised one only when all have raised it.
 */
export function mergedLimits(all: Iterable<StepLimits>): { limits: Limits; adaptive: boolean } {
  const limits: { -readonly [Name in keyof Limits]: Limits[Name] } = {};
  let adaptive = false;
  for (const one of all) {
    adaptive ||= one.adaptive;
    for (const name of [...DIMENSIONS, 'maxConcurrent', 'burstMs'] as const) {
      const value = one[name];
      if (value !== undefined) limits[name] = Math.min(value, limits[name] ?? value);
    }
    if (one.algorithm === 'window') limits.algorithm = 'window';
  }
  return { limits, adaptive };
}
