import type { StreamEvent } from '../../../api/event-stream.js';
import { type ProjectRunSettings, runProject, runStage } from '../../../api/stages.js';
import { asApiError } from '../../../connection/use-loaded.js';
import { beginRun, endRun, followRun, type ProjectRun } from './run-state.js';

/** The runs of this page, one per project. They continue while the user is in another view, and end with the page. */
export interface Runs {
  /** The current run, or the last one; null if there was none. */
  of(id: string): ProjectRun | null;
  /** Calls `listener` on changes of any run, at most ten times a second. Returns a function that unsubscribes. */
  watch(listener: () => void): () => void;
  /** Runs one stage, or with null all that are missing or stale. Does nothing while the project is running. */
  start(id: string, only: number | null, settings: ProjectRunSettings): void;
  /** Stops the run: the server ends the call to the provider, and keeps the text so far. */
  stop(id: string): void;
  /** Forgets a run that has ended. */
  dismiss(id: string): void;
}

const redrawMs = 100;

export function createRuns(): Runs {
  const runs = new Map<string, ProjectRun>();
  const stoppers = new Map<string, AbortController>();
  const watchers = new Set<() => void>();
  let redraw = 0;

  function tell(): void {
    window.clearTimeout(redraw);
    redraw = 0;
    for (const watcher of watchers) watcher();
  }

  /** Throttled, since a fast answer has hundreds of events a second. */
  function become(id: string, run: ProjectRun): void {
    runs.set(id, run);
    if (redraw === 0) redraw = window.setTimeout(tell, redrawMs);
  }

  /** Leaving the page ends its runs, so the browser asks first. */
  function askBeforeLeaving(event: BeforeUnloadEvent): void {
    if (stoppers.size > 0) event.preventDefault();
  }
  window.addEventListener('beforeunload', askBeforeLeaving);

  async function follow(
    id: string,
    events: AsyncGenerator<StreamEvent, void, void>,
    signal: AbortSignal,
  ): Promise<void> {
    let run = runs.get(id) ?? beginRun(null);
    let problem: string | null = null;
    try {
      for await (const event of events) {
        run = followRun(run, event);
        become(id, run);
      }
    } catch (error) {
      problem = asApiError(error).message;
    }
    stoppers.delete(id);
    runs.set(id, endRun(run, { stopped: signal.aborted, problem }));
    tell();
  }

  return {
    of: (id) => runs.get(id) ?? null,
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    start(id, only, settings) {
      if (stoppers.has(id)) return;
      const stopper = new AbortController();
      const { signal } = stopper;
      stoppers.set(id, stopper);
      runs.set(id, beginRun(only));
      tell();
      const events = only === null ? runProject(id, settings, signal) : runStage(id, only, settings, signal);
      void follow(id, events, signal);
    },
    stop(id) {
      stoppers.get(id)?.abort();
    },
    dismiss(id) {
      if (stoppers.has(id)) return;
      runs.delete(id);
      tell();
    },
  };
}
