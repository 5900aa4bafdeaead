import type { LockOwner } from './lock/lock-owner.js';
import { StoreError } from './store-error.js';

/** The error for a lock that could not be acquired in time; names the holder. */
export function lockedError(what: string, found: { readonly holder?: LockOwner | undefined }): StoreError {
  return new StoreError('STORE_LOCKED', `${what} is being changed by ${describeHolder(found.holder)}.`, {
    hint: 'Wait for it to finish, then try again. The lock of a process that died is taken over by itself.',
    retryable: true,
  });
}

/** The holder of a lock, for people: `process 4711 on anna`. */
export function describeHolder(holder: LockOwner | undefined): string {
  return holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
}
