import type { Random } from './random.ts';

export type { Random };

/** A fault that occurs while the toolkit is working. */
export interface Scenario {
  /** What holds in spite of it, in one sentence. */
  readonly promise: string;
  /** Path of another test that checks the promise, from the root of the repository. */
  readonly test?: string;
  /** Why it cannot run on this machine; undefined if it can. */
  unavailable?(): string | undefined;
  /** Causes the fault, observes from outside, and resolves with the figures; rejects if the promise is broken. */
  run(scene: Scene): Promise<string>;
}

/** The tools of a scenario. */
export interface Scene {
  /** Makes the random choices: the same for the same seed. */
  readonly random: Random;
  /** `count` in a full run, a quarter of it in a short one. */
  times(count: number): number;
  /** Disposes of `thing` when the scenario is over, in reverse order. */
  use<Thing extends AsyncDisposable>(thing: Thing): Thing;
}
