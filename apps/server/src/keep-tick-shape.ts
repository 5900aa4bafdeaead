import { executionAsyncResource } from 'node:async_hooks';
import { nextTick } from 'node:process';

let kept: object | undefined;

/**
 * Keeps alive one of the objects that Node creates for each `process.nextTick`, of which a request takes several. Their literals have
 * computed keys, which V8 defines quickly as long as it has seen a single shape (`DefineKeyedOwnPropertyInLiteral`). If a garbage
 * collection finds none of them alive, the shape is lost, later objects count as new shapes, and all are created the slow way until the
 * process ends, which slows cache hits noticeably (decision 52).
 */
export function keepTickShape(): void {
  if (kept !== undefined) return;
  nextTick(() => {
    kept = executionAsyncResource();
  });
}
