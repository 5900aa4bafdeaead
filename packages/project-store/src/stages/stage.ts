/** Determines the names of a stage's files: `stages/1-initial-plan.md`. */
export interface StageRef {
  /** Positive whole number. */
  readonly number: number;
  /** Lower-case words joined by `-`. */
  readonly slug: string;
}

/** How a text was produced. */
export interface StageRecord {
  /** Equal identities mean the same question to the same model with the same settings. */
  readonly identity?: string;
  /** The parts of the identity by name, each with its value or hash, to explain a difference. */
  readonly ingredients?: Readonly<Record<string, string>>;
  /** The non-default settings chosen by the caller. Reused by the next run. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Revision of each stage used as input, by stage number. */
  readonly inputRevisions?: Readonly<Record<string, number>>;
  readonly model?: string;
  readonly tokens?: { readonly input: number; readonly output: number };
  /** Cost of the answer, US dollars: 0 from the cache, absent if the price is unknown. */
  readonly costUsd?: number;
  /** Cache status of the response: `hit`, `miss`, … */
  readonly cache?: string;
  /** The answer was truncated by a limit that the caller set. */
  readonly truncated?: boolean;
}

/** A stage's entry in `project.json`. */
export interface StageState extends StageRecord {
  readonly slug: string;
  readonly status: 'not-started' | 'done' | 'failed';
  /** Current revision; absent if there is no document. */
  readonly revision?: number;
  /** Highest revision ever assigned, so that numbers are never reused. */
  readonly lastRevision: number;
  /** SHA-256 of the current revision's text, hex. A file that differs was edited by hand. */
  readonly contentHash?: string;
  /** When the current revision was written. Epoch, ms. */
  readonly finishedAt?: number;
  /** Error of the last attempt, if it failed. */
  readonly error?: StageFailure;
}

export interface StageFailure {
  readonly code: string;
  readonly message: string;
  /** Epoch, ms. */
  readonly at: number;
}

/** Origin of a revision: a run, a hand edit saved before it was replaced, or a restored revision. */
export type RevisionOrigin = 'run' | 'edit' | 'restore';

export interface Revision extends StageRecord {
  readonly stage: number;
  readonly slug: string;
  /** From 1. */
  readonly revision: number;
  readonly origin: RevisionOrigin;
  /** SHA-256 of the text, hex. */
  readonly contentHash: string;
  /** Epoch, ms. */
  readonly createdAt: number;
}

/** A revision that has just become current. */
export interface CurrentRevision extends Revision {
  /** Path of the stage's document. */
  readonly path: string;
}

/** The current text of a stage, as stored. */
export interface StageDocument {
  readonly text: string;
  /** SHA-256 of the text, hex. */
  readonly contentHash: string;
  /** Absent for a file that no run wrote. */
  readonly revision?: number;
  /** The file differs from the revision it came from. */
  readonly edited: boolean;
  readonly path: string;
}
