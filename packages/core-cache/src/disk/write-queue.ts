import { CacheError } from '../cache-error.js';
import { transactionBytes } from './transaction-bytes.js';
import { operationBytes, type WriteOperation } from './write-operation.js';

/** Pages that an operation changes in the trees, whatever it writes. */
const OPERATION_BYTES = 2 * 4096;
/** A disk that cannot keep up must not turn memory into its buffer without bound. */
const MAX_WAITING_BYTES = 256 * 2 ** 20;

interface Waiting {
  readonly operation: WriteOperation;
  readonly resolve: (result: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: while one transaction is on its way, the next batch gathers. Operations take effect in the order they came,
 * and a batch takes effect as a whole or not at all.
 */
export class WriteQueue {
  readonly #commit: (batch: readonly WriteOperation[]) => Promise<readonly boolean[]>;
  readonly #maxBatchBytes: number;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #draining: Promise<void> | undefined;

  /** `maxBytes`: bound on the file. */
  constructor(maxBytes: number, commit: (batch: readonly WriteOperation[]) => Promise<readonly boolean[]>) {
    this.#maxBatchBytes = transactionBytes(maxBytes);
    this.#commit = commit;
  }

  add(operation: WriteOperation): Promise<boolean> {
    const bytes = operationBytes(operation);
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > MAX_WAITING_BYTES) {
      return Promise.reject(
        new CacheError('CACHE_BACKLOG_FULL', 'More writes wait for the disk than may be held in memory', {
          hint: 'Await the promise of `set` now and then, or cache less.',
          retryable: true,
        }),
      );
    }
    this.#waitingBytes += bytes;
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    this.#waiting.push({ operation, resolve, reject });
    this.#draining ??= this.#drain();
    return promise;
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#draining !== undefined) await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Everything that is added in this turn of the event loop joins the batch, and between batches others get theirs.
      await new Promise<void>((resolve) => setImmediate(resolve));
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
    return this.#waiting.splice(0, count);
  }
}
