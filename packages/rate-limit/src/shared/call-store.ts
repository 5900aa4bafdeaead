import type { Clock } from '../clock.js';
import type { LimitStep, LimitStore, StepReply } from './limit-store.js';

const DEFAULT_TIMEOUT_MS = 300;
/** The first answer may take longer: code is loaded and a connection made. */
const FIRST_TIMEOUT_MS = 2000;

export interface StoreCall {
  readonly key: string;
  readonly step: LimitStep;
  /** Nobody awaits the answer: waiting for it does not keep the process alive. */
  readonly isQuiet: boolean;
  readonly isFirst: boolean;
  /** The answer came after it was given up. */
  readonly onLate: (reply: StepReply) => void;
}

/** Asks the store, but waits no longer than its timeout. Rejects when there is no answer. */
export function callStore(store: LimitStore, clock: Clock, call: StoreCall): Promise<StepReply> {
  const usualMs = store.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const timeoutMs = call.isFirst ? Math.max(usualMs, FIRST_TIMEOUT_MS) : usualMs;
  const { promise, resolve, reject } = Promise.withResolvers<StepReply>();
  let isOver = false;
  const expire = (): void => {
    if (isOver) return;
    isOver = true;
    reject(new Error(`The store did not answer within ${timeoutMs} ms.`));
  };
  // After a long turn of this process timers come before what a socket has received: look there first.
  const cancel = clock.schedule(() => setImmediate(expire), timeoutMs, call.isQuiet);
  const answer = async (): Promise<void> => {
    try {
      const reply = await store.step(call.key, call.step);
      if (isOver) call.onLate(reply);
      else resolve(reply);
    } catch (error) {
      reject(error);
    } finally {
      isOver = true;
      cancel();
    }
  };
  void answer();
  return promise;
}
