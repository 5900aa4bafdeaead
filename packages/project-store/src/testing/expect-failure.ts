import assert from 'node:assert/strict';
import { StoreError, type StoreErrorCode } from '../store-error.js';

/** Asserts that `work` fails with this code. @returns the error */
export async function expectFailure(code: StoreErrorCode, work: Promise<unknown>): Promise<StoreError> {
  const reason = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  return checkFailure(code, reason);
}

/** Asserts that `reason` is an error with this code and a hint. */
export function checkFailure(code: StoreErrorCode, reason: unknown): StoreError {
  assert.ok(StoreError.isInstance(reason), `must fail with ${code}, got ${String(reason)}`);
  assert.equal(reason.code, code, reason.message);
  assert.notEqual(reason.hint, '');
  return reason;
}
