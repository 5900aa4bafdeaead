import { useEffect, useState } from 'preact/hooks';
import type { ProjectRun } from './run-state.js';
import { createRuns, type Runs } from './runs.js';

/** Of the page, not of a view: to look elsewhere must not end a run that somebody pays for. */
export const runs: Runs = createRuns();

/** The run of a project, as it goes on. */
export function useRun(id: string): ProjectRun | null {
  const [run, setRun] = useState(() => runs.of(id));
  useEffect(() => {
    const follow = (): void => setRun(runs.of(id));
    follow();
    return runs.watch(follow);
  }, [id]);
  return run;
}
