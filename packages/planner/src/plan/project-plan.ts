/** The call a stage would make. Counts are estimates. */
export interface PlannedCall {
  /** Absent for the client's default. */
  readonly model?: string;
  /**
   * - `hit`: the response cache has the answer, which costs nothing.
   * - `miss`: a provider would be asked.
   * - `unknown`: cannot be told, or not before the stages in `until` have run, whose documents are part of the prompt.
   */
  readonly cache: 'hit' | 'miss' | 'unknown';
  /** Stages that must run before the prompt is known. */
  readonly until: readonly number[];
  readonly inputTokens: number;
  /** Output tokens of the stage's last answer, or else a typical length. */
  readonly outputTokens: number;
  /** US dollars; 0 for a hit, absent if the price is unknown. */
  readonly costUsd?: number;
  /** The most it can cost, which a budget would reserve, US dollars; absent if prompt or price are unknown. */
  readonly mostUsd?: number;
}

/** What `run` would do with a stage. */
export interface PlanStep {
  readonly stage: number;
  readonly name: string;
  /**
   * - `wait`: another process is running it.
   * - `blocked`: `run` would fail, because a required document is missing, a template is invalid, or the budget is too
   * small.
   */
  readonly action: 'run' | 'skip' | 'wait' | 'blocked';
  readonly why: readonly string[];
  /** Present only with `run`. */
  readonly call?: PlannedCall;
}

export interface ProjectPlan {
  /** In the order in which they can run. */
  readonly steps: readonly PlanStep[];
  /** Stages that would run. */
  readonly calls: number;
  /** Number of these calls that the response cache is known to answer. */
  readonly hits: number;
  /** Estimate for all calls except hits. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Estimate, US dollars; absent if the cost of any call is unknown. */
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
