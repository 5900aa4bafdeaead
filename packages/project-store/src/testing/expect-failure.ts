import assert from 'node:assert/strict';
import { StoreError, type StoreErrorCode } from '../store-error.js';

/** The failure of something that must fail with this code, and must say what to do. */
export async function expectFailure(code: StoreErrorCode, work: Promise<unknown>): Promise<StoreError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(StoreError.isInstance(error), `must fail with ${code}, got ${String(error)}`);
  assert.equal(error.code, code, error.message);
  assert.notEqual(error.hint, '');
  return error;
}
