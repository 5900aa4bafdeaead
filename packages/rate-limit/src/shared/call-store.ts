import type { Clock } from '../clock.js';
import type { LimitStep, LimitStore, StepReply } from './limit-store.js';

const DEFAULT_TIMEOUT_MS = 300;
/** The first answer may take longer: code has to be loaded and a connection made. */
const FIRST_TIMEOUT_MS = 2000;

export interface StoreCall {
  readonly key: string;
  readonly step: LimitStep;
  /** Nobody waits for the answer, so waiting for it must not keep the process alive. */
  readonly isQuiet: boolean;
  readonly isFirst: boolean;
  /** Called if the answer comes after the call was given up. */
  readonly onLate: (reply: StepReply) => void;
}

/** Asks the store, waiting no longer than its timeout. Rejects if there is no answer by then. */
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
  // After a long turn of the event loop, timers run before the data that a socket has received: let that be read first.
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
