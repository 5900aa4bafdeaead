import { parentPort } from 'node:worker_threads';
import type { LimitStep, LimitStore, StepReply } from '../shared/limit-store.js';
import { type Endpoint, endpointOf, type HostChannel } from './endpoint.js';
import { readReply, stepMessage } from './messages.js';

export interface HostLimitStoreOptions {
  /**
   * Channel to the process that has the `LimitHost`. Default: the channel to the parent of this child process, cluster worker or worker
   * thread.
   */
  readonly channel?: HostChannel;
  /**
   * Longest time that the host may take to answer, ms; for the first answer at least 2000. Default 300. Beyond it, this process counts
   * alone.
   */
  readonly timeoutMs?: number;
}

/**
 * Keeps limits in the process that started this one, which calls `createLimitHost` and `attach`. Listens to the channel only while an
 * answer is due, so it never keeps the process alive.
 *
 * Throws a `TypeError` if there is no channel to a parent, a `RangeError` for a timeout outside 1 to 60000.
 */
export function hostLimitStore(options: HostLimitStoreOptions = {}): LimitStore {
  const { timeoutMs = 300, channel = parentPort ?? (process as HostChannel) } = options;
  if (!(timeoutMs >= 1 && timeoutMs <= 60_000)) {
    throw new RangeError(`timeoutMs must be from 1 to 60000, got ${timeoutMs}`);
  }
  return new HostLimitStore(endpointOf(channel, 'channel'), timeoutMs);
}

interface Pending {
  resolve(reply: StepReply): void;
  reject(error: Error): void;
  readonly timer: NodeJS.Timeout;
}

class HostLimitStore implements LimitStore {
  readonly timeoutMs: number;
  readonly #endpoint: Endpoint;
  readonly #pending = new Map<number, Pending>();
  #stopListening: (() => void) | undefined;
  #sent = 0;
  #isClosed = false;

  constructor(endpoint: Endpoint, timeoutMs: number) {
    this.#endpoint = endpoint;
    this.timeoutMs = timeoutMs;
  }

  step(key: string, step: LimitStep): Promise<StepReply> {
    if (this.#isClosed) return Promise.reject(new Error('The store is closed.'));
    const id = ++this.#sent;
    const { promise, resolve, reject } = Promise.withResolvers<StepReply>();
    // The caller waits no longer than `timeoutMs`, but a late answer is still useful for a while.
    const giveUp = (): void => this.#fail(id, new Error('The host did not answer.'));
    const timer = setTimeout(giveUp, 10 * this.timeoutMs);
    timer.unref();
    this.#pending.set(id, { resolve, reject, timer });
    this.#stopListening ??= this.#endpoint.listen((message) => this.#hear(message));
    this.#endpoint.post(stepMessage({ id, key, step }), (error) => this.#fail(id, error));
    return promise;
  }

  close(): Promise<void> {
    this.#isClosed = true;
    for (const id of [...this.#pending.keys()]) this.#fail(id, new Error('The store is closed.'));
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #hear(message: unknown): void {
    const answer = readReply(message);
    if (answer === undefined) return;
    const { id, reply } = answer;
    this.#pending.get(id)?.resolve(reply);
    this.#drop(id);
  }

  #fail(id: number, error: Error): void {
    this.#pending.get(id)?.reject(error);
    this.#drop(id);
  }

  #drop(id: number): void {
    clearTimeout(this.#pending.get(id)?.timer);
    this.#pending.delete(id);
    if (this.#pending.size > 0) return;
    this.#stopListening?.();
    this.#stopListening = undefined;
  }
}
