import type { CircuitSnapshot, LimiterSnapshot } from '@ai-toolkit/rate-limit';
import { askServer } from '../server/ask-server.js';
import type { Toolkit } from '../toolkit.js';

/** Current limits by provider and model. */
export interface LimitsReport extends LimiterSnapshot {
  /** `server`: counters of the local server. `process`: no server counts, so only the configured limits are known. */
  readonly source: 'server' | 'process';
  /** URL of the server, even if it does not answer. */
  readonly server: string;
  /** Why the server gave no counters; absent if it did. */
  readonly reason?: string;
  /** The configured limits for each provider and model. */
  readonly configured: Toolkit['config']['limits'];
  readonly circuits: Readonly<Record<string, CircuitSnapshot>>;
}

/** Gets the counters of the configured server; without one, only the configured limits are known. */
export async function reportLimits({ config, limiter, breaker }: Toolkit): Promise<LimitsReport> {
  const configured = config.limits;
  const { server, value, reason = 'it answered something else' } = await askServer(config, '/api/limits');
  if (isSnapshot(value)) return { ...value, source: 'server', server, configured };
  const [limits, circuits] = await Promise.all([limiter(), breaker()]);
  return {
    ...limits.snapshot(),
    circuits: circuits.snapshot(),
    source: 'process',
    server,
    configured,
    reason,
  };
}

function isSnapshot(value: unknown): value is LimiterSnapshot & Pick<LimitsReport, 'circuits'> {
  return typeof value === 'object' && value !== null && 'keys' in value && 'circuits' in value;
}
