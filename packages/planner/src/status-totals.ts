import type { StageStatus } from './stage-status.js';

/** All stages of a project together. */
export interface StatusTotals {
  readonly stages: number;
  /** Stages that have a document, stale ones too. */
  readonly documents: number;
  /** What the documents took; of those that a person wrote nothing is known. */
  readonly tokens: { readonly input: number; readonly output: number };
  /** US dollars; absent when that of a document which a model wrote is not known. */
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
