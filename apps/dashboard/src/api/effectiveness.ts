import type { MissCause } from './call-explanation.js';
import { getJson } from './client.js';

/** What one layer has saved. */
interface LayerSaving {
  /** `memory cache`, `coalescing`, `limits`, … */
  readonly layer: string;
  /** Calls that needed no provider, or would have failed without the layer. */
  readonly calls: number;
  /** Of all calls, 0 to 1. */
  readonly share: number;
}

/** A recommendation based on the counters. */
export interface Advice {
  readonly rule: string;
  /** A sentence with its figures. */
  readonly finding: string;
  readonly action: string;
  /** Such as `cache.memoryBytes`; empty if the caller has to change something. */
  readonly settings: readonly string[];
}

/** Misses that differ from earlier requests by one class of difference. */
interface MissClass {
  readonly class: string;
  readonly count: number;
  /** Of the misses examined, 0 to 1. */
  readonly share: number;
  /** The most frequent first. */
  readonly paths: readonly { readonly path: string; readonly count: number }[];
}

/** `/api/diagnostics/effectiveness`, limited to what is shown. */
export interface EffectivenessReport {
  /** Start of the counting, epoch, ms. */
  readonly since: number;
  readonly calls: { readonly total: number };
  readonly layers: readonly LayerSaving[];
  readonly limits: {
    /** Calls that waited for limits and were then let through. */
    readonly avoided: number;
    /** 429s received from providers. */
    readonly suffered: number;
  };
  readonly misses: {
    readonly enabled: boolean;
    readonly looked: number;
    readonly causes: Readonly<Partial<Record<MissCause, number>>>;
    readonly classes: readonly MissClass[];
  };
  /** Most important first. */
  readonly advice: readonly Advice[];
}

export function fetchEffectiveness(signal: AbortSignal): Promise<EffectivenessReport> {
  return getJson<EffectivenessReport>('api/diagnostics/effectiveness', { signal });
}
