import type { Random } from './random.ts';

export type { Random };

/** Something that breaks while the toolkit is at work. */
export interface Scenario {
  /** What holds all the same, in one sentence. */
  readonly promise: string;
  /** Another test of the repository that holds it too, by its path from the root. */
  readonly test?: string;
  /** Why it cannot be tried on this machine; undefined where it can. */
  unavailable?(): string | undefined;
  /** Breaks it, looks from outside, and says in figures what was seen; rejects when the promise is broken. */
  run(scene: Scene): Promise<string>;
}

/** What a scenario is given. */
export interface Scene {
  /** Decides what is left to chance: the same seed decides the same. */
  readonly random: Random;
  /** So many in a whole run, a quarter of it in a short one. */
  times(count: number): number;
  /** Ends it when the scenario is over, the last one first. */
  use<Thing extends AsyncDisposable>(thing: Thing): Thing;
}
