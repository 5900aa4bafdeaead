import type { StreamEvent } from '../../../api/event-stream.js';

export interface StageProgress {
  readonly stage: number;
  readonly name: string;
  readonly state: 'running' | 'done' | 'failed' | 'skipped' | 'stopped';
  /** Why it runs or not, or what went wrong, as a clause. */
  readonly why: string;
  /** The text so far. */
  readonly text: string;
  /** How the response cache answered; absent until known. */
  readonly cache?: string;
  readonly tokens?: { readonly input: number; readonly output: number };
  /** US dollars; absent until known, and if the price is unknown. */
  readonly costUsd?: number;
}

/** A run started from this page. */
export interface ProjectRun {
  /** `stopped`: by the user. */
  readonly state: 'running' | 'done' | 'failed' | 'stopped';
  /** The single stage to run; null for all that are missing or stale. */
  readonly only: number | null;
  /** In order of their start. */
  readonly stages: readonly StageProgress[];
  /** Why it failed, unless a stage says so; null otherwise. */
  readonly problem: string | null;
}

export function beginRun(only: number | null): ProjectRun {
  return { state: 'running', only, stages: [], problem: null };
}

/** The event members read here. */
interface RunEventData {
  readonly stage: number;
  readonly name: string;
  readonly why?: string;
  readonly text?: string;
  readonly cache?: string;
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number };
  readonly costUsd?: number;
  readonly error?: { readonly message: string };
  readonly ok?: boolean;
}

/** Applies an event to a run. Unknown events change nothing. */
export function followRun(run: ProjectRun, { event, data }: StreamEvent): ProjectRun {
  const told = JSON.parse(data) as RunEventData;
  switch (event) {
    case 'started':
      return { ...run, stages: [...run.stages, stageOf(told, 'running')] };
    case 'skipped':
      return { ...run, stages: [...run.stages, stageOf(told, 'skipped')] };
    case 'text':
      return change(run, told, ({ text }) => ({ text: text + (told.text ?? '') }));
    case 'usage':
      return change(run, told, () => factsOf(told));
    case 'done':
      return change(run, told, () => ({ state: 'done', ...factsOf(told) }));
    case 'failed': {
      const why = told.error?.message ?? 'It failed.';
      const isKnown = run.stages.some(({ stage, state }) => stage === told.stage && state === 'running');
      if (isKnown) return change(run, told, () => ({ state: 'failed', why }));
      return { ...run, stages: [...run.stages, { ...stageOf(told, 'failed'), why }] };
    }
    case 'end':
      return { ...run, state: told.ok === true ? 'done' : 'failed' };
    default:
      return run;
  }
}

/** The state of a run once its response has ended. Without an `end` event, it broke off. */
export function endRun(run: ProjectRun, end: { stopped: boolean; problem: string | null }): ProjectRun {
  if (run.state !== 'running') return run;
  const state = end.stopped ? 'stopped' : 'failed';
  return {
    ...run,
    state,
    problem: end.stopped ? null : (end.problem ?? 'The run ended early.'),
    stages: run.stages.map((stage) => (stage.state === 'running' ? { ...stage, state } : stage)),
  };
}

function stageOf({ stage, name, why = '' }: RunEventData, state: StageProgress['state']): StageProgress {
  return { stage, name, state, why, text: '' };
}

function factsOf({ cache, usage, costUsd }: RunEventData): Partial<StageProgress> {
  return {
    ...(cache === undefined ? {} : { cache }),
    ...(usage === undefined ? {} : { tokens: { input: usage.inputTokens, output: usage.outputTokens } }),
    ...(costUsd === undefined ? {} : { costUsd }),
  };
}

function change(
  run: ProjectRun,
  { stage: number }: RunEventData,
  to: (before: StageProgress) => Partial<StageProgress>,
): ProjectRun {
  return {
    ...run,
    stages: run.stages.map((stage) => (stage.stage === number ? { ...stage, ...to(stage) } : stage)),
  };
}
