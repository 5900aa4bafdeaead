import type { AiError } from '../errors.js';

/** A file or an entry that was skipped. */
export interface CassetteProblem {
  /** Name of the file, or key of the entry. */
  readonly name: string;
  readonly error: AiError;
}
