import type { LedgerCall } from '@ai-toolkit/usage';
import {
  type FromParent,
  type FromWorker,
  marked,
  readMarked,
  type Topic,
  type WorkerInfo,
} from './messages.js';

/** Answers questions about this worker. */
export type Answerers = Readonly<Record<Topic, () => unknown>>;

interface FleetOptions {
  readonly answerers: Answerers;
  /** Reports calls as they end in this worker. */
  readonly subscribe: (listener: (call: LedgerCall) => void) => () => void;
}

/** Longer than the parent waits for the slowest worker, ms. */
const patienceMs = 2000;

export function send(message: FromWorker): void {
  // Without its parent, the worker is about to end; there is nobody to send to.
  if (process.connected) process.send?.(marked(message), () => undefined);
}

/** In a worker: reaches all workers through the parent. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #asked = new Map<number, (values: readonly unknown[]) => void>();
  readonly #listeners = new Set<(call: LedgerCall) => void>();
  #stopTelling: (() => void) | undefined;
  #questions = 0;

  constructor(options: FleetOptions) {
    this.#options = options;
    process.on('message', (received: unknown) => {
      const message = readMarked<FromParent>(received);
      if (message !== undefined) void this.#hear(message);
    });
  }

  /** The answers of all workers, including this one, without those that do not answer in time. */
  async ask(topic: Topic): Promise<readonly unknown[]> {
    const answers = await this.#ask(topic);
    return answers.length > 0 ? answers : [await this.#options.answerers[topic]()];
  }

  async workers(): Promise<readonly WorkerInfo[]> {
    return (await this.#ask('workers')) as readonly WorkerInfo[];
  }

  /** Reports calls as they end, in any worker. Returns a function that unsubscribes. */
  subscribe(listener: (call: LedgerCall) => void): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) send({ kind: 'listen', on: true });
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) send({ kind: 'listen', on: false });
    };
  }

  #ask(topic: Topic | 'workers'): Promise<readonly unknown[]> {
    const id = ++this.#questions;
    return new Promise((resolve) => {
      const timer = setTimeout(() => done([]), patienceMs);
      const done = (values: readonly unknown[]): void => {
        clearTimeout(timer);
        this.#asked.delete(id);
        resolve(values);
      };
      this.#asked.set(id, done);
      send({ kind: 'ask', id, topic });
    });
  }

  async #hear(message: FromParent): Promise<void> {
    if (message.kind === 'answers') this.#asked.get(message.id)?.(message.values);
    else if (message.kind === 'question') {
      const { id, topic } = message;
      try {
        send({ kind: 'answer', id, value: await this.#options.answerers[topic]() });
      } catch {
        // Without an answer, the parent leaves this worker out.
      }
    } else if (message.kind === 'tell') this.#tell(message.on);
    else if (message.kind === 'call') for (const listener of this.#listeners) listener(message.call);
  }

  #tell(on: boolean): void {
    if (on) this.#stopTelling ??= this.#options.subscribe((call) => send({ kind: 'call', call }));
    else {
      this.#stopTelling?.();
      this.#stopTelling = undefined;
    }
  }
}
