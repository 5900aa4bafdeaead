import type { KeyRegister } from './key-register.js';

const writeEveryMs = 10_000;

/** Writes when keys were last used. As that is only a date, it is written now and then, and nobody waits for it. */
export class UseNotes {
  readonly #registers: readonly KeyRegister[];
  readonly #clock: () => number;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(registers: readonly KeyRegister[], clock: () => number) {
    this.#registers = registers;
    this.#clock = clock;
  }

  /** Schedules a write after a key was used. */
  write(): void {
    if (!this.#closed) this.#timer ??= setTimeout(() => void this.#write(), writeEveryMs).unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#write();
  }

  async #write(): Promise<void> {
    this.#timer = undefined;
    const at = this.#clock();
    for (const { known, store } of this.#registers) {
      const used = [...known.values()].filter(({ isUsed }) => isUsed);
      if (used.length === 0) continue;
      try {
        await store.touch(used.map(({ key }) => ({ id: key.id, at })));
      } catch {
        this.write();
        continue;
      }
      for (const entry of used) {
        entry.isUsed = false;
        entry.lastUsedAt = at;
      }
    }
  }
}
