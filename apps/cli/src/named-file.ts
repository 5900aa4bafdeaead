import { access, readFile } from 'node:fs/promises';

/** A file that was named on the command line and cannot be read. */
class NamedFileError extends Error {
  override readonly name = 'NamedFileError';
  readonly code: 'FILE_NOT_FOUND' | 'FILE_UNREADABLE';
  readonly hint: string;

  constructor(path: string, cause: unknown) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const isMissing = reason === 'ENOENT' || reason === 'ENOTDIR';
    super(isMissing ? `There is no file or folder ${path}.` : `${path} cannot be read (${reason}).`, {
      cause,
    });
    this.code = isMissing ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE';
    this.hint = isMissing
      ? 'Check the path.'
      : 'Check that you may read it, and that it is a file where one is asked for.';
  }
}

/** The text of a file that an option names. Fails with a sentence that names it, and exit code 3 when there is none. */
export async function readNamedFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new NamedFileError(path, error);
  }
}

/** Fails as `readNamedFile` does when there is neither a file nor a folder. */
export async function requirePath(path: string): Promise<void> {
  try {
    await access(path);
  } catch (error) {
    throw new NamedFileError(path, error);
  }
}
