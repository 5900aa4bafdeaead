import type { Toolkit } from './toolkit.js';

/** State of one part. Contains no addresses or paths, since readiness is public. */
export interface ReadinessCheck {
  /** `server`, `keys`, `memory cache`, `disk cache`, `provider openai`, `shared limits`, `ledger`. */
  readonly name: string;
  /** `degraded`: the part fails, but the service works without it. `failed`: no request can be answered. */
  readonly status: 'ok' | 'degraded' | 'failed';
  /** What is wrong, in a few words, unless it is ok. */
  readonly reason?: string;
}

export interface Readiness {
  /** The worst of the checks; `draining` takes precedence. */
  readonly status: 'ready' | 'degraded' | 'unready' | 'draining';
  readonly checks: readonly ReadinessCheck[];
}

/**
 * Whether this server should receive requests. A failing provider, a full disk or an unreachable Redis makes it
 * degraded, not unready: they affect every server alike, and taking all of them out of service would only make it
 * worse. Contacts nobody.
 */
export async function readiness(
  toolkit: Toolkit,
  { draining = false }: { readonly draining?: boolean } = {},
): Promise<Readiness> {
  const checks = [
    draining ? failed('server', 'stopping') : ok('server'),
    await keys(toolkit),
    ...(await cacheTiers(toolkit)),
    ...(await providers(toolkit)),
    ...(await sharedLimits(toolkit)),
    await ledger(toolkit),
  ];
  if (draining) return { status: 'draining', checks };
  if (checks.some(({ status }) => status === 'failed')) return { status: 'unready', checks };
  return { status: checks.every(({ status }) => status === 'ok') ? 'ready' : 'degraded', checks };
}

/** Without the keys, nobody can be admitted. */
async function keys(toolkit: Toolkit): Promise<ReadinessCheck> {
  try {
    (await toolkit.keyring()).hasKey('gateway');
    return ok('keys');
  } catch {
    return failed('keys', 'cannot be read');
  }
}

async function cacheTiers(toolkit: Toolkit): Promise<ReadinessCheck[]> {
  const { tiers } = (await toolkit.cache()).stats();
  return tiers.map(({ name, state }) =>
    state === 'unavailable' || state === 'read-only' || state === 'closed'
      ? degraded(`${name} cache`, state)
      : ok(`${name} cache`),
  );
}

/** Circuits are named after provider and address; only the provider's name is reported. */
async function providers(toolkit: Toolkit): Promise<ReadinessCheck[]> {
  const [chosen, breaker] = await Promise.all([toolkit.providers(), toolkit.breaker()]);
  const circuits = Object.entries(breaker.snapshot());
  return chosen.map(({ provider: { name } }) => {
    const circuit = circuits.find(([upstream]) => upstream.startsWith(`${name} at `))?.[1];
    return circuit === undefined || circuit.state === 'closed'
      ? ok(`provider ${name}`)
      : degraded(`provider ${name}`, 'keeps failing');
  });
}

async function sharedLimits(toolkit: Toolkit): Promise<ReadinessCheck[]> {
  const { store } = (await toolkit.limiter()).snapshot();
  if (store === undefined) return [];
  return [store === 'ready' ? ok('shared limits') : degraded('shared limits', 'each server counts alone')];
}

async function ledger(toolkit: Toolkit): Promise<ReadinessCheck> {
  const { problem } = (await toolkit.ledger()).status();
  return problem === null ? ok('ledger') : degraded('ledger', 'calls are not recorded');
}

function ok(name: string): ReadinessCheck {
  return { name, status: 'ok' };
}

function degraded(name: string, reason: string): ReadinessCheck {
  return { name, status: 'degraded', reason };
}

function failed(name: string, reason: string): ReadinessCheck {
  return { name, status: 'failed', reason };
}
