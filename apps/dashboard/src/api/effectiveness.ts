import type { MissCause } from './call-explanation.js';
import { getJson } from './client.js';

/** One way in which calls were spared or saved. */
interface LayerSaving {
  /** `memory cache`, `coalescing`, `limits`, … */
  readonly layer: string;
  /** Calls for which no provider was asked, or that would have failed without. */
  readonly calls: number;
  /** Of all calls, 0 to 1. */
  readonly share: number;
}

/** What could be done, drawn from what was counted. */
export interface Advice {
  readonly rule: string;
  /** A sentence with its figures. */
  readonly finding: string;
  readonly action: string;
  /** Such as `cache.memoryBytes`; none where the caller has to change something. */
  readonly settings: readonly string[];
}

/** Misses that differ from what was asked before in one class of difference. */
interface MissClass {
  readonly class: string;
  readonly count: number;
  /** Of the misses that were looked at, 0 to 1. */
  readonly share: number;
  /** The most frequent first. */
  readonly paths: readonly { readonly path: string; readonly count: number }[];
}

/** `/api/diagnostics/effectiveness`, as far as it is shown. */
export interface EffectivenessReport {
  /** Epoch, ms: since when all this is counted. */
  readonly since: number;
  readonly calls: { readonly total: number };
  readonly layers: readonly LayerSaving[];
  readonly limits: {
    /** Calls that waited for limits and were let through. */
    readonly avoided: number;
    /** 429s that providers answered with. */
    readonly suffered: number;
  };
  readonly misses: {
    readonly enabled: boolean;
    readonly looked: number;
    readonly causes: Readonly<Partial<Record<MissCause, number>>>;
    readonly classes: readonly MissClass[];
  };
  /** The most telling first. */
  readonly advice: readonly Advice[];
}

export function fetchEffectiveness(signal: AbortSignal): Promise<EffectivenessReport> {
  return getJson<EffectivenessReport>('api/diagnostics/effectiveness', { signal });
}
