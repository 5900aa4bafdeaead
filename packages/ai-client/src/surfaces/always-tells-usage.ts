import type { SurfaceAdapter } from './adapter.js';

type UsageHandling = Pick<SurfaceAdapter, 'upstreamBody' | 'wantsUsageEvents'>;

/** For a wire format that tells the usage of each answer, and in no event of its own: nothing is asked for, nothing left out. */
export const alwaysTellsUsage: UsageHandling = {
  upstreamBody: (body) => body,
  wantsUsageEvents: () => true,
};
