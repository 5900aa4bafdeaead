/** Runs what concerns one key in the order of the calls, and what concerns different keys side by side. */
export class KeyQueue {
  readonly #tails: Map<string, Promise<void>> = new Map();

  /** Begins at once when nothing is before it. */
  add<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key);
    const work = before === undefined ? task() : before.then(task);
    const tail: Promise<void> = work.then(ignore, ignore).then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    this.#tails.set(key, tail);
    return work;
  }

  /** When all that was added for the key so far has ended, well or not; undefined when nothing is under way. */
  settled(key: string): Promise<void> | undefined {
    return this.#tails.get(key);
  }

  /** When all that was added so far has ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#tails.values());
  }
}

function ignore(): void {}
