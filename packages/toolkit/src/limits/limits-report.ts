import type { CircuitSnapshot, LimiterSnapshot } from '@ai-toolkit/rate-limit';
import { askServer } from '../server/ask-server.js';
import type { Toolkit } from '../toolkit.js';

/** Where the limits stand, by the key of each: provider and model. */
export interface LimitsReport extends LimiterSnapshot {
  /** `server`: what the server that is running here counts. `process`: nobody counts, these are the configured limits. */
  readonly source: 'server' | 'process';
  /** URL of the server, also of one that does not answer. */
  readonly server: string;
  /** Why the server was not asked, or what it said; absent when it told. */
  readonly reason?: string;
  /** What the configuration allows each provider and model. */
  readonly configured: Toolkit['config']['limits'];
  readonly circuits: Readonly<Record<string, CircuitSnapshot>>;
}

/** Asks the server of the configuration, whose counts matter; without one there is only what is configured. */
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
