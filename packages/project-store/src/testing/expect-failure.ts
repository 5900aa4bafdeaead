import assert from 'node:assert/strict';
import { StoreError, type StoreErrorCode } from '../store-error.js';

/** The failure of something that must fail with this code. */
export async function expectFailure(code: StoreErrorCode, work: Promise<unknown>): Promise<StoreError> {
  const reason = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  return checkFailure(code, reason);
}

/** A failure must have this code, and say what to do. */
export function checkFailure(code: StoreErrorCode, reason: unknown): StoreError {
  assert.ok(StoreError.isInstance(reason), `must fail with ${code}, got ${String(reason)}`);
  assert.equal(reason.code, code, reason.message);
  assert.notEqual(reason.hint, '');
  return reason;
}
