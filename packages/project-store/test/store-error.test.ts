import { describe, expect, it } from 'vitest';
import { writeFailure } from '../src/fs/error-code.js';
import { StoreError } from '../src/index.js';

describe('StoreError', () => {
  it('is known by its brand, also across copies of the package', () => {
    const error = new StoreError('STORE_LOCKED', 'held', { hint: 'wait', retryable: true, retryAfterMs: 5 });
    expect(StoreError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ name: 'StoreError', retryable: true, retryAfterMs: 5, hint: 'wait' });
    const foreign = Object.assign(new Error('x'), {
      [Symbol.for('@ai-toolkit/project-store/StoreError')]: true,
    });
    expect(StoreError.isInstance(foreign)).toBe(true);
    expect(StoreError.isInstance(new Error('x'))).toBe(false);
    expect(StoreError.isInstance(undefined)).toBe(false);
  });
});

describe('writeFailure', () => {
  it.each(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EFBIG'])('explains %s', (code) => {
    const cause = Object.assign(new Error(code), { code });
    const error = writeFailure(cause, '/a/b');
    expect(error).toMatchObject({ code: 'STORE_UNWRITABLE', message: `Cannot write /a/b: ${code}.`, cause });
  });

  it('leaves other errors alone', () => {
    const error = new Error('other');
    expect(writeFailure(error, '/a')).toBe(error);
  });
});
