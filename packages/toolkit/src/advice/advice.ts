import type { Config } from '../config/schema.js';
import type { EffectivenessReport } from '../effectiveness/report.js';

/** A recommendation derived from what was counted. */
export interface Advice {
  /** Name of the rule: `varying-field`, `memory-too-small`. */
  readonly rule: string;
  /** What was counted, as a sentence with its figures. */
  readonly finding: string;
  /** What to do about it, as a sentence. */
  readonly action: string;
  /** The settings concerned, such as `cache.memoryBytes`; empty if the callers have to change something. */
  readonly settings: readonly string[];
  /** Share of the calls, misses or other cases concerned, 0 to 1; sets the priority. */
  readonly share: number;
  /** The figures it is based on. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Input of the rules: the report without its advice. */
export type Evidence = Omit<EffectivenessReport, 'advice'>;

/** Derives advice from the evidence. Gives none if there is too little of it, or nothing is wrong. */
export type AdviceRule = (evidence: Evidence, config: Config) => readonly Advice[];

/** Fewer cases are not significant. */
export const leastCases = 20;
/** A smaller share is not worth a change. */
export const leastShare = 0.1;

/** Whether there are enough cases, and their share is large enough. */
export function isTelling(cases: number, whole: number): boolean {
  return cases >= leastCases && whole > 0 && cases / whole >= leastShare;
}

/** `41 %`. */
export function percent(share: number): string {
  return `${share < 0.1 ? (share * 100).toFixed(1) : Math.round(share * 100)} %`;
}
