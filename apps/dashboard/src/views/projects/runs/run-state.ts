import type { StreamEvent } from '../../../api/event-stream.js';

export interface StageProgress {
  readonly stage: number;
  readonly name: string;
  readonly state: 'running' | 'done' | 'failed' | 'skipped' | 'stopped';
  /** Why it runs or not, as a clause; what went wrong, where something did. */
  readonly why: string;
  /** What it has said so far. */
  readonly text: string;
  /** How the response cache answered; absent until that is known. */
  readonly cache?: string;
  readonly tokens?: { readonly input: number; readonly output: number };
  /** US dollars; absent until it is known, and when the price is not. */
  readonly costUsd?: number;
}

/** A run that was started from this page. */
export interface ProjectRun {
  /** `stopped`: by the user. */
  readonly state: 'running' | 'done' | 'failed' | 'stopped';
  /** The one stage that is run; null: all that are missing or stale. */
  readonly only: number | null;
  /** In the order in which they began. */
  readonly stages: readonly StageProgress[];
  /** Why it failed, where no stage says it; null when nothing did. */
  readonly problem: string | null;
}

export function beginRun(only: number | null): ProjectRun {
  return { state: 'running', only, stages: [], problem: null };
}

/** The members of the events that are read here. */
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

/** What a run is after an event. Events that are not known change nothing. */
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

/** What a run is when its answer has ended. One without its `end` broke off. */
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
