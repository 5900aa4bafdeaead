import { transactionBytes } from './transaction-bytes.js';
import { operationBytes, type WriteOperation } from './write-operation.js';

/** Bytes of tree pages that every operation changes, whatever it writes. */
const OPERATION_BYTES = 2 * 4096;
/** A batch of this many shares nearly all the cost of its transaction; a larger one would block the event loop. */
const ENOUGH_GATHERED = 64;
/** A disk that cannot keep up must not turn memory into its buffer without bound. */
const MAX_WAITING_BYTES = 256 * 2 ** 20;

interface Waiting {
  readonly operation: WriteOperation;
  readonly resolve: (result: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: while one transaction is in progress, the next batch gathers. Operations take effect in the order in which they came, and a
 * batch takes effect as a whole or not at all.
 */
export class WriteQueue {
  readonly #commit: (batch: readonly WriteOperation[]) => Promise<readonly boolean[]>;
  readonly #maxBatchBytes: number;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  /** When the next batch is due, in monotonic milliseconds: set by its most impatient operation. */
  #dueAt: number = Number.POSITIVE_INFINITY;
  /** Ends the wait for more operations. */
  #stopGathering: (() => void) | undefined;
  #isHurried = false;
  #draining: Promise<void> | undefined;

  /** `maxBytes`: size limit of the file. */
  constructor(maxBytes: number, commit: (batch: readonly WriteOperation[]) => Promise<readonly boolean[]>) {
    this.#maxBatchBytes = transactionBytes(maxBytes);
    this.#commit = commit;
  }

  /** Whether the operation would exceed the limit on waiting bytes. */
  isFullFor(operation: WriteOperation): boolean {
    return this.#waitingBytes > 0 && this.#waitingBytes + operationBytes(operation) > MAX_WAITING_BYTES;
  }

  /** `gatherMs`: longest time that the operation may wait for others to join its batch. Earlier operations may end the wait sooner. */
  add(operation: WriteOperation, gatherMs = 0): Promise<boolean> {
    this.#waitingBytes += operationBytes(operation);
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    this.#waiting.push({ operation, resolve, reject });
    const isUrgent = gatherMs === 0 || this.#waiting.length >= ENOUGH_GATHERED;
    this.#dueAt = Math.min(this.#dueAt, isUrgent ? 0 : performance.now() + gatherMs);
    if (isUrgent) this.#stopGathering?.();
    this.#draining ??= this.#drain();
    return promise;
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    this.#isHurried = true;
    this.#stopGathering?.();
    while (this.#draining !== undefined) await this.#draining;
    this.#isHurried = false;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#gather();
      const batch = this.#takeBatch();
      try {
        const results = await this.#commit(batch.map((waiting) => waiting.operation));
        for (const [index, waiting] of batch.entries()) waiting.resolve(results[index] ?? false);
      } catch (error) {
        for (const waiting of batch) waiting.reject(error);
      }
    }
    this.#draining = undefined;
  }

  async #gather(): Promise<void> {
    const leftMs = this.#dueAt - performance.now();
    if (leftMs > 0 && !this.#isHurried) {
      await new Promise<void>((resolve) => {
        // Not unref'd: accepted writes must reach the file before the process exits by itself.
        const timer = setTimeout(resolve, leftMs);
        this.#stopGathering = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#stopGathering = undefined;
    }
    // Everything added in this turn of the event loop joins the batch, and other work gets its turn between batches.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }

  #takeBatch(): Waiting[] {
    let count = 0;
    let bytes = 0;
    let waitingBytes = 0;
    for (const { operation } of this.#waiting) {
      const held = operationBytes(operation);
      bytes += OPERATION_BYTES + held;
      if (count > 0 && bytes > this.#maxBatchBytes) break;
      count += 1;
      waitingBytes += held;
    }
    this.#waitingBytes -= waitingBytes;
    const batch = this.#waiting.splice(0, count);
    this.#dueAt = this.#waiting.length === 0 ? Number.POSITIVE_INFINITY : 0;
    return batch;
  }
}
