import { useEffect, useState } from 'preact/hooks';
import type { ProjectRun } from './run-state.js';
import { createRuns, type Runs } from './runs.js';

/** Belongs to the page, not to a view: leaving a view must not end a run that costs money. */
export const runs: Runs = createRuns();

/** The run of a project; re-renders as it progresses. */
export function useRun(id: string): ProjectRun | null {
  const [run, setRun] = useState(() => runs.of(id));
  useEffect(() => {
    const follow = (): void => setRun(runs.of(id));
    follow();
    return runs.watch(follow);
  }, [id]);
  return run;
}
