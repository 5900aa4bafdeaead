import type { SurfaceAdapter } from './adapter.js';

type UsageHandling = Pick<SurfaceAdapter, 'upstreamBody' | 'wantsUsageEvents'>;

/** For wire formats that report usage with every answer and without an extra event: nothing to request, nothing to omit. */
export const alwaysTellsUsage: UsageHandling = {
  upstreamBody: (body) => body,
  wantsUsageEvents: () => true,
};
