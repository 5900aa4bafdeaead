import type { Worker } from 'node:cluster';
import { type FromParent, type FromWorker, marked, type WorkerInfo } from './messages.js';

interface Question {
  readonly asker: Worker;
  readonly askersId: number;
  readonly waitedFor: Set<Worker>;
  readonly values: unknown[];
  readonly timer: NodeJS.Timeout;
}

/** A worker that does not answer within this time is left out, ms: it may be busy or about to die. */
const patienceMs = 1000;

export function tell(worker: Worker, message: FromParent): void {
  // The worker may have died meanwhile; errors are ignored.
  if (worker.isConnected()) worker.send(marked(message), () => undefined);
}

/** In the parent: relays questions, answers and ended calls between workers. */
export class Desk {
  readonly #workers: () => readonly Worker[];
  readonly #info: () => readonly WorkerInfo[];
  readonly #questions = new Map<number, Question>();
  readonly #listeners = new Set<Worker>();
  #asked = 0;

  /** `workers` returns those that are ready. */
  constructor(workers: () => readonly Worker[], info: () => readonly WorkerInfo[]) {
    this.#workers = workers;
    this.#info = info;
  }

  hear(from: Worker, message: FromWorker): void {
    if (message.kind === 'ask') this.#ask(from, message);
    else if (message.kind === 'answer') this.#answer(from, message.id, message.value);
    else if (message.kind === 'listen') this.#listen(from, message.on);
    else if (message.kind === 'call') {
      for (const listener of this.#listeners) tell(listener, { kind: 'call', call: message.call });
    }
  }

  /** To be called when a worker has become ready. */
  welcome(worker: Worker): void {
    if (this.#listeners.size > 0) tell(worker, { kind: 'tell', on: true });
  }

  /** To be called when a worker is gone. */
  forget(worker: Worker): void {
    this.#listen(worker, false);
    for (const [id, { waitedFor }] of this.#questions) {
      if (waitedFor.delete(worker) && waitedFor.size === 0) this.#close(id);
    }
  }

  #ask(asker: Worker, { id: askersId, topic }: Extract<FromWorker, { kind: 'ask' }>): void {
    if (topic === 'workers') {
      tell(asker, { kind: 'answers', id: askersId, values: [...this.#info()] });
      return;
    }
    const id = ++this.#asked;
    const workers = this.#workers();
    const timer = setTimeout(() => this.#close(id), patienceMs);
    this.#questions.set(id, { asker, askersId, waitedFor: new Set(workers), values: [], timer });
    for (const worker of workers) tell(worker, { kind: 'question', id, topic });
  }

  #answer(from: Worker, id: number, value: unknown): void {
    const question = this.#questions.get(id);
    if (question?.waitedFor.delete(from) !== true) return;
    question.values.push(value);
    if (question.waitedFor.size === 0) this.#close(id);
  }

  #close(id: number): void {
    const question = this.#questions.get(id);
    if (question === undefined) return;
    const { asker, askersId, values, timer } = question;
    clearTimeout(timer);
    this.#questions.delete(id);
    tell(asker, { kind: 'answers', id: askersId, values });
  }

  #listen(worker: Worker, on: boolean): void {
    const before = this.#listeners.size;
    if (on) this.#listeners.add(worker);
    else this.#listeners.delete(worker);
    const isHeard = this.#listeners.size > 0;
    if (before > 0 === isHeard) return;
    for (const other of this.#workers()) tell(other, { kind: 'tell', on: isHeard });
  }
}
