import { appendFile } from 'node:fs/promises';
import { writeFileAtomic } from '../fs/atomic-write.js';
import { writeFailure } from '../fs/error-code.js';
import { cutWhole } from './whole-text.js';

/** Saves the output of a running stage, so that an interruption loses nothing and never looks like completion. */
export interface PartialWriter {
  /**
   * Adds text, which is written in the background. The first addition replaces what an earlier attempt left.
   * @throws StoreError `STORE_UNWRITABLE` if an earlier addition could not be written
   */
  append(text: string): void;
  /** Waits until everything is written. @throws StoreError `STORE_UNWRITABLE` if some of it could not be */
  close(): Promise<void>;
}

export interface PartialWriterOptions {
  /** Awaited before each write. @throws StoreError `STORE_LOCK_LOST` */
  readonly assertHeld: () => Promise<void>;
  /** Awaited before the first write. */
  readonly prepare: () => Promise<void>;
}

export function createPartialWriter(
  path: string,
  { assertHeld, prepare }: PartialWriterOptions,
): PartialWriter {
  let waiting = '';
  let started = false;
  let writing: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;

  async function drain(isEnd: boolean): Promise<void> {
    try {
      for (;;) {
        const [text, rest] = isEnd ? [waiting, ''] : cutWhole(waiting);
        if (text === '') return;
        waiting = rest;
        await assertHeld();
        if (started) {
          await appendFile(path, text);
        } else {
          await prepare();
          await writeFileAtomic(path, text);
          started = true;
        }
      }
    } catch (error) {
      failure = { error: writeFailure(error, path) };
    } finally {
      writing = undefined;
    }
  }

  return {
    append(text) {
      if (failure !== undefined) throw failure.error;
      if (text === '') return;
      waiting += text;
      writing ??= drain(false);
    },
    async close() {
      await writing;
      if (failure === undefined) await drain(true);
      if (failure !== undefined) throw failure.error;
    },
  };
}
