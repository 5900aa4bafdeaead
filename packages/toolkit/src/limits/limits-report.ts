import type { CircuitSnapshot, LimiterSnapshot } from '@ai-toolkit/rate-limit';
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

/** A server on this machine answers at once or not at all. */
const timeoutMs = 1000;

/** Asks the server of the configuration, whose counts matter; without one there is only what is configured. */
export async function reportLimits({ config, limiter, breaker }: Toolkit): Promise<LimitsReport> {
  const { host, port, adminKey } = config.server;
  const server = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const configured = config.limits;
  try {
    const response = await fetch(`${server}/api/limits`, {
      headers: adminKey === undefined ? {} : { authorization: `Bearer ${adminKey}` },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const told: unknown = await response.json();
    if (response.ok && isSnapshot(told)) return { ...told, source: 'server', server, configured };
    const reason =
      response.status === 401 || response.status === 403
        ? 'it asks for an admin key: set AI_TOOLKIT_ADMIN_KEY'
        : `it answered ${response.status}`;
    return { ...(await own()), reason };
  } catch {
    return { ...(await own()), reason: 'no server answers' };
  }

  async function own(): Promise<LimitsReport> {
    const [limits, circuits] = await Promise.all([limiter(), breaker()]);
    return { ...limits.snapshot(), circuits: circuits.snapshot(), source: 'process', server, configured };
  }
}

function isSnapshot(value: unknown): value is LimiterSnapshot & Pick<LimitsReport, 'circuits'> {
  return typeof value === 'object' && value !== null && 'keys' in value && 'circuits' in value;
}
