import type { ProjectEvent, ProjectPart } from './project-event.js';

/** Events waiting for their consumer: one per project, or a single `rescan` if there are too many. */
export interface EventQueue {
  push(event: ProjectEvent): void;
  /** The next event, or undefined once the queue has ended. Rejects if it ended with a failure. */
  take(): Promise<ProjectEvent | undefined>;
  /** Ends the queue and drops waiting events. Only the first call counts. */
  end(failure?: { readonly error: unknown }): void;
}

type Taker = PromiseWithResolvers<ProjectEvent | undefined>;

export function createEventQueue(maxQueued: number): EventQueue {
  const waiting = new Map<string, ProjectEvent>();
  const takers: Taker[] = [];
  let ended: { readonly failure: { readonly error: unknown } | undefined } | undefined;

  function add(event: ProjectEvent): void {
    const key = keyOf(event);
    // A pending `rescan` already covers everything else.
    if (waiting.has('')) return;
    const before = waiting.get(key);
    const merged = before === undefined ? event : merge(before, event);
    if (merged === undefined) waiting.delete(key);
    else waiting.set(key, merged);
    if (event.kind !== 'rescan' && waiting.size <= maxQueued) return;
    waiting.clear();
    waiting.set('', { kind: 'rescan' });
  }

  function first(): ProjectEvent | undefined {
    for (const [key, event] of waiting) {
      waiting.delete(key);
      return event;
    }
    return undefined;
  }

  return {
    push(event) {
      if (ended !== undefined) return;
      add(event);
      if (takers.length === 0) return;
      const next = first();
      if (next !== undefined) takers.shift()?.resolve(next);
    },
    async take() {
      const next = first();
      if (next !== undefined) return next;
      if (ended?.failure !== undefined) throw ended.failure.error;
      if (ended !== undefined) return undefined;
      const taker: Taker = Promise.withResolvers();
      takers.push(taker);
      return taker.promise;
    },
    end(failure) {
      if (ended !== undefined) return;
      ended = { failure };
      waiting.clear();
      for (const taker of takers.splice(0)) {
        if (failure === undefined) taker.resolve(undefined);
        else taker.reject(failure.error);
      }
    },
  };
}

/** The empty key stands for `rescan`; no project has it. */
function keyOf(event: ProjectEvent): string {
  if (event.kind === 'rescan') return '';
  return event.id === undefined ? `path ${event.path}` : `id ${event.id}`;
}

/** Merges two events of the same project. Undefined if it was created and deleted unseen. */
function merge(before: ProjectEvent, after: ProjectEvent): ProjectEvent | undefined {
  if (before.kind === 'created') {
    if (after.kind === 'deleted') return undefined;
    return after.kind === 'changed' ? { ...before, path: after.path } : after;
  }
  if (before.kind !== 'changed' || after.kind !== 'changed') return after;
  return {
    ...after,
    parts: allParts.filter((part) => before.parts.includes(part) || after.parts.includes(part)),
    stages: [...new Set([...before.stages, ...after.stages])].sort((a, b) => a - b),
  };
}

const allParts: readonly ProjectPart[] = ['facts', 'idea', 'path', 'stages'];
