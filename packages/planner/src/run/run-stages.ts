import type { StageDefinition } from '../stages/stage-definition.js';
import { createEventQueue } from './event-queue.js';
import type { PlannerEvent } from './planner-event.js';

/**
 * Runs stages, given in order, each once the stages it needs have succeeded, at most `concurrency` at a time. A failure
 * stops only its dependents; the first one is thrown after the last event.
 */
export async function* runStages(
  stages: readonly StageDefinition[],
  concurrency: number,
  runStage: (stage: StageDefinition, signal: AbortSignal) => AsyncIterable<PlannerEvent>,
  stop: AbortSignal | undefined,
): AsyncGenerator<PlannerEvent, void, void> {
  const queue = createEventQueue<PlannerEvent>();
  const left = new AbortController();
  const signal = stop === undefined ? left.signal : AbortSignal.any([stop, left.signal]);
  const waiting = [...stages];
  const inProgress = new Map<number, Promise<void>>();
  const outcomes = new Map<number, 'done' | 'failed'>();
  let failure: { readonly error: unknown } | undefined;

  function startWhatCan(): void {
    for (const stage of [...waiting]) {
      const broken = stage.needs.find((need) => outcomes.get(need) === 'failed');
      if (broken !== undefined || signal.aborted) {
        waiting.splice(waiting.indexOf(stage), 1);
        outcomes.set(stage.id, 'failed');
        if (broken !== undefined && !signal.aborted) queue.push(skippedFor(stage, broken));
      } else if (inProgress.size < concurrency && stage.needs.every(isSettled)) {
        waiting.splice(waiting.indexOf(stage), 1);
        inProgress.set(stage.id, runOne(stage));
      }
    }
    if (inProgress.size > 0) return;
    // An abort takes precedence; earlier failures were reported as events.
    queue.end(stop?.aborted === true ? { error: stop.reason } : failure);
  }

  /** A required stage outside this run already has its document. */
  function isSettled(need: number): boolean {
    return !inProgress.has(need) && !waiting.some((stage) => stage.id === need);
  }

  async function runOne(stage: StageDefinition): Promise<void> {
    try {
      for await (const event of runStage(stage, signal)) queue.push(event);
      outcomes.set(stage.id, 'done');
    } catch (error) {
      outcomes.set(stage.id, 'failed');
      failure ??= { error };
    }
    inProgress.delete(stage.id);
    startWhatCan();
  }

  startWhatCan();
  try {
    yield* queue.events();
  } finally {
    left.abort();
    await Promise.all(inProgress.values());
  }
}

function skippedFor(stage: StageDefinition, broken: number): PlannerEvent {
  const why = `stage ${broken}, which it needs, did not succeed`;
  return { type: 'skipped', stage: stage.id, name: stage.name, reason: 'dependency-failed', why };
}
