import { createRandom } from './random.ts';
import type { Scenario, Scene } from './scenario.ts';

/** Time limit of a scenario, ms, well beyond what any takes: an event that has not come by then never will. */
const deadlineMs = 300_000;

interface PlayOptions {
  readonly seed: number;
  /** Run a quarter of the repetitions, for tests. Default: false. */
  readonly short?: boolean;
}

/** Plays a scenario to its end and cleans up; resolves with its figure, rejects if its promise is broken. */
export async function play(scenario: Scenario, { seed, short = false }: PlayOptions): Promise<string> {
  await using started = new AsyncDisposableStack();
  const scene: Scene = {
    random: createRandom(seed),
    times: (count) => (short ? Math.ceil(count / 4) : count),
    use: (thing) => started.use(thing),
  };
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`It was not over after ${deadlineMs / 1000} s.`)),
    deadlineMs,
  );
  try {
    return await Promise.race([scenario.run(scene), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
