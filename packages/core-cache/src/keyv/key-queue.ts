/** Runs tasks for one key in the order of the calls, and tasks for different keys concurrently. */
export class KeyQueue {
  readonly #tails: Map<string, Promise<void>> = new Map();

  /** Starts at once if nothing is queued for the key. */
  add<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key);
    const work = before === undefined ? task() : before.then(task);
    const tail: Promise<void> = work.then(ignore, ignore).then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    this.#tails.set(key, tail);
    return work;
  }

  /** Resolves when all tasks added for the key so far have ended, successfully or not; undefined if there are none. */
  settled(key: string): Promise<void> | undefined {
    return this.#tails.get(key);
  }

  /** Resolves when all tasks added so far have ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#tails.values());
  }
}

function ignore(): void {}
