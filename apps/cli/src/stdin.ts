import { fstatSync } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { textOf } from './text.js';

/** Who waits this long for stdin has probably forgotten that it is open. */
const noticeAfterMs = 2000;

/**
 * Whether stdin holds a part of the prompt: where the prompt is `-`, a terminal as well. With another prompt or a file it does only when a
 * shell put a pipe or a file there: programs that start others often leave an open socket as stdin, which would never end.
 */
export function readsStdin(prompt: string | undefined, files: readonly string[]): boolean {
  if (prompt === '-') return true;
  if (process.stdin.isTTY === true) return false;
  if (prompt === undefined && files.length === 0) return true;
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isFile();
  } catch {
    // There is no stdin.
    return false;
  }
}

/** All of stdin as text. Fails with the reason of `signal`, and with a `TypeError` when it is no text. */
export async function readStdin(signal: AbortSignal): Promise<string> {
  const notice = setTimeout(() => {
    process.stderr.write('Waiting for stdin to end; use --no-input to ignore it.\n');
  }, noticeAfterMs);
  try {
    const text = textOf(await buffer(addAbortSignal(signal, process.stdin)));
    if (text === undefined) throw new TypeError('stdin is not text.');
    return text;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(notice);
  }
}
