/** The call that a stage would make. Counts are estimates. */
export interface PlannedCall {
  /** Absent: the client's default. */
  readonly model?: string;
  /**
   * - `hit`: the response cache holds the answer, so that it costs nothing.
   * - `miss`: a provider would be asked.
   * - `unknown`: nobody can tell, or not before the stages in `until` have run, whose documents are part of the prompt.
   */
  readonly cache: 'hit' | 'miss' | 'unknown';
  /** Stages that must run before the prompt is known. */
  readonly until: readonly number[];
  readonly inputTokens: number;
  /** As many as the stage's last answer had, else what a document usually has. */
  readonly outputTokens: number;
  /** US dollars; 0 for a hit, absent when the price is not known. */
  readonly costUsd?: number;
  /** The most that it can cost, which a budget would set aside; absent when prompt or price are not known. */
  readonly mostUsd?: number;
}

/** What `run` would do with a stage. */
export interface PlanStep {
  readonly stage: number;
  readonly name: string;
  /**
   * - `wait`: another process is running it.
   * - `blocked`: `run` would fail, because of a document that nobody will have made, a template that is not valid, or the budget.
   */
  readonly action: 'run' | 'skip' | 'wait' | 'blocked';
  readonly why: readonly string[];
  /** With `run`. */
  readonly call?: PlannedCall;
}

export interface ProjectPlan {
  /** In the order in which they can run. */
  readonly steps: readonly PlanStep[];
  /** Stages that would run. */
  readonly calls: number;
  /** How many of these the response cache is known to answer. */
  readonly hits: number;
  /** Of all calls but hits, estimated. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Estimated, US dollars; absent when that of one call is not known. */
  readonly costUsd?: number;
}

export function sumUp(steps: readonly PlanStep[]): ProjectPlan {
  const calls = steps.flatMap(({ call }) => (call === undefined ? [] : [call]));
  const paid = calls.filter(({ cache }) => cache !== 'hit');
  const costs = paid.map(({ costUsd }) => costUsd);
  const known = costs.filter((usd) => usd !== undefined);
  return {
    steps,
    calls: calls.length,
    hits: calls.length - paid.length,
    inputTokens: sum(paid.map(({ inputTokens }) => inputTokens)),
    outputTokens: sum(paid.map(({ outputTokens }) => outputTokens)),
    ...(known.length === costs.length ? { costUsd: sum(known) } : {}),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
