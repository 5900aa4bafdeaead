import { StoreError } from '../store-error.js';

/** The code of a failed system call (`ENOENT`, …), if `error` has one. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The same for the failure behind a `StoreError`. */
export function causeCode(error: unknown): string | undefined {
  return errorCode(StoreError.isInstance(error) ? error.cause : error);
}

export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

export const exhaustedHint =
  'This process has too many files open. Close some, or raise the limit (ulimit -n), then try again.';

/** Whether the failure is a shortage of file descriptors (EMFILE, ENFILE), which says nothing about the file. */
export function isExhausted(error: unknown): boolean {
  const code = causeCode(error);
  return code === 'EMFILE' || code === 'ENFILE';
}

const unwritable: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some space on this disk, then try again. Nothing was half-written.',
  EDQUOT: 'Your disk quota is used up. Free some space, then try again. Nothing was half-written.',
  EFBIG: 'A limit on file sizes stopped the write. Raise it, then try again. Nothing was half-written.',
  EROFS: 'This file system is read-only. Choose another projects folder, or make this one writable.',
  EACCES: 'Give yourself write permission for this folder, or choose another projects folder.',
  EPERM: 'Give yourself write permission for this folder, or choose another projects folder.',
  ENOTDIR: 'A part of this path is a file, not a folder. Choose another projects folder.',
  EISDIR: 'A folder stands where a file is needed. Move it away, then try again.',
  ENAMETOOLONG: 'This path is too long. Choose another projects folder.',
  ENOENT: 'A folder of this path is gone. List the projects to see where they are now.',
  EMFILE: exhaustedHint,
  ENFILE: exhaustedHint,
  EEXIST: 'A file stands where a folder is needed. Move it away, or choose another projects folder.',
};

const otherHint = 'The system refuses this; see its code. Nothing was half-written.';

/** The error to throw for a failed write to `path`: `STORE_UNWRITABLE` for a failed system call; others are returned unchanged. */
export function writeFailure(error: unknown, path: string): unknown {
  const code = errorCode(error) ?? '';
  // Codes of Node's own errors begin with `ERR_`.
  if (StoreError.isInstance(error) || !/^E[A-Z0-9]+$/u.test(code)) return error;
  return new StoreError('STORE_UNWRITABLE', `Cannot write ${path}: ${code}.`, {
    hint: unwritable[code] ?? otherHint,
    retryable: code === 'ENOSPC' || code === 'EDQUOT' || isExhausted(error),
    cause: error,
  });
}
