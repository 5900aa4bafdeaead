import { constants, open } from 'node:fs/promises';
import { codeOf } from '../error-code.js';

export interface ReadOwnFileOptions {
  readonly maxBytes: number;
  /** A user's own files may be links; a project from elsewhere could use a link to send any file to a provider. */
  readonly mayBeLink: boolean;
  /** Creates the error to throw. */
  readonly refusal: (problem: string, cause?: unknown) => Error;
}

/** Reads a text file. Undefined if it does not exist; anything but a regular file of at most `maxBytes` is refused. */
export async function readOwnFile(
  path: string,
  { maxBytes, mayBeLink, refusal }: ReadOwnFileOptions,
): Promise<string | undefined> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    // Without O_NONBLOCK, opening a FIFO would block. Neither flag exists on Windows.
    const noFollow = mayBeLink ? 0 : (constants.O_NOFOLLOW ?? 0);
    handle = await open(path, constants.O_RDONLY | noFollow | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'ELOOP' || code === 'EMLINK') throw refusal('it is a symbolic link', error);
    throw refusal(`it cannot be read (${code ?? 'unknown error'})`, error);
  }
  try {
    const facts = await handle.stat();
    if (!facts.isFile()) throw refusal('it is not a file');
    if (facts.size > maxBytes) throw refusal(`it is larger than ${maxBytes} bytes`);
    // Some Windows editors write a byte order mark, which neither JSON nor a prompt needs.
    return (await handle.readFile('utf8')).replace(/^\uFEFF/u, '');
  } finally {
    await handle.close();
  }
}
