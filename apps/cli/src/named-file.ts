import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readText } from './text.js';

/** A file named on the command line cannot be read or written. */
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

/** Reads a file named on the command line. Fails with an error that names it, and exit code 3 if it does not exist. */
export async function readNamedFile(path: string): Promise<string> {
  try {
    return await readText(createReadStream(path), path);
  } catch (error) {
    throw error instanceof TypeError ? error : new NamedFileError(path, error);
  }
}

/** Fails like `readNamedFile` if there is neither a file nor a folder. */
export async function requirePath(path: string): Promise<void> {
  try {
    await access(path);
  } catch (error) {
    throw new NamedFileError(path, error);
  }
}

/** Fails unless a file can be overwritten or created; with `FILE_NOT_FOUND` if its folder does not exist. */
export async function requireWritable(path: string): Promise<void> {
  const { W_OK } = constants;
  try {
    // A folder may be writable, but is not a file.
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
