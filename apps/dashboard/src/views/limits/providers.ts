import type { Circuit, LimitState, LimitsReport } from '../../api/limits.js';
import type { ServerInfo } from '../../api/server.js';

interface ModelLimits {
  readonly model: string;
  readonly state: LimitState;
}

export interface ProviderLimits {
  readonly name: string;
  readonly baseUrl: string | null;
  readonly circuit: Circuit | null;
  /** The models called since the server started, by name. */
  readonly models: readonly ModelLimits[];
}

/** Providers with their models and circuits: the configured ones, and any others that were called. */
export function providersOf(report: LimitsReport, info: ServerInfo | null): readonly ProviderLimits[] {
  const asked = Object.keys(report.keys).map((key) => nameOf(key).provider);
  const configured = info?.providers ?? [];
  const names = new Set([...configured.map(({ name }) => name), ...asked]);
  return [...names].map((name) => {
    const baseUrl = configured.find((provider) => provider.name === name)?.baseUrl ?? null;
    return { name, baseUrl, circuit: circuitOf(report, name), models: modelsOf(report, name) };
  });
}

function modelsOf(report: LimitsReport, provider: string): readonly ModelLimits[] {
  return Object.entries(report.keys)
    .map(([key, state]) => ({ ...nameOf(key), state }))
    .filter((found) => found.provider === provider)
    .sort((a, b) => a.model.localeCompare(b.model, 'en', { numeric: true }));
}

/** The worst circuit of a provider, which may have several addresses. */
function circuitOf({ circuits }: LimitsReport, provider: string): Circuit | null {
  const own = Object.entries(circuits)
    .filter(([key]) => providerOfCircuit(key) === provider)
    .map(([, circuit]) => circuit);
  return own.find(({ state }) => state !== 'closed') ?? own[0] ?? null;
}

/** Splits `provider:model`; the model may itself contain a colon. */
export function nameOf(key: string): { readonly provider: string; readonly model: string } {
  const colon = key.indexOf(':');
  return colon === -1
    ? { provider: key, model: '' }
    : { provider: key.slice(0, colon), model: key.slice(colon + 1) };
}

/** `provider at base URL` */
export function providerOfCircuit(key: string): string {
  const at = key.indexOf(' at ');
  return at === -1 ? key : key.slice(0, at);
}

export interface LimitSums {
  readonly waiting: number;
  readonly underWay: number;
  /** The longest expected wait of a new call, ms. */
  readonly expectedWaitMs: number;
  readonly rateLimited: number;
  readonly refused: number;
  readonly waits: { readonly count: number; readonly totalMs: number; readonly longestMs: number };
}

/** All models of all providers together. */
export function sumLimits({ keys }: LimitsReport): LimitSums {
  const states = Object.values(keys);
  const sum = (count: (state: LimitState) => number): number =>
    states.reduce((total, state) => total + count(state), 0);
  const most = (size: (state: LimitState) => number): number => Math.max(0, ...states.map(size));
  return {
    waiting: sum(({ queue }) => queue.depth),
    underWay: sum(({ concurrency }) => concurrency.used),
    expectedWaitMs: most(({ queue }) => queue.expectedWaitMs),
    rateLimited: sum(({ counts }) => counts.rateLimited),
    refused: sum(({ counts }) => counts.refused + counts.shed),
    waits: {
      count: sum(({ waits }) => waits.count),
      totalMs: sum(({ waits }) => waits.totalMs),
      longestMs: most(({ waits }) => waits.longestMs),
    },
  };
}
