import type { Config } from '../config/schema.js';
import type { EffectivenessReport } from '../effectiveness/report.js';

/** What could be done, drawn from what was counted. */
export interface Advice {
  /** Names the rule: `varying-field`, `memory-too-small`. */
  readonly rule: string;
  /** What was counted, in a sentence with its figures. */
  readonly finding: string;
  /** What to do about it, in a sentence. */
  readonly action: string;
  /** The settings that it is about, by name, such as `cache.memoryBytes`; none where the caller has to change something. */
  readonly settings: readonly string[];
  /** Share of the calls, misses or whatever the finding is about, 0 to 1: what to look at first. */
  readonly share: number;
  /** The figures that it comes from. */
  readonly figures: Readonly<Record<string, number>>;
}

/** What rules look at: everything but what they come to. */
export type Evidence = Omit<EffectivenessReport, 'advice'>;

/** One rule: what it makes of the evidence. No advice where there is too little of it, or nothing is wrong. */
export type AdviceRule = (evidence: Evidence, config: Config) => readonly Advice[];

/** Fewer cases than these say nothing. */
export const leastCases = 20;
/** A smaller share is not worth a change. */
export const leastShare = 0.1;

/** Enough cases, and a share of the whole that is worth it. */
export function isTelling(cases: number, whole: number): boolean {
  return cases >= leastCases && whole > 0 && cases / whole >= leastShare;
}

/** `41 %`. */
export function percent(share: number): string {
  return `${share < 0.1 ? (share * 100).toFixed(1) : Math.round(share * 100)} %`;
}
