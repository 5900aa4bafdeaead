/** Names a stage's files: `stages/1-initial-plan.md`. */
export interface StageRef {
  /** Positive whole number. */
  readonly number: number;
  /** Lower-case words joined by `-`. */
  readonly slug: string;
}

/** How a text came to be. */
export interface StageRecord {
  /** Equal identities mean: the same question, put to the same model in the same way. */
  readonly identity?: string;
  /** What went into the identity, each part by name with its value or hash, so that a difference can be explained. */
  readonly ingredients?: Readonly<Record<string, string>>;
  /** What the caller of the run chose, other than the defaults. Kept for the next run. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Revision of each stage that it was made from, by stage number. */
  readonly inputRevisions?: Readonly<Record<string, number>>;
  readonly model?: string;
  readonly tokens?: { readonly input: number; readonly output: number };
  /** What the answer cost, US dollars: 0 for one from the cache, absent when the price is not known. */
  readonly costUsd?: number;
  /** How the response cache answered: `hit`, `miss`, … */
  readonly cache?: string;
  /** The answer was cut short by a limit that the caller had set. */
  readonly truncated?: boolean;
}

/** What `project.json` says of a stage. */
export interface StageState extends StageRecord {
  readonly slug: string;
  readonly status: 'not-started' | 'done' | 'failed';
  /** Revision that is current; absent when there is no document. */
  readonly revision?: number;
  /** Highest revision ever given, so that numbers are never used twice. */
  readonly lastRevision: number;
  /** SHA-256 of the current revision's text, hex. A file that differs was edited by hand. */
  readonly contentHash?: string;
  /** Epoch, ms: when the current revision was written. */
  readonly finishedAt?: number;
  /** Of the last attempt, when it failed. */
  readonly error?: StageFailure;
}

export interface StageFailure {
  readonly code: string;
  readonly message: string;
  /** Epoch, ms. */
  readonly at: number;
}

/** Where a revision comes from: a run, a person's edit saved before it was replaced, or an older revision. */
export type RevisionOrigin = 'run' | 'edit' | 'restore';

export interface Revision extends StageRecord {
  readonly stage: number;
  readonly slug: string;
  /** 1 is the first. */
  readonly revision: number;
  readonly origin: RevisionOrigin;
  /** SHA-256 of the text, hex. */
  readonly contentHash: string;
  /** Epoch, ms. */
  readonly createdAt: number;
}

/** A revision that was just made current. */
export interface CurrentRevision extends Revision {
  /** Path of the stage's document. */
  readonly path: string;
}

/** The current text of a stage, as it is on disk. */
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
