import type { StageStatus } from './stage-status.js';

/** Totals over all stages of a project. */
export interface StatusTotals {
  readonly stages: number;
  /** Number of stages with a document, including stale ones. */
  readonly documents: number;
  /** Tokens spent on the documents; nothing is known for those written by hand. */
  readonly tokens: { readonly input: number; readonly output: number };
  /** US dollars; absent if the cost of any document written by a model is unknown. */
  readonly costUsd?: number;
}

export function totalsOf(stages: readonly StageStatus[]): StatusTotals {
  const written = stages.filter(({ path }) => path !== undefined);
  const asked = written.filter(({ model }) => model !== undefined);
  const costs = asked.flatMap(({ costUsd }) => (costUsd === undefined ? [] : [costUsd]));
  return {
    stages: stages.length,
    documents: written.length,
    tokens: {
      input: sum(asked.map(({ tokens }) => tokens?.input ?? 0)),
      output: sum(asked.map(({ tokens }) => tokens?.output ?? 0)),
    },
    ...(costs.length === asked.length ? { costUsd: sum(costs) } : {}),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
