import { access, constants, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { textOf } from './text.js';

/** A file that was named on the command line and cannot be read, or not be written. */
export class NamedFileError extends Error {
  override readonly name = 'NamedFileError';
  readonly code: 'FILE_NOT_FOUND' | 'FILE_UNREADABLE' | 'FILE_UNWRITABLE';
  readonly hint: string;

  constructor(path: string, cause: unknown, use: 'read' | 'written' = 'read') {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const isMissing = reason === 'ENOENT' || reason === 'ENOTDIR';
    super(isMissing ? `There is no file or folder ${path}.` : `${path} cannot be ${use} (${reason}).`, {
      cause,
    });
    this.code = isMissing ? 'FILE_NOT_FOUND' : use === 'read' ? 'FILE_UNREADABLE' : 'FILE_UNWRITABLE';
    this.hint = isMissing
      ? 'Check the path.'
      : `Check that you may ${use === 'read' ? 'read' : 'write'} it, and that it is a file where one is asked for.`;
  }
}

/** The text of a file that an option names. Fails with a sentence that names it, and exit code 3 when there is none. */
export async function readNamedFile(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new NamedFileError(path, error);
  }
  const text = textOf(bytes);
  if (text === undefined) throw new TypeError(`${path} is not text.`);
  return text;
}

/** Fails as `readNamedFile` does when there is neither a file nor a folder. */
export async function requirePath(path: string): Promise<void> {
  try {
    await access(path);
  } catch (error) {
    throw new NamedFileError(path, error);
  }
}

/** Fails when a file can neither be written over nor be made: with `FILE_NOT_FOUND` where its folder is not there. */
export async function requireWritable(path: string): Promise<void> {
  const { W_OK } = constants;
  try {
    // A folder may be written, too, but not as a file.
    if ((await stat(path)).isDirectory())
      throw Object.assign(new Error('It is a folder.'), { code: 'EISDIR' });
    await access(path, W_OK);
  } catch (error) {
    if (!isMissingFile(error)) throw new NamedFileError(path, error, 'written');
    const folder = dirname(path);
    await access(folder, W_OK).catch((reason: unknown) => {
      throw new NamedFileError(folder, reason, 'written');
    });
  }
}

function isMissingFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
