import type { Call } from './call.js';

/**
 * The calls that have not ended, in the order in which they began: a list in which each call knows its neighbours.
 *
 * It is no `Set`, because a set moves to a new table now and then, and the table that it leaves behind still points to the new one and to
 * the calls of that moment. Once such a table has grown old, all those behind it are kept by every collection of young garbage, and each
 * call with its request and its answer lives until the next full collection.
 */
export class OpenCalls implements Iterable<Call> {
  /** The one that began first. */
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

  /** Only for a call that is in the list. */
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
