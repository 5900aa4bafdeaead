import { checkNames } from '../check.js';
import type { Entry } from '../entry.js';
import { AiError } from '../errors.js';
import type { StoredAnswer } from '../flight/flight.js';
import type { AskedTarget, Target } from '../steps/target.js';
import { tell } from '../tell.js';
import { type Cassette, recordedPart, writeCassette, writeResponse } from './cassette.js';
import { fileNameOf } from './file-name.js';
import { CassetteFolder, type CassetteQuery } from './folder.js';
import { askedHash, type Question, questionOf } from './question.js';
import { cassetteEntry } from './read-cassette.js';

/**
 * - `record`: every stored answer is also written as a cassette, replacing an older one.
 * - `replay`: only cassettes answer; neither a provider nor the cache is asked. A request without one fails with `AI_NOT_CACHED`.
 * - `auto`: cassettes answer what they can; other answers are requested and recorded.
 */
export type CassetteMode = 'record' | 'replay' | 'auto';

export interface CassetteOptions {
  /** Folder of the files; created with the first one. */
  readonly dir: string;
  readonly mode: CassetteMode;
  /**
   * Called if the folder cannot be used (once), and for each unusable file (once each), if the call goes on without it. An exception that
   * it throws becomes an uncaught exception.
   */
  readonly onProblem?: (problem: AiError) => void;
}

const known: Record<keyof CassetteOptions, true> = { dir: true, mode: true, onProblem: true };
const modes: readonly unknown[] = ['record', 'replay', 'auto'];
/** Cache entries known to be recorded; beyond this number, they are checked again. */
const maxKept = 10_000;

/** Records the answers of a pipeline and replays them. */
export class Cassettes {
  readonly mode: CassetteMode;
  readonly folder: CassetteFolder;
  private readonly onProblem: (problem: AiError) => void;
  private readonly told: Set<string> = new Set();
  private readonly kept: Set<string> = new Set();
  private readonly writing: Set<Promise<void>> = new Set();

  /** Throws a `TypeError` for invalid options. */
  constructor(options: CassetteOptions) {
    checkNames('cassettes', options, known);
    const { dir, mode, onProblem = () => {} } = options;
    if (typeof dir !== 'string' || dir === '')
      throw new TypeError(`cassettes.dir must be a path, got ${JSON.stringify(dir)}`);
    if (!modes.includes(mode))
      throw new TypeError(`cassettes.mode must be one of ${modes.join(', ')}, got ${JSON.stringify(mode)}`);
    this.mode = mode;
    this.folder = new CassetteFolder(dir);
    this.onProblem = onProblem;
  }

  /** Whether cassettes are consulted, before the cache. */
  get plays(): boolean {
    return this.mode !== 'record';
  }

  /**
   * The recorded answer to a target's request. In `replay` mode, fails with `AI_CASSETTE_INVALID` if the file is damaged, and with
   * `AI_CASSETTES_UNAVAILABLE` if the folder cannot be read; otherwise these are reported as problems.
   */
  async find(target: AskedTarget): Promise<StoredAnswer | undefined> {
    if (!this.plays) return undefined;
    const question = questionOf(target);
    const query = queryOf(target, question);
    try {
      const cassette = await this.folder.find(query);
      const own = this.folder.problems.get(fileNameOf(question));
      if (cassette === undefined && own !== undefined) throw own;
      for (const problem of this.folder.problems.values()) this.tell(problem);
      if (cassette === undefined) return undefined;
      return {
        entry: cassetteEntry(cassette, answerName(query, cassette)),
        stale: false,
        ageMs: Math.max(0, Date.now() - cassette.recordedAt),
      };
    } catch (error) {
      if (this.mode === 'replay') throw error;
      this.tell(error);
      return undefined;
    }
  }

  /** Records the answer of a target. Resolves when it has been written or has failed; never rejects. */
  record(target: AskedTarget, entry: Entry): Promise<void> {
    return this.mode === 'replay' ? Promise.resolve() : this.track(this.write(target, entry, true));
  }

  /** Records an answer found in the cache, unless it already has a cassette. */
  keep(target: AskedTarget, entry: Entry): void {
    const { key } = target;
    if (this.mode === 'replay' || key === undefined || this.kept.has(key)) return;
    if (this.kept.size >= maxKept) this.kept.clear();
    this.kept.add(key);
    void this.track(this.write(target, entry, false));
  }

  /** Resolves when all pending writes have finished. */
  async close(): Promise<void> {
    await Promise.all(this.writing);
  }

  private track(work: Promise<void>): Promise<void> {
    const tracked = work
      .catch((error: unknown) => this.tell(error))
      .finally(() => this.writing.delete(tracked));
    this.writing.add(tracked);
    return tracked;
  }

  private async write(target: AskedTarget, entry: Entry, replaces: boolean): Promise<void> {
    const question = questionOf(target);
    const { surface, provider, model } = question;
    const part = recordedPart(entry);
    const cassette: Cassette = {
      recordedAt: Date.now(),
      surface,
      model,
      ...(provider === undefined ? {} : { provider }),
      question,
      ...part,
    };
    const file = fileNameOf(question);
    const older = await this.folder.read(file).catch(() => undefined);
    // Rewriting an identical answer would only make noise in version control.
    if (older !== undefined && (!replaces || writeResponse(older) === writeResponse(part))) return;
    await this.folder.write(file, writeCassette(cassette), cassette);
  }

  private tell(problem: unknown): void {
    const error = AiError.isInstance(problem) ? problem : unexpected(this.folder.dir, problem);
    const which = error.code === 'AI_CASSETTE_INVALID' ? error.message : error.code;
    if (this.told.has(which)) return;
    this.told.add(which);
    tell(this.onProblem, error);
  }
}

function queryOf({ key }: Target, question: Question): CassetteQuery {
  const { provider } = question;
  return {
    asked: askedHash(question),
    ...(provider === undefined ? {} : { provider }),
    ...(key === undefined ? {} : { key }),
  };
}

/** Derived from the recording, so that a stream can be resumed in another process. */
function answerName({ asked }: CassetteQuery, { recordedAt }: Cassette): string {
  return `cassette-${asked.slice(0, 16)}-${recordedAt.toString(36)}`;
}

function unexpected(dir: string, cause: unknown): AiError {
  return new AiError('AI_CASSETTES_UNAVAILABLE', `An answer cannot be recorded in ${dir}.`, {
    hint: 'See the cause of this error.',
    cause,
  });
}
