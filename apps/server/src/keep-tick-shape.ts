import { executionAsyncResource } from 'node:async_hooks';
import { nextTick } from 'node:process';

let kept: object | undefined;

/**
 * Keeps one of the objects that Node makes for each `process.nextTick`, of which a request takes several. Their keys are computed ones,
 * which V8 finds quickly as long as all it has seen are objects of one shape (`DefineKeyedOwnPropertyInLiteral`). Where a garbage
 * collection comes upon none of them, the shape is forgotten, each later one passes for a new shape, and all of them are made the slow
 * way until the process ends, which a cache hit feels (decision 52).
 */
export function keepTickShape(): void {
  if (kept !== undefined) return;
  nextTick(() => {
    kept = executionAsyncResource();
  });
}
