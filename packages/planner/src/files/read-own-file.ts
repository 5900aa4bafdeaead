import { constants, open } from 'node:fs/promises';
import { codeOf } from '../error-code.js';

export interface ReadOwnFileOptions {
  readonly maxBytes: number;
  /** A user's own files may be links; a project from elsewhere must not have a link sent to a provider. */
  readonly mayBeLink: boolean;
  /** Makes the error that is thrown. */
  readonly refusal: (problem: string, cause?: unknown) => Error;
}

/** The text of a file, or undefined when there is none. What is no plain file of reasonable size is refused. */
export async function readOwnFile(
  path: string,
  { maxBytes, mayBeLink, refusal }: ReadOwnFileOptions,
): Promise<string | undefined> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    // Without O_NONBLOCK a named pipe would be waited for. Neither flag exists on Windows.
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
    // Some editors of Windows begin a file with a mark that neither JSON nor a prompt has a use for.
    return (await handle.readFile('utf8')).replace(/^\uFEFF/u, '');
  } finally {
    await handle.close();
  }
}
