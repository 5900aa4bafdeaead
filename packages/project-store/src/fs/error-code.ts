import { StoreError } from '../store-error.js';

/** The code of a failed system call (`ENOENT`, …), if `error` has one. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

const unwritable: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some space on this disk, then try again. Nothing was half-written.',
  EDQUOT: 'Your disk quota is used up. Free some space, then try again. Nothing was half-written.',
  EFBIG: 'A limit on file sizes stopped the write. Raise it, then try again. Nothing was half-written.',
  EROFS: 'This file system is read-only. Choose another projects folder, or make this one writable.',
  EACCES: 'Give yourself write permission for this folder, or choose another projects folder.',
  EPERM: 'Give yourself write permission for this folder, or choose another projects folder.',
  ENOTDIR: 'A part of this path is a file, not a folder. Choose another projects folder.',
  EEXIST: 'A file stands where a folder is needed. Move it away, or choose another projects folder.',
};

/** The error to throw for a failed write to `path`: known causes become `STORE_UNWRITABLE`, others are returned unchanged. */
export function writeFailure(error: unknown, path: string): unknown {
  const hint = unwritable[errorCode(error) ?? ''];
  if (hint === undefined || StoreError.isInstance(error)) return error;
  const retryable = errorCode(error) === 'ENOSPC' || errorCode(error) === 'EDQUOT';
  return new StoreError('STORE_UNWRITABLE', `Cannot write ${path}: ${errorCode(error)}.`, {
    hint,
    retryable,
    cause: error,
  });
}
