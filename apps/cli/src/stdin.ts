import { fstatSync } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { readText } from './text.js';

/** After this long, ms, the user has probably forgotten that stdin is open. */
const noticeAfterMs = 2000;

/**
 * Whether to read stdin as part of the prompt: always if the prompt is `-`, even from a terminal. With another prompt
 * or a file, only if stdin is a pipe or file, since programs often start others with an open socket as stdin, which
 * would never end.
 */
export function readsStdin(prompt: string | undefined, files: readonly string[]): boolean {
  if (prompt === '-') return true;
  if (process.stdin.isTTY === true) return false;
  if (prompt === undefined && files.length === 0) return true;
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isFile();
  } catch {
    // Stdin is closed.
    return false;
  }
}

/** Reads all of stdin as text. Fails with the reason of `signal`, and as `readText` does. */
export async function readStdin(signal: AbortSignal): Promise<string> {
  const notice = setTimeout(() => {
    process.stderr.write('Waiting for stdin to end; use --no-input to ignore it.\n');
  }, noticeAfterMs);
  try {
    return await readText(addAbortSignal(signal, process.stdin), 'stdin');
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(notice);
  }
}
