import type { Call } from './call.js';

/**
 * The calls in progress, in the order in which they began, as an intrusive linked list. Not a `Set`: V8 rehashes a set into a new table now
 * and then, and the old table still points to the new one and to the calls of that moment. Once such a table is in the old generation,
 * every minor collection keeps everything reachable from it, so that each call lives, with its request and answer, until the next full
 * collection.
 */
export class OpenCalls implements Iterable<Call> {
  /** The call that began first. */
  oldest: Call | undefined;
  private youngest: Call | undefined;
  size = 0;

  add(call: Call): void {
    call.before = this.youngest;
    if (this.youngest === undefined) this.oldest = call;
    else this.youngest.behind = call;
    this.youngest = call;
    this.size += 1;
  }

  /** The call must be in the list. */
  delete(call: Call): void {
    const { before, behind } = call;
    if (before === undefined) this.oldest = behind;
    else before.behind = behind;
    if (behind === undefined) this.youngest = before;
    else behind.before = before;
    call.before = undefined;
    call.behind = undefined;
    this.size -= 1;
  }

  *[Symbol.iterator](): Generator<Call> {
    for (let call = this.oldest; call !== undefined; call = call.behind) yield call;
  }
}
