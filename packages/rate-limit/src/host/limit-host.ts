import type { LimitStore } from '../shared/limit-store.js';
import { MemoryLimitStore } from '../shared/memory-limit-store.js';
import { endpointOf, type HostChannel } from './endpoint.js';
import { readStep, replyMessage } from './messages.js';

/** A channel to a process or thread that reports its end. */
export type HostWorker = HostChannel & {
  once(event: 'exit' | 'close', listener: () => void): unknown;
  off(event: 'exit' | 'close', listener: () => void): unknown;
};

/** Keeps the limits of all processes of one host, in the process that started them. */
export interface LimitHost extends AsyncDisposable {
  /** For use in the host process itself. */
  readonly store: LimitStore;
  /**
   * Serves a `ChildProcess` with an IPC channel, a `cluster.Worker`, a `Worker` of `node:worker_threads`, or one end of a `MessageChannel`,
   * until it ends or the returned function is called. Leases of a worker that has ended are freed at once.
   */
  attach(worker: HostWorker): () => void;
  /** Stops serving: each worker goes on alone. */
  close(): Promise<void>;
}

export function createLimitHost(): LimitHost {
  const store = new MemoryLimitStore();
  const attached = new Set<() => void>();

  const attach = (worker: HostWorker): (() => void) => {
    const endpoint = endpointOf(worker, 'worker');
    /** A process may have several limiters. */
    const processes = new Set<string>();
    const stopListening = endpoint.listen((message) => {
      const asked = readStep(message);
      if (asked === undefined) return;
      const { id, key, step } = asked;
      processes.add(step.process);
      const answer = async (): Promise<void> => {
        const reply = await store.step(key, step);
        // A worker that is gone by now needs no answer.
        endpoint.post(replyMessage({ id, reply }), () => undefined);
      };
      // A worker that sends garbage gets no answer and goes on alone.
      answer().catch(() => undefined);
    });
    const detach = (): void => {
      stopListening();
      worker.off('exit', ended);
      worker.off('close', ended);
      attached.delete(detach);
    };
    const ended = (): void => {
      detach();
      store.leave(processes);
    };
    worker.once('exit', ended);
    worker.once('close', ended);
    attached.add(detach);
    return detach;
  };

  const close = async (): Promise<void> => {
    for (const detach of attached) detach();
    await store.close();
  };
  return { store, attach, close, [Symbol.asyncDispose]: close };
}
